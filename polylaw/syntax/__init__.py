"""Text: one tokenizer, and one grammar of sums and products, of which every notation is a small class."""
