"""Training of the encoder behind the reader `deep`."""
