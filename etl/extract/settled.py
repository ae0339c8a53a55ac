"""Settle a number's kind, owner and model where the grammar leaves no choice to the weights."""

import re

from catalog.domain.records import Kind
from etl.extract import lexicon
from etl.extract.annotated_sentence import Scene
from etl.extract.candidates import Candidate
from etl.extract.dataset_mentions import looks_like_model
from etl.extract.model_candidates import OwnNames, model_names, resemblance
from etl.extract.number_features import Spot
from etl.extract.other_work import MADE, is_of_other_work
from etl.extract.stated_differences import is_stated_difference, went_up
from etl.extract.sure_results import is_fraction, is_in_points
from etl.extract.tokens import Mention, Sentence
from etl.extract.told_signs import tell_sign
from etl.extract.word_classes import CLASSES, FILLERS

SURE = 0.97
"""How sure such a rule is: on the labels some 97 of 100 are as it says."""

DIFFERENCES = frozenset(
    ("gap", "drop", "degradation", "loss", "improvement", "improvements", "gain", "gains",
     "reduction", "decrease", "increase", "overhead", "decline", "difference", "disparity",
     "deficit", "margin", "speedup", "penalty", "savings")
)  # fmt: skip
"""Nouns of what is itself a difference: "narrows the gap to 2%"."""
LEADING = frozenset(
    ("up", "compared", "relative", "due", "close", "near", "similar", "equivalent", "comparable",
     "addition", "according", "led", "lead", "leads", "leading", "equal", "amounts", "amounting",
     "corresponds", "corresponding", "translates", "translating")
)  # fmt: skip
"""Words before a "to" that leads to no new value."""
BREAKS = frozenset((";", "#", ",", "by", "which", "while", "that", "and", "achieving"))
FARTHEST = 14
"""So many words before "to" the verb of change may stand."""


def settle_kind(spot: Spot) -> Kind | None:
    """Read what something falls or rises to, and what stands on both sides of a change, as values.

    "45.1 (+1.2)" and "3 points ahead of" are differences. None where the weights have to decide.
    """
    lower, first = spot.scene.sentence.lower, spot.group.first
    is_by = lower[max(0, first - 2) : first] == BETWEEN
    if _is_gain_beside(spot) or _lead(spot) is not None or (is_by and spot.quantity.unit != "x"):
        return "delta"
    if is_stated_difference(spot) or is_in_points(spot):
        return "delta"
    if is_fraction(spot):
        return "ratio"
    if spot.quantity.unit == "x" or spot.quantity.points:
        return None
    if _fall(spot) == "loss":
        return "delta"
    if spot.quantity.unit in ("%", "pp") and _is_gap(lower, first):
        return "delta"
    if spot.group.is_change:
        return "absolute" if DIFFERENCES.isdisjoint(lower[max(0, first - 4) : first]) else None
    return "absolute" if spot.change == "none" and _is_reached(spot) else None


GAPS = frozenset(("gap", "difference"))


def _is_gap(lower: list[str], first: int) -> bool:
    """Return true for "the gap to human performance is 23%" and "a gap of 23%"."""
    at = first - 1
    while at > 0 and lower[at] in FILLERS and lower[at] not in ("of", "to"):
        at -= 1
    if at > 0 and lower[at] == "of":
        return lower[at - 1] in GAPS
    if at < 1 or lower[at] not in ("is", "was"):
        return False
    return not GAPS.isdisjoint(lower[max(0, at - 6) : at])


BETWEEN = ["by", "between"]
LEADS = {"above": True, "ahead": True, "behind": False, "below": False, "short": False}


def _lead(spot: Spot) -> bool | None:
    """Return true for "3 points ahead of", false for "3 points behind", None for all else."""
    if not (spot.quantity.points or spot.quantity.unit == "pp"):
        return None
    behind = spot.scene.sentence.lower[spot.group.last + 1 : spot.group.last + 2]
    return LEADS.get(behind[0]) if behind else None


