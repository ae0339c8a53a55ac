"""Classify the blocks of a page: title, abstract, authors, votes, footer.

It is decided from the whole page: a page alternates, so what a single paragraph leaves open (a
title that ends in a stop, an abstract without one) its place among the others tells.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import pairwise

from msgspec import Struct

from catalog.domain.late_patterns import late_pattern
from etl.formats.toolkit.author_names import split_authors
from etl.formats.toolkit.page_blocks import Block


class Role(Enum):
    """The role of a block on its page."""

    TITLE = auto()
    ABSTRACT = auto()
    AUTHORS = auto()
    VOTES = auto()
    LINKS = auto()
    NOTHING = auto()
    """A label, a footer, whatever tells nothing of a paper."""


_COUNT = r"[+▲△⬆↑👍❤♥♡💬⭐★🔥️]*\s*\d[\d,.]*\s*[kKmM]?\s*[+▲△⬆↑👍❤♥♡💬⭐★🔥️]*"
_COUNTED = (
    r"(?:up-?votes?|votes?|likes?|points?|comments?|replies|reply|shares?|views?|stars?|"
    r"reactions?|discussions?|submitters?|authors?|reads?)"
)
_VOTES = late_pattern(
    rf"(?:\W*(?:{_COUNT}(?:\s*{_COUNTED})?|{_COUNTED}\W{{0,3}}\s*{_COUNT}))+\W*", re.IGNORECASE
)
UPVOTES = late_pattern(r"(\d[\d,]*)\s*(?:up-?votes?|likes?)\b|\bup-?votes?\W{0,3}(\d[\d,]*)", re.I)
COMMENTS = late_pattern(r"(\d[\d,]*)\s*comments?\b|\bcomments?\W{0,3}(\d[\d,]*)", re.I)
URL = late_pattern(r"https?://[^\s<>\"\])]+(?:\([^\s()]*\)[^\s<>\"\])]*)*")
ARXIV = late_pattern(r"\barXiv:\s?\d{4}\.\d{4,5}(?:v\d+)?\b", re.IGNORECASE)
_LINK_WORDS = late_pattern(
    r"(?:paper|papers?\s?page|pdf|html|abs|abstract|code|project|page|website|github|arxiv|link|"
    r"links|demo|model|data|dataset|video|blog|doi|url|read|view|here|on|hugging\s?face|hf|and|"
    r"available|at|\[[a-z-]+\.[A-Z]{2}\]|[\W_])*",
    re.IGNORECASE,
)
_LINK_NAME = (
    r"(?:paper|paper page|pdf|html|abs|abstract|code|project|project page|website|github|arxiv|"
    r"link|demo|models?|data|datasets?|video|blog|slides|poster|bibtex|hugging ?face|hf|doi)"
)
_ONLY_LINKS = late_pattern(
    rf"\W*{_LINK_NAME}(?:\s*[|·•/,\]\[()]+\s*{_LINK_NAME})*\W*", re.IGNORECASE
)
"""What is left of buttons: "PDF | Code"."""
_LABEL = late_pattern(
    r"abstract|summary|tl;?dr|authors?|title|introduction|keywords?.{0,200}|tags?:.{0,200}"
    r"|(?:submitted|published|posted|updated|shared|added)\b(?:\s+(?:by|on|at|to))\b.{0,60}"
    r"|(?:[a-z-]+\.[A-Z]{2}(?:[\s,;]+|$))+",
    re.IGNORECASE,
)
_FOOTER = late_pattern(
    r".{0,40}\bunsubscribe\b.{0,160}|(?:you|this (?:e-?mail|message|newsletter)).{0,30}"
    r"\b(?:receiv(?:e|ed|ing) this|was sent|is sent|are subscribed)\b.{0,400}"
    r"|(?:©|\(c\)|copyright)\s.{0,100}\d{4}.{0,100}|.{0,40}\ball rights reserved\b.{0,60}",
    re.IGNORECASE,
)
_AROUND = late_pattern(
    r"(?:read|show|load|view|see)\s(?:more|all|less|in (?:your |a )?browser|online|full)\b.{0,20}"
    r"|(?:subscribe|sign up|log ?in|sign in|next|previous|back(?: to)? top|share|tweet|follow us.*"
    r"|forward to a friend|privacy(?: policy)?|terms(?: of \w+)?|contact(?: us)?|about|home"
    r"|manage (?:your )?(?:preferences|subscriptions?)|powered by.{0,60}|page \d+(?: of \d+)?)"
    r"(?:\s*[|·•/]\s*.{0,120})?",
    re.IGNORECASE,
)

_BY = late_pattern(r"(?:by|authors?|written by|von|par)\b\s*:?\s+", re.IGNORECASE)
_ET_AL = late_pattern(r"[\s,]*(?:et\.?\s?al\.?|and (?:\d+ )?(?:others|more))\W*$", re.IGNORECASE)
_NOTE = late_pattern(r"[\d¹²³⁴⁵⁶⁷⁸⁹⁰*†‡§,\s]+$")
_PERSON = late_pattern(
    r"(?:(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’.-]*|de|da|do|dos|del|della|di|du|van|von|der|den|la|le|el|al|bin|ibn"
    r"|ter|ten|zu)\s+){1,4}(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’.-]*|de|Jr\.?)"
)
_SENTENCE = late_pattern(r"[.!?]['\")\]]?\s+[A-Z]")
_OPENING = late_pattern(
    r"(?:we|this|these|in this|recent|recently|existing|while|despite|although|given|to address|"
    r"with the|large language|as|abstract)\b",
    re.IGNORECASE,
)
_VERB = late_pattern(
    r"\b(?:we|our|is|are|was|were|has|have|shows?|propose|present|introduce|achieves?|reach(?:es)?|"
    r"that|which|it|however|can)\b",
    re.IGNORECASE,
)


class _Path(Struct, frozen=True):
    """A role and those of the blocks before."""

    role: Role
    before: "_Path | None"


LONGEST_TITLE, SHORTEST_ABSTRACT = 300, 80
"""Characters; where no title would be longer and no abstract shorter, a page simply alternates."""

LONGEST_OF_TWO = 120
"""Characters of a title of two sentences."""

LEFT_OVER = 7.0
"""What it costs that a title has no abstract, or an abstract no title."""

SECOND = 4.5
"""What it costs that an abstract has another paragraph."""


class Placed(Struct, frozen=True):
    """A block with its role."""

    block: Block
    role: Role


def placed(blocks: Sequence[Block]) -> list[Placed]:
    """Classify each block of a day; several blocks in a row may have one role.

    >>> texts = ["Is It So? It Is!", "Ann Lee, Bo Ray", "We say that it is.", "More", "Or isn't it"]
    >>> [one.role.name for one in placed([Block(line=1, text=text) for text in texts])]
    ['TITLE', 'AUTHORS', 'ABSTRACT', 'TITLE', 'ABSTRACT']
    """
    fixed = _fixed(blocks)
    open_ = [n for n in range(len(blocks)) if fixed[n] is None]
    decided = _decided([blocks[n] for n in open_], _title_marks([blocks[n] for n in open_]))
    roles = dict(zip(open_, decided, strict=True))
    return [Placed(block, fixed[n] or roles[n]) for n, block in enumerate(blocks)]


def _fixed(blocks: Sequence[Block]) -> list[Role | None]:
    """Return the roles of blocks that can have no other."""
    roles: list[Role | None] = []
    for number, block in enumerate(blocks):
        role = _by_itself(block)
        if role is None and _FOOTER.fullmatch(block.text):
            role = Role.NOTHING
            if len(blocks) - number <= 8:  # whatever stands below a footer is one
                return roles + [Role.NOTHING] * (len(blocks) - number)
        roles.append(role)
    return roles


def _by_itself(block: Block) -> Role | None:
    text = block.text
    if block.url:
        return Role.LINKS if _ONLY_LINKS.fullmatch(text) else None
    if not any(map(str.isalnum, text)):
        return Role.NOTHING
    if len(text) <= 200:
        if _VOTES.fullmatch(text):
            return Role.VOTES
        if _LABEL.fullmatch(text) or _AROUND.fullmatch(text) or _ONLY_LINKS.fullmatch(text):
            return Role.NOTHING
    if URL.search(text) or ARXIV.search(text):
        bare = ARXIV.sub("", URL.sub("", text))
        return Role.LINKS if _LINK_WORDS.fullmatch(bare) else None
    return None


def authors_in(text: str, *, alone: bool = False) -> tuple[str, ...]:
    """Read the names in a line of authors; () if it is not one.

    One name by itself looks like a short title: it counts only where `alone` says so.

    >>> authors_in("Ann Lee¹, Bob van der Ray* and Cy Doe et al.")
    ('Ann Lee', 'Bob van der Ray', 'Cy Doe')
    >>> authors_in("Cats, Dogs and Birds"), authors_in("By Ann Lee"), authors_in("Ann Lee")
    ((), ('Ann Lee',), ())
    """
    if len(text) > 2_000:
        return ()
    bare = _BY.sub("", text, count=1)
    is_said = bare != text or bool(_ET_AL.search(bare))
    bare = _ET_AL.sub("", bare).replace(" · ", ", ").replace(" | ", ", ").replace(" • ", ", ")
    names = tuple(filter(None, (_NOTE.sub("", name).strip() for name in split_authors(bare))))
    if not names or not all(map(_PERSON.fullmatch, names)):
        return ()
    return names if len(names) > 1 or is_said or alone else ()


def _title_marks(blocks: Sequence[Block]) -> set[str]:
    """Return the marks of this page's titles, which at most every other block has."""
    held = Counter(block.mark for block in blocks if block.mark)
    after = Counter(
        block.mark for before, block in pairwise(blocks) if block.mark and block.mark == before.mark
    )
    return {
        mark
        for mark, count in held.items()
        if mark != "abstract" and count < len(blocks) and after[mark] <= count / 4
    }


