"""Settle what a change is compared with where the grammar leaves no choice to the weights."""

import re

from etl.extract import lexicon
from etl.extract.annotated_sentence import Scene
from etl.extract.candidates import Candidate
from etl.extract.model_candidates import ARTICLES, ENDS, OwnNames, is_general
from etl.extract.model_variants import SIZE
from etl.extract.noun_phrases import canonical
from etl.extract.number_features import Spot
from etl.extract.settled import SURE
from etl.extract.tokens import has_capital


def settle_baseline(ranking: list[Candidate], spot: Spot, own: OwnNames, text: str) -> None:
    """Put first what the words around a change compare it with, and write it as the text does.

    What the paper makes is not compared with the whole family of it.
    """
    told = _respective(spot) or _beaten(spot)
    if told is None and (opening := _opening(spot)) is not None:
        told = opening if opening.startswith(ranking[0].name or "") else None
    if told is not None and not is_general(told.lower().split()):
        ranking.insert(0, Candidate(told, "compared with it", told, probability=SURE))
    while len(ranking) > 1 and _is_own_family(ranking[0].name, own):
        del ranking[0]
    best = ranking[0]
    if best.name is not None:
        name = plain_baseline(_bracketed(spot.scene, best.name) or best.name)
        best.name = name and _as_printed(name, spot, text)


def _as_printed(name: str, spot: Spot, text: str) -> str:
    """Return "quill -O3" for the words "quill - O3" of a sentence that prints it so."""
    words = name.split()
    if all(word[0].isalnum() for word in words):
        return name
    sentence = spot.scene.sentence
    pattern = r"\s*".join(map(re.escape, words))
    found = re.search(pattern, text[sentence.start : sentence.end])
    return " ".join(found.group().split()) if found else name


def _is_own_family(name: str | None, own: OwnNames) -> bool:
    """Return true for "QuillNet family" where the paper calls its own model QuillNet."""
    words = name.split() if name else []
    return bool(words) and words[-1].lower() in FAMILY and words[0] in (own.title, own.called)


FAMILY = frozenset(("family", "series", "suite"))

PRAISE = frozenset(
    ("state-of-the-art", "sota", "latest", "current", "existing", "previous", "prior", "recent",
     "widely", "used", "popular", "leading", "advanced", "established")
)  # fmt: skip
"""Words before a name that say nothing of which one it is."""
VAGUE = PRAISE | {"other", "conventional", "traditional", "various", "several", "most", "many"}


def plain_baseline(name: str) -> str | None:
    """Return a description without "--" and what follows, and without "those of" and praise.

    >>> plain_baseline("those of the latest QuillNet"), plain_baseline("prior best -- we")
    ('QuillNet', 'prior best')
    """
    printed = words = name.split()
    if "--" in words[2:]:
        words = words[: words.index("--")]
    if words[:2] in (["those", "of"], ["that", "of"]):
        words = words[2:]
    if "of" in words[1:4] and canonical(words[: words.index("of", 1)]) in lexicon.metrics():
        words = words[words.index("of", 1) + 1 :]
    while words != printed and words and words[0].lower() in ARTICLES:
        words = words[1:]
    rest = list(words)
    while rest and rest[0].lower() in PRAISE:
        del rest[0]
    if rest != words and _is_name(rest):
        words = rest
    is_bare = words != printed and is_general([word.lower() for word in words])
    return None if is_bare else " ".join(words)


def _is_name(words: list[str]) -> bool:
    """Return true for the words of a name, but not for those of a kind: "VLMs"."""
    is_named = bool(words) and all(word[0].isupper() or word[0].isdigit() for word in words)
    return is_named and not words[-1].endswith("s") and words[-1].lower() not in PRAISE


COMPARING = frozenset(("than", "over", "vs.", "vs", "versus", "against"))
COMPARED = frozenset(("compared", "relative", "comparison"))
SEPARATORS = frozenset((",", "and", "/", "&"))


def _respective(spot: Spot) -> str | None:
    """Return B for the second number of "4.5x and 2.7x faster than A and B".

    So it does for that of "outperforms A and B by 4.5 and 2.7 points".
    """
    lower = spot.scene.sentence.lower
    if len(spot.group.members) < 2 or spot.group.is_change or spot.group.versus:
        return None
    for at in range(spot.group.last + 1, len(lower)):
        if at in spot.scene.sentence.quantities or lower[at] in STOPS:
            break
        if _compares(lower, at):
            return _member(_row(spot.scene, at + 1), spot)
    by = _by(spot)
    for at in range(by - 1, max(-1, by - FARTHEST), -1):
        if at in spot.scene.sentence.quantities or lower[at] in STOPS:
            break
        if _compares(lower, at) or spot.scene.classes[at] == "OUT":
            return _member(_row(spot.scene, at + 1), spot)
    return None


