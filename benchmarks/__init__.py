"""Benchmarks and the training of the extractor; none of it is installed."""
