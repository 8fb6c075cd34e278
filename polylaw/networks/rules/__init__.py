"""What operations do to generators: a file for each kind, each rule a lemma with its proof."""
