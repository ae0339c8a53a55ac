"""Fold titles and abstracts to keys that match across documents.

They are made of plain text, so that one title has one key, whichever source wrote it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from catalog.domain.plain_text import may_hold_letters, plain
from catalog.domain.records import Identifier, PaperRecord

SHORTEST_TITLE = 12
"""Letters and digits; shorter titles ("GAN", "VAE") belong to several papers and never match."""

SHORTEST_ABSTRACT = 80
"""Letters and digits; shorter ones ("This paper has been withdrawn") never match."""

_LOWER = bytes(range(256)).lower()
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
_OTHER = re.compile(r"([^\x00-\x7f]+)")
_PLUS = re.compile(r"(?<=\S)\+(?!\w)|\+(?!\s*\w)")
"""A plus sign that ends a name; one before a word, or between two, joins names."""
_STAR = re.compile(r"(?<=\b[A-Za-z])\s?\*")
_WORDS = {
    "\N{GREEK SMALL LETTER TAU}": "tau",
    "\N{SUPERSCRIPT TWO}": "2",
    "\N{INFINITY}": "infinite ",
}
_REPLACED = re.compile(r"\bthis https? url\b|https?://\S+", re.IGNORECASE)


def fold(text: str) -> str:
    """Fold text for matching: letters and digits of every script, no marks, no case.

    >>> fold("Schrödinger's Cat: ﬁne-tuning, x² faster")
    'schrodingerscatfinetuningx2faster'
    >>> fold("深度残差学习")
    '深度残差学习'
    """
    if text.isascii():
        return text.encode().translate(_LOWER, _NO_LETTERS).decode()
    # Neither normalising nor folding case looks across a letter of ASCII.
    return "".join(map(_folded, _OTHER.split(text)))


def fold_plain(text: str) -> str:
    """Make a text plain and fold it; spaces and signs, which go in any case, are left alone."""
    return fold(plain(text) if may_hold_letters(text) else text)


def _folded(run: str) -> str:
    """Fold characters that are all inside ASCII, or all outside."""
    if run.isascii():
        return fold(run)
    run = unicodedata.normalize("NFKD", run.replace("×", "x"))
    letters = (c for c in run if not unicodedata.combining(c))
    return "".join(c for c in "".join(letters).casefold() if c.isalnum())


def spelt_out(name: str) -> str:
    """Write the signs that tell benchmarks apart as words.

    >>> spelt_out("GenEval++"), spelt_out("VoiceBank+DEMAND"), spelt_out("V*Bench")
    ('GenEval plus plus', 'VoiceBank+DEMAND', 'V star Bench')
    """
    if name.isalnum():
        return name
    name = _STAR.sub(" star ", _PLUS.sub(" plus", name))
    for sign, word in _WORDS.items():
        name = name.replace(sign, word)
    return " ".join(name.split())


def dataset_key(name: str) -> str:
    """Fold the name of a dataset, so that variants keep apart.

    >>> dataset_key("HumanEval+"), dataset_key("human-eval plus"), dataset_key("VoiceBank+DEMAND")
    ('humanevalplus', 'humanevalplus', 'voicebankdemand')
    >>> dataset_key("HumanEval +"), dataset_key("VoiceBank + DEMAND")
    ('humanevalplus', 'voicebankdemand')
    >>> dataset_key("V* Bench"), dataset_key("VBench"), dataset_key("\N{INFINITY}Bench")
    ('vstarbench', 'vbench', 'infinitebench')
    """
    return fold(spelt_out(name)) or name


def may_match(title_key: str) -> bool:
    """Return true if a folded title is long enough to identify a paper.

    >>> may_match(fold("Attention Is All You Need"))
    True
    >>> may_match(fold("β-VAE"))
    False
    """
    return len(title_key) >= SHORTEST_TITLE


def sha256_of(text: str) -> str:
    """Return the hexadecimal SHA-256 of a text in UTF-8; lone surrogates are kept."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def abstract_key(abstract: str) -> str:
    """Return the SHA-256 of the whole abstract, made plain and folded."""
    return sha256_of(fold_plain(abstract))


def item_hash(raw: bytes) -> int:
    """Return the first 8 bytes of the SHA-256 of an item's bytes as a signed integer."""
    return int.from_bytes(hashlib.sha256(raw).digest()[:8], "big", signed=True)


