"""Write a paper as a BibTeX entry, as biber, BibTeX and Zotero read it."""

from catalog.domain.formatting import MONTHS
from catalog.domain.person_names import PersonName
from catalog.domain.unicode_to_tex import abstract_tex, tex, title_tex
from catalog.publish.citation import Citation, citation
from catalog.reads.paper import Paper

_TYPES = {"preprint": "misc", "conference": "inproceedings", "journal": "article"}
_VENUES = {"conference": "booktitle", "journal": "journal"}


def bibtex(paper: Paper) -> str:
    r"""Write a paper as a BibTeX entry, with all that the catalog knows.

    Capitals that mean something stand in braces, and so do teams. Text is in UTF-8.

    >>> from datetime import date
    >>> print(bibtex(Paper(id=1, key="2503.00001", label="50% of GPT-4", arxiv_id="2503.00001",
    ...     published_on=date(2025, 3, 1), authors=["Ann de Lee Jr.", "The ABC Team"])))
    @misc{arxiv-2503.00001,
      title         = {50\% of {GPT}-4},
      author        = {de Lee, Jr., Ann and {The ABC Team}},
      year          = {2025},
      month         = mar,
      eprint        = {2503.00001},
      archiveprefix = {arXiv},
    }
    <BLANKLINE>
    """
    cited = citation(paper)
    lines = "".join(f"  {name:<13} = {value},\n" for name, value in _fields(cited) if value)
    return f"@{_TYPES[cited.kind]}{{{cited.key},\n{lines}}}\n"


def _fields(cited: Citation) -> list[tuple[str, str]]:
    names = " and ".join(map(_author, cited.authors))
    return [
        ("title", _braced(title_tex(cited.title))),
        ("author", _braced(names)),
        (_VENUES.get(cited.kind, "booktitle"), _braced(tex(cited.venue or ""))),
        ("year", _braced(str(cited.year or ""))),
        ("month", MONTHS[cited.day.month - 1].lower() if cited.day else ""),
        ("eprint", _braced(cited.arxiv_id or "")),
        ("archiveprefix", "{arXiv}" if cited.arxiv_id else ""),
        ("primaryclass", _braced(cited.arxiv_class or "")),
        ("doi", _braced(_verbatim(cited.doi or ""))),
        ("url", _braced(_verbatim(cited.url or ""))),
        ("keywords", _braced(tex(", ".join(cited.keywords)))),
        ("abstract", _braced(abstract_tex(cited.abstract or ""))),
        ("note", _braced(tex(cited.note or ""))),
    ]


def _braced(value: str) -> str:
    return f"{{{value}}}" if value else ""


def _verbatim(value: str) -> str:
    """Write an address or a DOI, which biber takes as it is, but for braces."""
    return value.replace("{", "%7B").replace("}", "%7D")


def _author(name: PersonName) -> str:
    """Write a name as "von Family, Jr., Given"; a team as one word."""
    if name.is_team or not name.given:
        return f"{{{tex(name.inverted)}}}"
    family = " ".join(filter(None, (name.particle, _whole(name.family))))
    return ", ".join(filter(None, (tex(family), tex(name.suffix), tex(name.given))))


def _whole(family: str) -> str:
    """Keep a comma in a family name from parting it."""
    return family.replace(",", "")
