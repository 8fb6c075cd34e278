"""Lines that soundness rests on, each changed once: some test must fail."""
