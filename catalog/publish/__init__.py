"""Writers of everything that leaves the catalog: feeds, digests, mail, BibTeX."""
