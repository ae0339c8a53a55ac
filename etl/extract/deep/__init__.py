"""The reader `deep`: a small encoder beside the learned weights, for metrics and datasets."""
