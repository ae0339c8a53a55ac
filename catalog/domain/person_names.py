"""Split printed names of authors into their parts, and tell teams from people."""

import re

from msgspec import Struct

from catalog.domain.late_patterns import late_pattern

TEAM_WORD = (
    r"Teams?|Collaborations?|Groups?|Consortium|Consortia|Initiative|Network|Department|Division|"
    r"Laborator(?:y|ies)|Labs?|Institute|Cent(?:er|re)|Project|Program(?:me)?"
)
"""A word that ends the name of a team, as a pattern."""

SUFFIX = r"(?:Jr|Sr)\.?|I{2,3}|IV"
"""A part of a person's name that follows the family name, as a pattern."""

_TEAM = late_pattern(
    rf"\b(?:{TEAM_WORD}|Universit(?:y|é|ät)|Research|Association|Company|Inc|Ltd|LLC|GmbH|AI)\b"
    r"|^[Tt]he\s|\sand\s|&|@|\bet al\b|\sfor\s|\sof\s"
)
_SUFFIX = late_pattern(rf",?\s+({SUFFIX})$")
_PARTICLE = late_pattern(r"[^\W\d_A-Z][^\W\d_]*[’']?|d'")


class PersonName(Struct, frozen=True, kw_only=True):
    """The parts of a printed name; of a team, or a name of one word, all is `family`."""

    family: str
    given: str = ""
    particle: str = ""
    """Before the family name, in lower case: "van der"."""
    suffix: str = ""
    """Behind it: "Jr."."""
    is_team: bool = False

    @property
    def inverted(self) -> str:
        """The name as lists print it, by the family name: "van Berg, Jan, Jr."."""
        family = f"{self.particle} {self.family}".strip()
        return ", ".join(filter(None, (family, self.given, self.suffix)))


def split_name(printed: str) -> PersonName:
    """Split a name that is printed with the given name first.

    >>> split_name("Jan van der Berg").inverted, split_name("W. Rodrigues Jr.").inverted
    ('van der Berg, Jan', 'Rodrigues, W., Jr.')
    >>> split_name("The ABC Collaboration").is_team, split_name("Plato").inverted
    (True, 'Plato')
    """
    name = " ".join(printed.split())
    if _is_team(name):
        return PersonName(family=name, is_team=True)
    if ", " in name and not _SUFFIX.search(name):  # a source printed the family name first
        family, _, given = name.partition(", ")
        return _named(given.split(), family.split(), "")
    found = _SUFFIX.search(name)
    words = (name[: found.start()] if found else name).split()
    return _named(words[:-1], words[-1:], found[1] if found else "")


def _is_team(name: str) -> bool:
    """Tell whether it is the name of a team: a word says so, and no initial says otherwise."""
    return bool(_TEAM.search(name)) and not re.search(r"\b[A-Z]\.", name)


def _named(given: list[str], family: list[str], suffix: str) -> PersonName:
    """Put words in lower case, and what follows them, before the family name, as BibTeX does.

    >>> _named(["Maria", "de", "la", "Cruz"], ["Santos"], "").inverted
    'de la Cruz Santos, Maria'
    """
    start = next((i for i, word in enumerate(given) if i and _PARTICLE.fullmatch(word)), len(given))
    words = [*given[start:], *family]
    last = max((i for i, word in enumerate(words[:-1]) if _PARTICLE.fullmatch(word)), default=-1)
    return PersonName(
        family=" ".join(words[last + 1 :]),
        given=" ".join(given[:start]),
        particle=" ".join(words[: last + 1]),
        suffix=suffix,
    )
