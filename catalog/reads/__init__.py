"""Every question asked of the catalog, once: each door shows what is answered here."""