def _decided(blocks: Sequence[Block], marks: set[str]) -> list[Role]:
    """Choose the roles that together fit best: titles, abstracts, lines of authors."""
    if not blocks:
        return []
    if _may_alternate(blocks):
        return [Role.TITLE, Role.ABSTRACT] * (len(blocks) // 2)
    has_author_lines = any(authors_in(block.text) for block in blocks) or _has_single_names(blocks)
    usual = _usual_abstract(blocks)
    best: dict[Role | None, tuple[float, _Path | None]] = {None: (0.0, None)}
    for block in blocks:
        scores = _scores(block, marks, usual, has_author_lines)
        found: dict[Role | None, tuple[float, _Path | None]] = {}
        for state, (total, path) in best.items():
            for role, after, step in _steps(state, scores):
                if after not in found or total + step > found[after][0]:
                    found[after] = (total + step, _Path(role, path))
        best = found
    ended = {state: total - LEFT_OVER * (state is Role.TITLE) for state, (total, _) in best.items()}
    last = best[max(ended, key=lambda state: ended[state])][1]
    roles = []
    while last is not None:
        roles.append(last.role)
        last = last.before
    return roles[::-1]


def _may_alternate(blocks: Sequence[Block]) -> bool:
    """Return true if every other block may be a title, and all between them abstracts."""
    return (
        len(blocks) % 2 == 0
        and all(map(_may_be_title, blocks[::2]))
        and all(len(block.text) >= SHORTEST_ABSTRACT for block in blocks[1::2])
        and len({block.mark for block in blocks[1::2]}) == 1
    )


def _has_single_names(blocks: Sequence[Block]) -> bool:
    """Return true if each abstract has a line above it that one name fills, below a title."""
    abstracts = [n for n, block in enumerate(blocks) if len(block.text) > LONGEST_OF_TWO]
    named = [
        n
        for n in abstracts
        if n > 1 and n - 2 not in abstracts and authors_in(blocks[n - 1].text, alone=True)
    ]
    return len(named) > 1 and named == abstracts


def _may_be_title(block: Block) -> bool:
    longest = LONGEST_OF_TWO if _SENTENCE.search(block.text) else LONGEST_TITLE
    return len(block.text) <= longest and block.mark != "abstract"


def _steps(
    state: Role | None, scores: dict[Role, float]
) -> Iterator[tuple[Role, Role | None, float]]:
    """Yield what may come next: role, state afterwards, and how well it fits."""
    yield Role.TITLE, Role.TITLE, scores[Role.TITLE] - LEFT_OVER * (state is Role.TITLE)
    cost = {None: LEFT_OVER, Role.ABSTRACT: SECOND}.get(state, 0.0)
    yield Role.ABSTRACT, Role.ABSTRACT, scores[Role.ABSTRACT] - cost
    if Role.AUTHORS in scores:
        yield Role.AUTHORS, state, scores[Role.AUTHORS] - 3 * (state is not Role.TITLE)


def _usual_abstract(blocks: Sequence[Block]) -> int:
    """Estimate the length of this page's abstracts: the median of the longer half of blocks."""
    sizes = sorted(len(block.text) for block in blocks)
    return sizes[len(sizes) * 3 // 4]


def _scores(block: Block, marks: set[str], usual: int, has_author_lines: bool) -> dict[Role, float]:
    """Score how well a block fits each role by itself, as half of the log odds."""
    size = len(block.text)
    lead = _length_score(size) + _wording_score(block.text)
    if 160 < size < usual / 3:
        lead += 3
    if block.mark == "abstract":
        lead -= 12
    elif block.mark in marks or block.mark == "title":
        lead += 8
    elif marks:
        lead -= 3
    scores = {Role.TITLE: lead / 2, Role.ABSTRACT: -lead / 2}
    names = authors_in(block.text, alone=has_author_lines)
    if names and block.mark not in marks:
        scores[Role.AUTHORS] = 4.0 if authors_in(block.text) else 2.5
    return scores


def _length_score(size: int) -> float:
    """Score a text's length: how much more often it is a title's than an abstract's."""
    for longest, score in ((60, 5.0), (90, 4.0), (120, 2.0), (160, 0.0), (220, -2.0), (300, -4.0)):
        if size <= longest:
            return score
    return -6.0 if size <= 450 else -9.0


def _wording_score(text: str) -> float:
    score = 0.0
    if _SENTENCE.search(text):
        score -= 2.5
    if text.rstrip(" \"')]").endswith("."):
        score -= 1.0
    if _OPENING.match(text):
        score -= 0.5
    if len(_VERB.findall(text)) >= 2:
        score -= 1.5
    words = [word for word in re.findall(r"[^\W\d_]\w*", text) if len(word) > 3]
    if len(words) > 2 and sum(word[0].isupper() for word in words) > 0.7 * len(words):
        score += 2.0
    return score
