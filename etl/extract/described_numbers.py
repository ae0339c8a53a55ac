"""Exclude numbers that describe data, people, scales and settings, and report no result."""

from etl.extract.tokens import Sentence


def is_description(sentence: Sentence, at: int) -> bool:
    """Return true if the number only describes what a paper works with or what is known."""
    quantity, lower = sentence.quantities[at], sentence.lower
    unit = quantity.unit
    if unit == "%":
        return _is_share(lower, at)
    if unit in DURATIONS:
        return _is_length_of_data(lower, at)
    if unit in RATES:
        return not RECORDED.isdisjoint(lower[max(0, at - 6) : at])
    if quantity.scaled:
        return _is_bound_of_models(lower, at)
    return _is_set(sentence, at) or (unit is None and at > 0 and _is_bare(lower, at))


def _is_share(lower: list[str], at: int) -> bool:
    """Return true for "49% male", "40% of the population", "a 50% token budget"."""
    behind = lower[at + 1 : at + 6]
    if not GENDERS.isdisjoint(behind[:1]):
        return True
    if behind[:1] == ["of"]:
        is_world = not PEOPLE.isdisjoint(behind[1:]) or "world" in behind[1:]
        return is_world or _is_part_of_image(behind[1:])
    if behind[:2] in SPLITS:
        return sum(lower[place : place + 2] in SPLITS for place in range(len(lower))) > 1
    return "budget" in behind[:3] and not LIMITING.isdisjoint(lower[max(0, at - 4) : at])


GENDERS = frozenset(("male", "female", "males", "females", "non-binary", "nonbinary"))
PEOPLE = frozenset(("population", "households"))
LIMITING = frozenset(("under", "within", "with", "at", "given"))
SPLITS = (["for", "validation"], ["for", "testing"], ["for", "training"])
PARTS = frozenset(("area", "surface", "pixels", ",", ".", "and"))


def _is_part_of_image(words: list[str]) -> bool:
    """Return true for "the image area" and "the image, ..."; words are those behind "of"."""
    if words[:1] != ["the"] or "image" not in words[1:3]:
        return False
    following = words[words.index("image") + 1 :]
    return not following or following[0] in PARTS


DURATIONS = frozenset(("s", "min", "h"))
FILMS = frozenset(
    ("videos", "video", "clips", "recordings", "segments", "utterances", "audio", "short-duration",
     "long-duration")
)  # fmt: skip
SIGNS = frozenset(("<", ">", "≤", "≥", "~", "up", "to", "about", "over"))


def _is_length_of_data(lower: list[str], at: int) -> bool:
    """Return true for "short videos (< 10 seconds)"."""
    place = at - 1
    while place > 0 and lower[place] in SIGNS:
        place -= 1
    return place > 0 and lower[place] == "(" and lower[place - 1] in FILMS


RATES = frozenset(("FPS", "Hz", "kHz"))
RECORDED = frozenset(("recorded", "captured", "sampled", "acquired"))

MODELS = frozenset(("models", "llms", "vlms", "mllms", "slms", "networks"))
BOUNDS = frozenset(("under", "below", "than", "≤", "<", "leq"))
BESIDE_BOUNDS = frozenset(("(", "with", "fewer", "less", "of"))


def _is_bound_of_models(lower: list[str], at: int) -> bool:
    """Return true for "the best of all models under 10B parameters": which ones."""
    if "parameters" not in lower[at + 1 : at + 3]:
        return False
    place = at - 1
    while place > 0 and (lower[place] in BOUNDS or lower[place] in BESIDE_BOUNDS):
        place -= 1
    return lower[place] in MODELS and not BOUNDS.isdisjoint(lower[place + 1 : at])


GREEK = frozenset(("epsilon", "lambda", "sigma", "gamma", "theta", "eta"))


def _is_set(sentence: Sentence, at: int) -> bool:
    """Return true for "(IQR: 2, 18)" and "with a standard deviation of 2"."""
    lower = sentence.lower
    before = lower[max(0, at - 4) : at]
    if before[-3:] == ["standard", "deviation", "of"] and sentence.quantities.keys() - {at}:
        return not LESSENED.isdisjoint(lower[max(0, at - 7) : at - 3])
    if "iqr" in before:
        return True
    place = at - 1
    while place > 0 and (lower[place] == "," or place in sentence.quantities):
        place -= 1
    return lower[place] == "(" and "temperature" in lower[max(0, place - 3) : place]


LESSENED = frozenset(("with", "and"))
"""What ties a deviation to the mean before it."""
PROGRAMS = frozenset(("wav2vec", "vtm", "hm"))


def _is_bare(lower: list[str], at: int) -> bool:
    """Return true for exponents, versions, "No. 1" and "epsilon = 0.5"."""
    before = lower[at - 1]
    if before in PROGRAMS or before in ("^", "#"):
        return True
    if before == ".":
        return lower[at - 2 : at - 1] == ["no"]
    return before in "=<>≤≥" and at > 1 and lower[at - 2] in GREEK