def short_hash(text: str) -> int:
    """Return the first 8 bytes of the SHA-256 as a signed integer, small in an index."""
    return shortened(sha256_of(text))


def shortened(sha256: str) -> int:
    """Return the first 8 bytes of a hexadecimal SHA-256 as a signed integer.

    >>> shortened("ffffffffffffffff" + 48 * "0")
    -1
    """
    return int.from_bytes(bytes.fromhex(sha256[:16]), "big", signed=True)


class Matching(NamedTuple):
    """The keys and hashes by which a record is found again."""

    title_hash: int | None
    abstract_hash: int | None
    abstract_key: str | None
    """Of any abstract, also one that is too short to match."""


def match_hashes(record: PaperRecord) -> Matching:
    """Hash a record's title and abstract for matching; None means no match.

    A title that is too short to match counts together with the abstract, so that the same record
    from two documents is one paper all the same. Of a row that names no paper its key counts. Where
    neither holds a letter or digit, their signs count.
    """
    title, abstract = fold_plain(record.title or ""), fold_plain(record.abstract or "")
    key = sha256_of(abstract) if record.abstract else None
    abstract_hash = shortened(key) if key and len(abstract) >= SHORTEST_ABSTRACT else None
    title_hash = None
    if may_match(title):
        title_hash = short_hash(title)
    elif abstract_hash is None and (title or abstract):
        title_hash = short_hash(f"{title}\n{abstract}")
    elif row := row_key(record):
        title_hash = short_hash(f"\n{row}")
    elif abstract_hash is None and (signs := signs_of(record)):
        title_hash = short_hash(f"\n\n{signs}")
    return Matching(title_hash, abstract_hash, key)


def row_key(record: PaperRecord) -> str | None:
    """Return what tells the row of a table from others, where its source names no paper.

    That is its dataset, model and day; where it names no model, what it says. None for the record
    of a paper. A row that stands under several tasks is one.
    """
    if record.title or record.abstract or record.identifiers or not record.results:
        return None
    first = record.results[0]
    model = plain(first.model or "")
    said = [f"{one.metric_text or one.metric}={one.text}" for one in record.results]
    parts = (
        fold(plain(first.dataset_text or first.dataset or "")),
        fold(model) or model,
        str(record.published_on or ""),
    )
    return "\n".join((*parts, *(() if model else sorted(said))))


def signs_of(record: PaperRecord) -> str:
    """Return title and abstract as printed, for those that hold no letter and no digit.

    >>> signs_of(PaperRecord(title=" !  ? ")), signs_of(PaperRecord(title="<b></b>"))
    ('! ?\\n', '')
    """
    printed = (plain(record.title or ""), plain(record.abstract or ""))
    return "\n".join(printed) if any(printed) else ""


def without_addresses(abstract: str) -> str:
    """Fold the abstract without addresses and the placeholders that lists print for them.

    >>> without_addresses("Code: this https URL.") == without_addresses("Code: https://a.b/c")
    True
    """
    return fold(plain(_REPLACED.sub(" ", abstract)))


NOTHING = sha256_of("")
"""Key of an abstract without a letter or digit."""


def public_key(
    identifiers: Iterable[Identifier],
    title_key: str | None,
    abstract_key: str | None,
    signs: str = "",
) -> str:
    """Choose a paper's name in addresses: arXiv identifier, else DOI, else a hash.

    That is t- and 12 hexadecimal digits of another identifier's hash or of the title's; where the
    title is too short to stand for one paper, of title and abstract together; a- without a title.
    Where neither holds a letter or digit it is a hash of their signs.

    >>> public_key([Identifier(scheme="arxiv", value="1706.03762")], "attention", None)
    '1706.03762'
    >>> public_key([], fold("Attention Is All You Need"), None)
    't-5563e10cdb03'
    """
    by_scheme = {found.scheme: found.value for found in sorted(identifiers, reverse=True)}
    for scheme in ("arxiv", "doi"):
        if scheme in by_scheme:
            return by_scheme[scheme]
    if by_scheme:
        scheme = min(by_scheme)
        return f"t-{sha256_of(f'{scheme}:{by_scheme[scheme]}')[:12]}"
    if not title_key:
        known = abstract_key or NOTHING
        return f"a-{(sha256_of(signs) if known == NOTHING else known)[:12]}"
    if may_match(title_key):
        return f"t-{sha256_of(title_key)[:12]}"
    return f"t-{sha256_of(f'{title_key} {abstract_key}')[:12]}"
