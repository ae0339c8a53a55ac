"""Names as sources print them: authors, arXiv classes, identifiers inside addresses."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from catalog.domain.identifiers import from_doi, of_address
from catalog.domain.records import Identifier
from etl.formats.toolkit.decoding import folded

_CLASS = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[a-z]+)*)?", re.ASCII)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV", re.ASCII)
_BETWEEN_AUTHORS = re.compile(r"[,;]|:\s|\s(?:and|&)\s")

_ACCENTS = dict(zip("`'^~=u.\"rHvdckb", map(chr, (
    0x300, 0x301, 0x302, 0x303, 0x304, 0x306, 0x307, 0x308, 0x30A, 0x30B, 0x30C, 0x323, 0x327,
    0x328, 0x331,
)), strict=True))  # fmt: skip
_LETTERS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ",
}  # fmt: skip
_ACCENTED = re.compile(
    r"\\(?:([`'^~=.\"])\s*|([urHvdckb])(?=[\s{\\])\s*)(?:\{\s*\\?([A-Za-z])\s*\}|\\?([A-Za-z]))"
)
_LETTER = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|[oOlLij])(?![A-Za-z])\s?")


def without_tex(text: str) -> str:
    r"""A printed name with TeX's accents as letters.

    >>> without_tex(r"Tonatiuh Matos and Alberto Hern\'andez, {\L}ukasz \v{S}t\'{\i}pek")
    'Tonatiuh Matos and Alberto Hernández, Łukasz Štípek'
    """
    if "\\" not in text and "{" not in text:
        return text
    text = _ACCENTED.sub(_accented, text)
    text = _LETTER.sub(lambda match: _LETTERS[match[1]], text)
    return text.replace("{", "").replace("}", "").replace("~", " ")


def _accented(match: re.Match[str]) -> str:
    letter = match[3] or match[4]
    return unicodedata.normalize("NFC", letter + _ACCENTS[match[1] or match[2]])


def split_authors(text: str) -> tuple[str, ...]:
    """The names in one string, as arXiv's e-mails, OAI-PMH and RSS print them.

    >>> split_authors("J. Zhu (1), M. E. Putman (1 and 2) and W. Rodrigues, Jr. ((1) A, (2) B)")
    ('J. Zhu', 'M. E. Putman', 'W. Rodrigues Jr.')
    """
    names: list[str] = []
    for part in _BETWEEN_AUTHORS.split(without_tex(folded(_without_brackets(text)))):
        name = part.strip()
        if names and _SUFFIX.fullmatch(name):
            names[-1] += f" {name}"
        elif name[:1].isalpha() or any(character.isalpha() for character in name):
            names.append(name.removeprefix("and ").strip())
    return tuple(names)


def _without_brackets(text: str) -> str:
    """The text outside round brackets: inside stand affiliations."""
    if "(" not in text and ")" not in text:
        return text
    kept, depth = [], 0
    for part in re.split(r"([()])", text):
        if part == "(":
            depth += 1
        elif part == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(part)
    return " ".join(kept)


def arxiv_classes(names: Iterable[str], primary: str | None = None) -> tuple[str, ...]:
    """The classes of arXiv among subject classes, the primary one first, each once.

    MSC and ACM classes stand among them in some answers and are left out.

    >>> arxiv_classes(["68T50", "cs.CL", "I.2.7", "cs.LG"], primary="cs.LG")
    ('cs.LG', 'cs.CL')
    """
    held = [primary, *names] if primary else names
    return tuple(dict.fromkeys(name for name in held if _CLASS.fullmatch(name)))


def from_dois(text: str) -> Iterator[Identifier]:
    """The identifiers in arXiv's DOI field, which holds several where there is an erratum."""
    parts = re.split(r"[\s;]+|,(?=\s*10\.)", text.strip()) if "10." in text else [text]
    for part in parts:
        if part:
            yield from_doi(part.rstrip(",."))


def from_address(address: str | None) -> Identifier | None:
    """The identifier that a paper's address states; None where it states none that we know.

    >>> from_address("http://arxiv.org/pdf/1805.10616v4.pdf").value
    '1805.10616'
    >>> from_address("https://paperswithcode.com/paper/a-slug").scheme
    'pwc'

    Raises:
        ValueError: it is an address of arXiv or of a DOI, but what it states is none.

    """
    found = of_address(address.strip()) if address else None
    return found.identifier if found else None
