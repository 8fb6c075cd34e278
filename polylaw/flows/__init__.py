"""What moves: gradient flows, momentum flows, polynomial ODEs; each yields a `Distribution`."""