def _is_gain_beside(spot: Spot) -> bool:
    """Return true for the second number of "45.1 (+1.2)" and "0.021 (-0.010)"."""
    sentence, at = spot.scene.sentence, spot.at - 1
    is_signed = spot.quantity.minus is not None
    while at > 0 and sentence.lower[at] in ("+", "-"):
        at, is_signed = at - 1, True
    return is_signed and at > 0 and sentence.lower[at] == "(" and at - 1 in sentence.quantities


def _is_reached(spot: Spot) -> bool:
    """Return true for "the error rate fell to 3.2%" and "this lowers the error rate to 3.2%"."""
    lower, kinds = spot.scene.sentence.lower, spot.scene.classes
    to = spot.group.first - 1
    while to > 0 and lower[to] in FILLERS and lower[to] not in ("to", ","):
        to -= 1
    if to < 1 or lower[to] != "to" or lower[to - 1] in LEADING:
        return False
    for at in range(to - 1, max(-1, to - FARTHEST), -1):
        if lower[at] in BREAKS or kinds[at] == "#":
            return False
        if lower[at] in DIFFERENCES:
            return at > 0 and lower[at - 1] in SUBJECTS
        if lower[at] in CHANGING:
            return DIFFERENCES.isdisjoint(lower[max(0, at - 8) : at])
    return False


CHANGING = CLASSES["RED"] | CLASSES["IMP"]
SUBJECTS = frozenset(("we", "to", "can", "could", "may", "will", "they", "it"))
"""Words behind which "increase" is a verb."""


def settle_metric(ranking: list[Candidate], spot: Spot) -> None:
    """Put the metric first that a symbol before the number stands for, if no known one is."""
    known = ranking[0].name in lexicon.metrics()
    if not known and (name := symbol_metric(spot)) is not None:
        ranking.insert(0, Candidate(name, "symbol = N", probability=SURE))


def settle_model(ranking: list[Candidate], spot: Spot) -> None:
    """Put the model first that a row of models gives a number: "75.1% for A, 82.0% for B"."""
    name = _beside(spot.scene, spot.at)
    if name is None or name.text == ranking[0].name:
        return
    beside = (_beside(spot.scene, at) for at in spot.scene.sentence.quantities)
    row = [other.text for other in beside if other is not None]
    if len(row) > 1 and 2 * sum(map(looks_like_model, row)) >= len(row):
        ranking.insert(0, Candidate(name.text, "row of models", name.text, probability=SURE))


def _beside(scene: Scene, at: int) -> Mention | None:
    """Return the name in "N for NAME", "N (NAME)" or "NAME (N)"."""
    lower = scene.sentence.lower
    before, after = lower[at - 1 : at], lower[at + 1 : at + 2]
    if before == ["("] and after == [")"]:
        return next((name for name in model_names(scene) if name.last == at - 1), None)
    if after not in (["for"], ["("]):
        return None
    first = at + 3 if lower[at + 2 : at + 3] in (["the"], ["a"], ["an"]) else at + 2
    name = next((name for name in model_names(scene) if name.first == first), None)
    is_whole = after == ["for"] or name is None or lower[name.last : name.last + 1] == [")"]
    return name if is_whole else None


SYMBOLS = {"r": "Pearson correlation", "ρ": "Spearman correlation", "κ": "kappa"}
TAKEN = {"pearson": "Pearson correlation", "spearman": "Spearman correlation"}
"""Names that tell a correlation whatever its symbol."""


def symbol_metric(spot: Spot) -> str | None:
    """Read "r = 0.83", unless the words before say what else the letter stands for."""
    lower, first = spot.scene.sentence.lower, spot.group.first
    if first < 2 or lower[first - 1] not in "=>≥~<≤" or spot.quantity.value > 1:
        return None
    name = SYMBOLS.get(lower[first - 2])
    before = lower[max(0, first - 9) : first - 2]
    if name is None or "effect" in before or "ratio" in before:
        return None
    told = [TAKEN[word] for word in before if word in TAKEN]
    return name if name == "kappa" or not told else told[-1]


