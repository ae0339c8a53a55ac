"""Recognise numbers of other work: of what a paper's own result is compared with, and of humans."""

import re

from etl.extract.annotated_sentence import Scene
from etl.extract.number_features import Spot
from etl.extract.word_classes import FILLERS

MADE = re.compile(
    r"\b(?:[Ww]e (?:also |further |then |first |thus )?(?:propose|introduce|present|develop)"
    r"|[Oo]ur (?:method|model|approach|framework|system|proposed)|is proposed|proposed)\b"
    r"|\b[Nn]ew (?:SOTA|state[- ]of[- ]the[- ]art)\b"
)
"""Words of a paper that makes something; others report on what exists."""


def is_of_other_work(spot: Spot, text: str) -> bool:
    """Return true if the words before an absolute number make it another's than the paper's."""
    return (
        _is_compared(spot.scene, spot.group.first)
        or _is_level(spot)
        or _is_of_humans(spot)
        or _is_size(spot)
        or (
            (_is_in_brackets(spot) or _is_possessed(spot) or _is_in_relative_clause(spot))
            and MADE.search(text) is not None
        )
    )


MATCHING = frozenset(
    ("than", "versus", "vs", "against", "rivaling", "rivals", "rivalling", "matching", "matches",
     "approaching", "approaches", "match", "trailing", "unlike")
)  # fmt: skip
COMPARED = frozenset(
    ("compared", "comparable", "comparably", "relative", "similar", "close", "closer", "akin",
     "equivalent", "superior", "inferior", "competitive", "competitively", "par", "contrast",
     "opposed", "comparison", "identical", "near")
)  # fmt: skip
"""Words that compare with what stands behind their "to" or "with"."""
RESULTS = frozenset(("performance", "results", "accuracy", "quality"))
"""Nouns that may stand behind such a word: "comparable performance to"."""
STOPS = frozenset(
    (";", ":", ",", "while", "whereas", "but", "by", "on", "in", "for", "at", "across", "when",
     "and", "with", "to", "that", "which", "from", "is", "are", "was", "were", "where")
)  # fmt: skip
VERBS = frozenset(("ACH", "IMP", "RED", "ACC", "BE", "#"))
"""Classes of words that end a phrase for what is compared with."""
BEST = frozenset(("best", "top"))
"""Words of the class of "outperform" that may be adjectives."""
NEITHER = frozenset(("neither", "not", "nor", "no", "none", "never"))
FARTHEST = 12


def is_behind_comparison(scene: Scene, end: int) -> bool:
    """Return true if the phrase before this token is what something is compared with.

    What stands in brackets behind other names of a row is passed over: "than A (31%), B (32%) and".
    """
    lower, kinds = scene.sentence.lower, scene.classes
    at = end - 1
    while at >= 0 and end - at <= FARTHEST:
        word = lower[at]
        if word in MATCHING or (kinds[at] == "OUT" and word not in BEST):
            return at < end - 1 and NEITHER.isdisjoint(lower[max(0, at - 3) : at])
        if word in ("to", "with"):
            tied = lower[at - 2 : at - 1] if lower[at - 1] in RESULTS else lower[at - 1 : at]
            return 0 < at < end - 1 and COMPARED.issuperset(tied)
        if word == ")":
            if "(" not in lower[max(0, at - FARTHEST) : at]:
                return False
            opened = at - 1 - lower[:at][::-1].index("(")
            end, at = end - (at - opened), opened - 1
            continue
        is_passed = (word in (",", "and") and ")" in lower[max(0, at - 2) : at]) or (
            word == "that" and lower[at + 1] == "of"
        )
        if (word in STOPS or kinds[at] in VERBS) and not is_passed:
            return False
        at -= 1
    return False


DIRECT = frozenset(("compared", "opposed", "contrast", "comparison", "relative"))
OWNING = frozenset(("for", "by", "with"))


def _is_compared(scene: Scene, first: int) -> bool:
    """Return true for "compared to 30%", and both of "as opposed to 30% for A and 28% for B"."""
    lower, at = scene.sentence.lower, first - 1
    if lower[max(0, first - 2) : first] == ["instead", "of"]:
        return True
    while at > 0 and lower[at] in FILLERS and lower[at] not in ("than", "to", "over", "of", ","):
        at -= 1
    if at > 0 and lower[at] in ("to", "with"):
        return lower[at - 1] in DIRECT
    if first < 2 or lower[first - 1] not in ("and", ","):
        return False
    for at in range(first - 2, max(0, first - 9), -1):
        if at in scene.sentence.quantities:
            return lower[at + 1] in OWNING and _is_compared(scene, at)
        if lower[at] in (",", ";", "and") or scene.classes[at] in VERBS:
            return False
    return False


WORKS = frozenset(
    ("network", "networks", "model", "models", "approach", "approaches", "method", "methods",
     "baseline", "baselines", "outputs", "physicians", "clinicians", "radiologists", "humans",
     "experts", "system", "systems",
     "scaffolds", "work", "steering", "counterpart", "counterparts", "version")
)  # fmt: skip
"""Nouns that a number in brackets behind them belongs to; other words begin with a capital."""
LONGEST_ROW = 24
ENCLOSING = frozenset(("(", ")", "with", "+"))
GOING_ON = frozenset((")", ",", ";", "in"))
VERSUS = frozenset(("vs", "vs.", "v.s", "versus", "→", "to"))


