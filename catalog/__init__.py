"""A catalog of machine-learning papers: its schema, questions, site and commands."""