def settle_sign(spot: Spot, metric: str | None) -> bool | None:
    """Return false for "-0.3 points" and "a 2% accuracy drop", true for "3 points ahead"."""
    if spot.quantity.minus is not None or is_fraction(spot):
        return False
    if (is_ahead := _lead(spot)) is not None:
        return is_ahead
    if (is_up := went_up(spot)) is not None:
        return is_up
    quantity, last = spot.quantity, spot.group.last
    if quantity.unit != "x":
        noun = _fall(spot)
        is_worse_higher = noun in WORSENING and lexicon.higher_is_better(metric) is False
        return is_worse_higher if noun is not None else tell_sign(spot, metric)
    behind = spot.scene.sentence.lower[last + 1 : last + 2]
    if behind == ["the"]:
        return quantity.value > 1 if quantity.value_max is None else None
    return tell_sign(spot, metric)


WORSENING = frozenset(("degradation", "deterioration"))
FALLING = frozenset(("drop", "decline", "decrease", "reduction"))
LOST = frozenset(("accuracy", "performance", "quality", "precision", "recall", "f1", "fidelity"))
"""Of what a loss is less of it; other losses are metrics."""
APART = frozenset(
    (",", ".", ";", ":", "(", ")", "and", "or", "but", "with", "without", "while", "no", "in",
     "on", "over", "from", "to", "for", "than", "is", "are", "was", "any")
)  # fmt: skip


def _fall(spot: Spot) -> str | None:
    """Return the noun of "2% drop", "2% accuracy degradation", "2% accuracy loss"."""
    sentence, last = spot.scene.sentence, spot.group.last
    for at in range(last + 1, min(last + 4, len(sentence.lower))):
        word = sentence.lower[at]
        if word in WORSENING or word in FALLING:
            return word
        if word == "loss":
            return word if sentence.lower[at - 1] in LOST else None
        if word in APART or at in sentence.quantities:
            return None
    return None


BEFORE = re.compile(
    r"(?:\b(?:previous|prior|earlier|former) (?:best|sota|state-of-the-art|record|state of the art)"
    r"(?: (?:result|score|method|model))?(?: (?:is|was|of|at|:|\())?"
    r"|\bpreviously|\b(?:up|down) from)(?: (?:about|around|only|just|at most|~|a|an))? $"
)
"""What stands before a number that was there before the paper."""
BEFORE_WORDS = frozenset(
    ("previously", "from", "best", "sota", "state-of-the-art", "record", "art")
)
"""One of these is among them."""
OWN_WORK = re.compile(r"\b(?:we|our|this (?:paper|work|study|article|report)|in this)\b", re.I)
OF_OTHERS = re.compile(
    r"\b(?:existing|recent|recently|current|state-of-the-art|while|although|despite|though"
    r"|traditional|conventional|prior|previous|even|typically|frontier|leading|popular|now|most)\b",
    re.I,
)
"""Words by which a text tells of the state of its field."""
TURNING = re.compile(
    r"\s*(?:However|Yet|But|Nevertheless|Nonetheless|Unfortunately|Despite"
    r"|To (?:address|bridge|close|fill|tackle|overcome))\b"
)
BACKGROUND = 3
"""So many sentences at the beginning may tell what was known before."""
EXAMPLE = re.compile(r"\b(?:e\.g|eg|such as|for example|for instance)\b[ .,]*$")


def settle_owner(spot: Spot, text: str, names: OwnNames, kind: Kind) -> bool | None:
    """Return true for the paper's own number, false for another's, None where it is not settled."""
    if kind != "absolute":
        return None
    if spot.group.is_change and spot.quantity.unit != "x":
        return spot.member >= spot.group.turn
    is_of_others = (
        _was_before(spot)
        or (_is_second(spot) and MADE.search(text) is not None)
        or _is_of_baseline(spot)
        or _is_contrasted(spot)
        or is_of_other_work(spot, text)
        or _is_background(spot, text, names)
    )
    return False if is_of_others else None


