"""Remarks of authors on arXiv: that a paper was withdrawn, and where it was published."""

import re
from collections.abc import Iterable
from operator import attrgetter

from msgspec import Struct

from catalog.domain.late_patterns import late_pattern
from catalog.domain.withdrawals import said_withdrawn
from etl.formats.toolkit.decoding import folded

_NUMBER = late_pattern(r"v?(\d{1,4})")
WITHDRAWN_TYPE = "I"
"""In the type of a version's source: there is none ("ignore"), as after a withdrawal."""


class Version(Struct, frozen=True):
    """One version of a paper, as a source prints it."""

    number: int
    day: str | None
    source_type: str | None = None


def versions_of(printed: Iterable[tuple[str | None, str | None, str | None]]) -> list[Version]:
    """Order versions by their numbers, whatever the order in which they are printed.

    >>> [one.number for one in versions_of([("v2", "b", None), ("v1", "a", None)])]
    [1, 2]
    """
    found = []
    for position, (label, day, source_type) in enumerate(printed, start=1):
        number = _NUMBER.fullmatch((label or "").strip())
        found.append(Version(int(number[1]) if number else position, day, source_type))
    return sorted(found, key=attrgetter("number")) if len(found) > 1 else found


_NAMES = (
    "NeurIPS|NIPS|ICLR|ICML|CVPR|ECCV|ICCV|WACV|BMVC|ACCV|3DV|MICCAI|MIDL|ISBI|ACL|EMNLP|NAACL|EACL|AACL|"
    "COLING|CoNLL|LREC(?:-COLING)?|TACL|INTERSPEECH|Interspeech|ICASSP|SLT|ASRU|AAAI|IJCAI|AISTATS|"
    "UAI|COLT|ALT|KDD|WWW|WSDM|CIKM|SIGIR|RecSys|ECIR|VLDB|SIGMOD|ICDE|ICDM|CHI|UIST|ICRA|IROS|CoRL|RSS|"
    "SIGGRAPH(?: Asia)?|ACM MM|ACM Multimedia|USENIX Security|NDSS|CCS|SOSP|OSDI|ASPLOS|ISCA|HPCA|"
    "MLSys|FAccT|AIES|TMLR|JMLR|TPAMI|PAMI|IJCV|ISMIR|ECAI|GECCO|LoG|COLM|ECML(?:[- ]PKDD)?|PAKDD"
)
_YEAR = r"(?:'|’|\s|-)*((?:19|20)?\d\d)"
_KNOWN = late_pattern(
    rf"(?<![\w-])(?P<findings>Findings of (?:the )?)?(?P<name>{_NAMES})(?:{_YEAR})?(?![\w-])"
    r"(?P<workshop>(?:\W{1,3}\w+){0,6}\W{1,3}(?i:workshops?))?",
)
_PHRASE = late_pattern(
    r"(?:accepted(?: for publication| for presentation| as an? [\w ]{1,30}?)?|to appear|published|"
    r"presented|appear(?:s|ed)|forthcoming|in press)\s+(?:to|at|in|by)\s+(?:the\s+)?"
    r"(?:proceedings of\s+(?:the\s+)?)?(?P<venue>[A-Z][^.;()\[\]]{2,120}?)"
    r"(?=\s*[.;()\[\]]|\s+(?:as|with)\s|,\s*\d+\s+pages|$)",
    re.IGNORECASE,
)


def withdrawn_by(comment: str | None, source_type: str | None = None) -> str | None:
    """Say why a paper counts as withdrawn, in the words of its remark; None where it does not.

    >>> withdrawn_by("This paper has been withdrawn by the author due to an error in Table 2")
    'This paper has been withdrawn by the author due to an error in Table 2'
    >>> withdrawn_by("12 pages; a drug was withdrawn in 2004"), withdrawn_by("", "I")
    (None, 'withdrawn: its last version has no source')
    """
    if not comment and not source_type:
        return None
    remark = folded(comment or "")
    if said_withdrawn(remark):
        return remark
    if WITHDRAWN_TYPE in (source_type or ""):
        return remark if "withdr" in remark.lower() else "withdrawn: its last version has no source"
    return None


def venue_of(comment: str | None) -> str | None:
    """Read where a paper was accepted or published from its remark.

    >>> venue_of("12 pages, accepted at NeurIPS 2025 (spotlight)"), venue_of("CVPR'24 camera-ready")
    ('NeurIPS 2025', 'CVPR 2024')
    >>> venue_of("To appear in the Journal of Quills and Inkwells, 12 pages"), venue_of("8 figures")
    ('Journal of Quills and Inkwells', None)
    """
    remark = folded(comment or "")
    if not remark:
        return None
    if re.search(r"\b(?:submitted|under review|rejected)\b", remark, re.IGNORECASE):
        remark = _accepted_part(remark)
    if match := _KNOWN.search(remark):
        year = match[3]
        if year and len(year) == 2:
            year = f"20{year}"
        workshop = " Workshop" if match["workshop"] else ""
        findings = "Findings of " if match["findings"] else ""
        return " ".join(filter(None, (findings + match["name"] + workshop, year)))
    match = _PHRASE.search(remark)
    return match["venue"].strip(" ,") if match else None


def _accepted_part(remark: str) -> str:
    """Return the sentences of a remark that tell of more than a submission."""
    parts = re.split(r"[.;]\s", remark)
    told = re.compile(r"\b(?:submitted|under review|rejected)\b", re.IGNORECASE)
    return ". ".join(part for part in parts if not told.search(part))
