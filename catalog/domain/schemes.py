"""Schemes of identifiers: their patterns and normal forms.

A reader takes the identifier, and all that is printed with it for the message that it is none.
"""

import re
from typing import Literal, TypeAlias
from urllib.parse import unquote

from msgspec import Struct

from catalog.domain.addresses import SHOWN
from catalog.domain.late_patterns import late_pattern
from catalog.domain.records import Identifier

Scheme: TypeAlias = Literal["arxiv", "doi", "openalex", "openreview", "pwc", "key"]
"""A public scheme, or `key`: what the catalog calls a paper without arXiv identifier and DOI."""

PUBLIC: tuple[Scheme, ...] = ("arxiv", "doi", "openalex", "openreview", "pwc")
"""Public schemes; the one that counts most first, where a paper has names in several."""
ANCHORS = (*PUBLIC, "title", "abstract")
"""What a paper is held by, the best first: where it has no identifier, its title or abstract."""

EXAMPLES: dict[Scheme, str] = {
    "arxiv": "1706.03762",
    "doi": "10.7717/peerj.4375",
    "openalex": "W2741809807",
    "openreview": "rJXMpikCZ",
    "pwc": "attention-is-all-you-need",
    "key": "t-5563e10cdb03",
}

FIRST_OLD_NUMBERS = 9107
"""July 1991, as year and month: when arXiv's old identifiers begin."""
FIRST_NEW_NUMBERS = 704
"""April 2007, as year and month: old identifiers end before it, new ones begin."""
FIRST_LONG_NUMBERS = 1501
"""Year and month from which arXiv's numbers have five digits, four before
(https://info.arxiv.org/help/arxiv_identifier.html)."""
ARXIV_DOI = "10.48550/arxiv."
"""Beginning of the DOIs that arXiv gives, one for each of its papers."""