def _was_before(spot: Spot) -> bool:
    """Return true for "up from 58.8%", "the previous best of 46.6%", "fell from 3.2%"."""
    lower, at = spot.scene.sentence.lower, spot.at
    near = lower[max(0, at - 10) : at]
    if not BEFORE_WORDS.isdisjoint(near) and BEFORE.search(" ".join(near) + " "):
        return True
    quantities = spot.scene.sentence.quantities
    for place in (at - 2, at - 3):
        value = quantities.get(place)
        if value is None or lower[place + 1 : at] not in (["from"], ["(", "from"]):
            continue
        return value.unit == spot.quantity.unit and "to" in lower[max(0, place - 3) : place]
    return False


def _is_of_baseline(spot: Spot) -> bool:
    """Return true for "the strong baseline reaches 97.7%", but not "our baseline reaches 97.7%"."""
    lower, kinds = spot.scene.sentence.lower, spot.scene.classes
    for at in range(spot.at - 1, max(0, spot.at - 8), -1):
        if kinds[at] in ("#", "CMP", ";") or lower[at] == "by":
            return False
        if kinds[at] == "ACH":
            subject = lower[max(0, at - 6) : at]
            return subject[-1:] in (["baseline"], ["baselines"]) and "our" not in subject
    return False


def _is_second(spot: Spot) -> bool:
    """Return true for the 43.1 of "45.2 vs. 43.1"."""
    return spot.group.versus and spot.member >= spot.group.turn


EARLIER = frozenset(("existing", "prior", "previous", "conventional", "traditional", "earlier"))
WORKS = frozenset(("methods", "approaches", "techniques", "systems", "work", "works", "solutions"))
CONTRASTED = frozenset(("ours", "our", "we"))


def _is_contrasted(spot: Spot) -> bool:
    """Return true for "existing methods reach 31%, whereas ours reaches 64%"."""
    lower, kinds = spot.scene.sentence.lower, spot.scene.classes
    for at in range(spot.at - 1, max(0, spot.at - 8), -1):
        if kinds[at] in ("#", "CMP", ";") or lower[at] in ("by", ","):
            return False
        if kinds[at] == "ACH":
            subject = lower[max(0, at - 4) : at]
            is_theirs = not EARLIER.isdisjoint(subject) and subject[-1] in WORKS
            return is_theirs and not CONTRASTED.isdisjoint(lower[spot.at :])
    return False


def _is_background(spot: Spot, text: str, names: OwnNames) -> bool:
    """Return true for a number of the first sentences, which tell of the work of others."""
    sentence = spot.scene.sentence
    if sentence.index >= BACKGROUND:
        return False
    own = OWN_WORK.search(text)
    if own is None or sentence.end > own.start():
        return False
    shown, so_far = text[sentence.start : sentence.end], text[: sentence.end]
    if any(name and name in so_far for name in (names.title, names.called)):
        return _is_example(spot, names)
    return (
        OF_OTHERS.search(shown) is not None
        or TURNING.match(text, sentence.end) is not None
        or _is_example(spot, names)
    )


def _is_example(spot: Spot, names: OwnNames) -> bool:
    """Return true for "(e.g., BarNet achieves 97.0%)" where BarNet is not the paper's own."""
    before = [mention for mention in model_names(spot.scene) if mention.last <= spot.group.first]
    if not before:
        return False
    name = before[-1]
    is_own = "=" in resemblance(name.text, names.title) + resemblance(name.text, names.called)
    return not is_own and EXAMPLE.search(_words_before(spot.scene.sentence, name.first)) is not None


def _words_before(sentence: Sentence, at: int) -> str:
    return " ".join(sentence.lower[max(0, at - 6) : at])