def _member(row: list[str], spot: Spot) -> str | None:
    """Return the phrase at the number's place in its list, if there are as many phrases."""
    if len(row) != len(spot.group.members) or any(_is_no_name(phrase) for phrase in row):
        return None
    return row[spot.member]


def _is_no_name(phrase: str) -> bool:
    """Return true for "improves results" and "best baseline of the old"."""
    words = phrase.lower().split()
    return words[0] in VERB_FORMS or words[0].endswith("ly") or "of" in words


VERB_FORMS = lexicon.words("verbs")


def _by(spot: Spot) -> int:
    """Return where the "by" before a number stands, 0 without one."""
    lower, by = spot.scene.sentence.lower, spot.group.first - 1
    while by > 0 and lower[by] in BY_WORDS:
        by -= 1
    return by if by > 0 and lower[by] == "by" else 0


STOPS = frozenset((";", ".", "while", "whereas", "but", "which"))


def _compares(lower: list[str], at: int) -> bool:
    return lower[at] in COMPARING or (lower[at] in ("to", "with") and lower[at - 1] in COMPARED)


def _row(scene: Scene, at: int) -> list[str]:
    """Read the phrases of "A, the strong B, and C"; a shared last word is left to the last."""
    sentence = scene.sentence
    row: list[str] = []
    words: list[str] = []
    for place in range(at, min(at + FARTHEST, len(sentence.lower))):
        word = sentence.lower[place]
        if word in SEPARATORS:
            if words:
                row.append(" ".join(words))
            words = []
        elif word in EXAMPLES:
            row, words = [], []
        elif words and SIZE.fullmatch(sentence.texts[place]):
            words.append(sentence.texts[place])
        elif word in ENDS or place in sentence.quantities or not (words or word[0].isalnum()):
            break
        elif words or word not in ARTICLES:
            words.append(sentence.texts[place])
    return [*row, " ".join(words)] if words else row


EXAMPLES = frozenset(("like", "including", "namely"))
"""Words behind which those are named that a noun stands for: "libraries like A and B"."""
FARTHEST = 20


def _opening(spot: Spot) -> str | None:
    """Return X for the numbers of "Compared with the X, ..."."""
    lower = spot.scene.sentence.lower
    is_comparing = lower[0] in COMPARED and lower[1:2] in (["to"], ["with"])
    if not is_comparing or "," not in lower[2:LONGEST]:
        return None
    end = lower.index(",")
    first = 3 if lower[2] in ARTICLES else 2
    words = spot.scene.sentence.texts[first:end]
    is_plain = end < spot.group.first and "(" not in words and NO_PARTS.isdisjoint(words)
    if not words or not is_plain or _is_vague(words):
        return None
    return " ".join(words)


def _is_vague(words: list[str]) -> bool:
    """Return true for "existing solutions" and "state of the art algorithms"."""
    is_kind = words[0].lower() in VAGUE or "state" in words[0].lower()
    return is_kind and not any(map(has_capital, words))


NO_PARTS = frozenset(("and", "on", "in"))
LONGEST = 12


def _bracketed(scene: Scene, name: str) -> str | None:
    """Return PMM for "best existing method" where "best existing method (PMM)" stands."""
    words = name.split()
    if words[-1].lower() not in NOUNS:
        return None
    texts = scene.sentence.texts
    for at in range(len(words), len(texts) - 2):
        if texts[at] == "(" and texts[at + 2] == ")" and texts[at - len(words) : at] == words:
            return texts[at + 1] if has_capital(texts[at + 1]) else None
    return None


NOUNS = frozenset(
    ("method", "model", "baseline", "approach", "system", "implementation", "framework")
)

BEATING = frozenset(("and", ","))


def _beaten(spot: Spot) -> str | None:
    """Return B for the second number of "outperforms A by 3.1 points and B by 2.0"."""
    lower, kinds, by = spot.scene.sentence.lower, spot.scene.classes, _by(spot)
    begin = by
    while begin > 0 and lower[begin - 1] not in SEPARATORS and lower[begin - 1] not in ENDS:
        if kinds[begin - 1] in ("#", "OUT"):
            return None
        begin -= 1
    if begin == by or begin < 2 or lower[begin - 1] not in BEATING:
        return None
    verbs = [at for at in range(by) if kinds[at] in VERBS]
    if not verbs or kinds[verbs[-1]] != "OUT" or "#" not in kinds[verbs[-1] : begin]:
        return None
    while begin < by and lower[begin] in ARTICLES:
        begin += 1
    texts = spot.scene.sentence.texts[begin:by]
    return " ".join(texts) if texts and texts[0][0].isalnum() else None


VERBS = frozenset(("OUT", "IMP", "RED", "ACH", "ACC", "USE", "KEEP", "BE", "LAG"))
BY_WORDS = frozenset(
    ("up", "to", "about", "over", "an", "average", "of", "only", "approximately", "+", "~", "more",
     "than", "absolute")
)  # fmt: skip
"""Words that may stand between "by" and its number."""
