"""Write a paper as a BibTeX entry."""

import re

from catalog.domain.formatting import MONTHS
from catalog.domain.identifiers import address
from catalog.domain.records import Identifier
from catalog.reads.paper import Paper

SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "%": r"\%",
        "&": r"\&",
        "#": r"\#",
        "_": r"\_",
        "$": r"\$",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def bibtex(paper: Paper) -> str:
    r"""Write a paper as a BibTeX entry, with all that the catalog knows.

    >>> from datetime import date
    >>> print(bibtex(Paper(id=1, key="2503.00001", label="50% of A_B", arxiv_id="2503.00001",
    ...     published_on=date(2025, 3, 1), authors=["Ann Lee"])))
    @misc{arxiv-2503.00001,
      title         = {50\% of A\_B},
      author        = {Ann Lee},
      year          = {2025},
      month         = mar,
      eprint        = {2503.00001},
      archiveprefix = {arXiv},
      url           = {https://arxiv.org/abs/2503.00001},
    }
    <BLANKLINE>
    """
    day = paper.published_on or paper.first_seen_on
    fields = [("title", _braced(paper.label))]
    if paper.authors:
        fields.append(("author", _braced(" and ".join(paper.authors))))
    if day:
        fields += [("year", _braced(str(day.year))), ("month", MONTHS[day.month - 1].lower())]
    if paper.arxiv_id:
        fields += [
            ("eprint", "{" + paper.arxiv_id + "}"),
            ("archiveprefix", "{arXiv}"),
            ("url", f"{{{address(Identifier(scheme='arxiv', value=paper.arxiv_id))}}}"),
        ]
    elif paper.key.startswith("10."):
        fields.append(("doi", "{" + paper.key + "}"))
    if paper.withdrawn:
        fields.append(
            ("note", _braced(f"Withdrawn: {paper.withdrawn_reason or 'no reason given'}"))
        )
    lines = "".join(f"  {name:<13} = {value},\n" for name, value in fields)
    return f"@misc{{{_name(paper)},\n{lines}}}\n"


def _braced(value: str) -> str:
    return "{" + value.translate(SPECIAL) + "}"


def _name(paper: Paper) -> str:
    key = re.sub(r"[^A-Za-z0-9.-]+", "-", paper.key)
    return f"arxiv-{key}" if paper.arxiv_id else f"paper-{key}"
