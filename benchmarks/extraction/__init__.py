"""Training and evaluation of the extractor."""
