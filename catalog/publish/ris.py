"""Write a paper as a RIS record, as Zotero, EndNote and Mendeley read it."""

from typing import Any

from catalog.publish.citation import Citation, citation
from catalog.reads.paper import Paper

_TYPES = {"preprint": "UNPB", "conference": "CPAPER", "journal": "JOUR"}


def ris(paper: Paper) -> str:
    """Write a paper as a RIS record, with all that the catalog knows.

    >>> from datetime import date
    >>> print(ris(Paper(id=1, key="2503.00001", label="50% of GPT-4", arxiv_id="2503.00001",
    ...     published_on=date(2025, 3, 1), authors=["Ann Lee Jr."])).replace("- \\n", "-\\n"))
    TY  - UNPB
    ID  - arxiv-2503.00001
    TI  - 50% of GPT-4
    AU  - Lee, Ann, Jr.
    PY  - 2025
    DA  - 2025/03/01
    PB  - arXiv
    AN  - arXiv:2503.00001
    ER  -
    <BLANKLINE>
    """
    import rispy

    class Writer(rispy.RisWriter):  # type: ignore[misc]
        """Leaves out the number that the library writes before each record."""

        def set_header(self, count: int) -> str:
            return ""

    written: str = rispy.dumps([_entry(citation(paper))], implementation=Writer)
    return written


def _entry(cited: Citation) -> dict[str, Any]:
    is_preprint = cited.kind == "preprint" and cited.arxiv_id
    fields = {
        "type_of_reference": _TYPES[cited.kind],
        "id": cited.key,
        "title": cited.title,
        "authors": [name.inverted for name in cited.authors],
        "secondary_title": cited.venue,
        "year": str(cited.year or ""),
        "date": f"{cited.day:%Y/%m/%d}" if cited.day else "",
        "publisher": "arXiv" if is_preprint else "",
        "accession_number": f"arXiv:{cited.arxiv_id}" if cited.arxiv_id else "",
        "doi": cited.doi,
        "urls": [cited.url] if cited.url else [],
        "file_attachments1": cited.pdf,
        "keywords": cited.keywords,
        "abstract": cited.abstract,
        "notes": [cited.note] if cited.note else [],
    }
    return {name: _folded(value) for name, value in fields.items() if value}


def _folded(value: str | list[str]) -> str | list[str]:
    """Put text on one line, for a record ends its fields by lines."""
    if isinstance(value, list):
        return [" ".join(one.split()) for one in value]
    return " ".join(value.split())
