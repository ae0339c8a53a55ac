"""Writers: what the catalog holds, as Atom, Markdown and BibTeX."""