_BEHIND = (
    r"(?:v(?P<version>\d{1,9}))?(?:\.pdf|\.ps(?:\.gz)?)?(?:[/?#]\S*)?"
    r"(?:\s*\[[a-z-]+(?:\.[a-z-]+)?\](?:\s+\d{1,2} [a-z]{3} \d{4})?)?"
)
"""Behind arXiv's number: version, extension, page of an address; class and day of a stamp."""
_NEW_ARXIV = late_pattern(
    rf"(?P<id>(?P<yy>\d\d)(?P<mm>\d\d)\.(?P<number>\d{{4,5}})){_BEHIND}", re.ASCII | re.IGNORECASE
)
_OLD_ARXIV = late_pattern(
    r"(?P<archive>[a-z]+(?:-[a-z]+)*)(?:\.[a-z]{2})?/(?P<number>(?P<yy>\d\d)(?P<mm>\d\d)\d{3})"
    + _BEHIND,
    re.ASCII | re.IGNORECASE,
)
_DOI = late_pattern(r"10\.\d{4,9}/[^\s\x00-\x1f\x7f\ud800-\udfff]+", re.ASCII)
_OPENALEX = late_pattern(r"W\d{1,18}", re.ASCII | re.IGNORECASE)
_OPENREVIEW = late_pattern(r"[\w-]+", re.ASCII)
_PWC = late_pattern(r"[\w.~%-]*[\w~%-]", re.ASCII)
_KEY = late_pattern(r"[tar]-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class PrintedIdentifier(Struct, frozen=True, kw_only=True):
    """A paper's identifier as a text prints it."""

    scheme: Scheme
    value: str
    """Without version and prefix; DOIs in lower case, as they do not tell case apart."""
    version: int | None = None
    """The version that is printed beside it, 1 for the first."""

    @property
    def identifier(self) -> Identifier | None:
        """The identifier in a public scheme; None for a key of the catalog's own."""
        if self.scheme == "key":
            return None
        return Identifier(scheme=self.scheme, value=self.value)


def read_bare(text: str) -> PrintedIdentifier | None:
    """Read an identifier without prefix, whose form shows its scheme.

    >>> read_bare("w2741809807")
    PrintedIdentifier(scheme='openalex', value='W2741809807', version=None)

    Raises:
        ValueError: an arXiv number of a month, or of a length, that there is not.

    """
    if match := _NEW_ARXIV.fullmatch(text):
        return _new_arxiv(match, text)
    if _OLD_ARXIV.fullmatch(text):
        return read_arxiv(text, text)
    if _DOI.fullmatch(text):
        return read_doi(text, text)
    if _OPENALEX.fullmatch(text):
        return read_openalex(text, text)
    if _KEY.fullmatch(text):
        return PrintedIdentifier(scheme="key", value=text.lower())
    return None


def read_arxiv(text: str, printed: str) -> PrintedIdentifier:
    """Read an arXiv identifier of either form, with a version or file ending after it.

    Raises:
        ValueError: it is none.

    """
    bare = unquote(text)
    bare = bare[6:] if bare[:6].lower() == "arxiv:" else bare
    if match := _NEW_ARXIV.fullmatch(bare):
        return _new_arxiv(match, printed)
    if match := _OLD_ARXIV.fullmatch(bare):
        value = f"{match['archive'].lower()}/{match['number']}"
        in_era = not FIRST_NEW_NUMBERS <= _month(match) < FIRST_OLD_NUMBERS
        return _of_arxiv(value, match, printed, in_era=in_era)
    raise no_arxiv_id(printed)


def _new_arxiv(match: re.Match[str], printed: str) -> PrintedIdentifier:
    _check_digits(match, printed)
    in_era = _month(match) >= FIRST_NEW_NUMBERS
    return _of_arxiv(match["id"], match, printed, in_era=in_era)


def _of_arxiv(value: str, match: re.Match[str], printed: str, *, in_era: bool) -> PrintedIdentifier:
    if not in_era or not 1 <= int(match["mm"]) <= 12:
        raise no_arxiv_id(printed)
    version = int(match["version"] or 0) or None
    return PrintedIdentifier(scheme="arxiv", value=value, version=version)


def read_corr(text: str, printed: str) -> PrintedIdentifier:
    """Read an arXiv number as DBLP's addresses write it: 1706-03762.

    Raises:
        ValueError: it is none.

    """
    return read_arxiv(text.replace("-", "."), printed)


def read_doi(text: str, printed: str) -> PrintedIdentifier:
    """Read a DOI; one that belongs to arXiv becomes arXiv's identifier.

    Raises:
        ValueError: it is none.

    """
    bare = unquote(text)
    if not _DOI.fullmatch(bare):
        raise no_doi(printed)
    value = bare.lower()
    if value.startswith(ARXIV_DOI):
        return read_arxiv(value[len(ARXIV_DOI) :], printed)
    return PrintedIdentifier(scheme="doi", value=value)


def read_openalex(text: str, printed: str) -> PrintedIdentifier:
    """Read the number of a work in OpenAlex.

    Raises:
        ValueError: it is none.

    """
    return _matched("openalex", _OPENALEX, text.upper(), printed)


def read_openreview(text: str, printed: str) -> PrintedIdentifier:
    """Read the name of a forum on OpenReview; case counts.

    Raises:
        ValueError: it is none.

    """
    return _matched("openreview", _OPENREVIEW, text, printed)


def read_pwc(text: str, printed: str) -> PrintedIdentifier:
    """Read the name of a paper's page at Papers with Code.

    Raises:
        ValueError: it is none.

    """
    return _matched("pwc", _PWC, text.lower(), printed)


def no_arxiv_id(text: str) -> ValueError:
    """Make the error that a text contains no arXiv identifier."""
    return ValueError(
        f"no arXiv identifier in {text[:SHOWN]!r}: expected e.g. 1706.03762 or cs/0112017"
    )


def no_doi(text: str) -> ValueError:
    """Make the error that a text contains no DOI."""
    return ValueError(f"no DOI in {text[:SHOWN]!r}: expected e.g. 10.7717/peerj.4375")


def _matched(
    scheme: Scheme, pattern: re.Pattern[str], text: str, printed: str
) -> PrintedIdentifier:
    if not pattern.fullmatch(text):
        msg = f"no identifier of {scheme} in {printed[:SHOWN]!r}: expected e.g. {EXAMPLES[scheme]}"
        raise ValueError(msg)
    return PrintedIdentifier(scheme=scheme, value=text)


def _month(match: re.Match[str]) -> int:
    """Return the year and month of an arXiv number, as it writes them: 1706."""
    return int(match["yy"] + match["mm"])


def _check_digits(match: re.Match[str], printed: str) -> None:
    digits = 5 if _month(match) >= FIRST_LONG_NUMBERS else 4
    if len(match["number"]) != digits:
        msg = (
            f"{printed[:SHOWN]!r} is not an arXiv identifier: "
            f"numbers of {match['yy']}{match['mm']} have {digits} digits"
        )
        if len(match["number"]) < digits:
            msg += "; a program may have turned it into a decimal number"
        raise ValueError(msg)