def _is_in_brackets(spot: Spot) -> bool:
    """Return true for the 51 of "comparable to BarNet (51)" and "than models (A: 51, B: 50)"."""
    scene, first, last = spot.scene, spot.group.first, spot.group.last
    lower, opened = scene.sentence.lower, first - 1
    while opened > 0 and first - opened < LONGEST_ROW and lower[opened] not in ENCLOSING:
        opened -= 1
    if opened < 2 or lower[opened] != "(" or not VERSUS.isdisjoint(lower[opened : last + 6]):
        return False
    is_measured = any(mention.first == last + 1 for mention in scene.metrics)
    if not is_measured and not GOING_ON.issuperset(lower[last + 1 : last + 2]):
        return False
    name = scene.sentence.texts[opened - 1]
    if name.islower() and name not in WORKS:
        return False
    named = [mention.last for mention in scene.metrics if mention.name]
    named += [mention.last for mention in scene.datasets if mention.known]
    return opened not in named and is_behind_comparison(scene, opened)


EQUAL = frozenset(("match", "matches", "matching", "matched", "equals", "equal"))
"""Verbs by which another's number is the paper's own too."""


def _is_possessed(spot: Spot) -> bool:
    """Return true for "than BarNet's 30%" and "compared to BarNet's score of 30%"."""
    lower, kinds, first = spot.scene.sentence.lower, spot.scene.classes, spot.group.first
    for at in range(first - 1, max(0, first - 5), -1):
        if lower[at] == "s" and lower[at - 1] == "'":
            is_equal = not EQUAL.isdisjoint(lower[max(0, at - FARTHEST) : at])
            return not is_equal and is_behind_comparison(spot.scene, at - 1)
        if lower[at] in STOPS or lower[at] == "(" or kinds[at] in ("#", "USE"):
            return False
    return False


def _is_in_relative_clause(spot: Spot) -> bool:
    """Return true for "than BarNet, which reaches 30%"."""
    lower, kinds, first = spot.scene.sentence.lower, spot.scene.classes, spot.group.first
    for at in range(first - 1, max(0, first - 9), -1):
        if lower[at] in ("which", "that"):
            return is_behind_comparison(spot.scene, at - 1 if lower[at - 1] == "," else at)
        if kinds[at] == "#" or lower[at] in (",", ";"):
            return False
    return False


HUMANS = frozenset(("humans", "human", "physicians", "clinicians", "radiologists", "lawyers"))
BESIDE_HUMANS = frozenset(
    ("experts", "participants", "testers", "annotators", "expert", "reviewers", "evaluators",
     "performance", "accuracy", "performers", "baseline", "score", "raters", "can", "easily",
     "only", "still", "consistently", "also")
)  # fmt: skip
BEGINNING = frozenset(
    ("^", ",", ";", ":", "while", "although", "though", "whereas", "that", "the", "when", "where",
     "average")
)  # fmt: skip
"""What stands before the subject of a clause."""


def _is_of_humans(spot: Spot) -> bool:
    """Return true for "humans achieve 94%" and "human participants can reach 94%"."""
    lower, kinds, first = spot.scene.sentence.lower, spot.scene.classes, spot.group.first
    for at in range(first - 1, max(0, first - 9), -1):
        if kinds[at] in ("#", "CMP", ";") or lower[at] in (",", "by"):
            return False
        if kinds[at] == "ACH":
            last = at - 1
            while last > 0 and lower[last] in BESIDE_HUMANS:
                last -= 1
            return lower[last] in HUMANS and (lower[last - 1] if last else "^") in BEGINNING
    return False


LEVELS = frozenset(
    ("human", "human-level", "human-expert", "random", "random-guess", "chance", "oracle")
)
REACHED = frozenset(
    ("performance", "accuracy", "score", "level", "baseline", "ceiling", "guessing", "expert",
     "experts", "rater")
)  # fmt: skip


def _is_level(spot: Spot) -> bool:
    """Return true for "human performance of 65%" and "the 25% random baseline"."""
    lower, last, at = spot.scene.sentence.lower, spot.group.last, spot.group.first - 1
    if not LEVELS.isdisjoint(lower[last + 1 : last + 2]):
        return "baseline" in lower[last + 2 : last + 6]
    while at > 1 and lower[at] in ("about", "~", "around", "only"):
        at -= 1
    if at < 2 or lower[at] not in ("of", "at"):
        return False
    at -= 1
    while at > 0 and lower[at] in REACHED:
        at -= 1
    return lower[at] in LEVELS and lower[at + 1] in REACHED


PLURALS = frozenset(("models", "networks", "llms", "vlms", "mllms", "baselines", "systems"))
HAVING = frozenset(
    ("with", "that", "which", "use", "using", "have", "having", "ranging", "from", "of",
     "exceeding", "over", "more", "than", "(")
)  # fmt: skip
"""What stands between models and the number of their parameters."""


def _is_size(spot: Spot) -> bool:
    """Return true for "rivals models over 100B parameters" and "near the 51M-parameter A"."""
    lower, first, last = spot.scene.sentence.lower, spot.group.first, spot.group.last
    behind = lower[last + 1 : last + 4]
    if "parameter" not in behind and "parameters" not in behind:
        return False
    if "parameter" in behind[:2] and lower[first - 1] in ("the", "a"):
        return is_behind_comparison(spot.scene, first)
    at = first - 1
    while at > 0 and lower[at] in HAVING:
        at -= 1
    return lower[at] in PLURALS and is_behind_comparison(spot.scene, at + 1)
