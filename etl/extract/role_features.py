"""Describe whose a number may be: the paper's own, or that of other work."""

from etl.extract.annotated_sentence import Scene
from etl.extract.model_candidates import OwnNames, model_names, resemblance
from etl.extract.number_features import Spot

BEFORE, BEHIND = 14, 5
"""So many words before a number and behind it may say whose it is."""
TELLING = frozenset(
    ("baseline", "baselines", "existing", "standard", "original", "previous", "previously",
     "prior", "best", "human", "humans", "expert", "experts", "off-the-shelf", "state-of-the-art",
     "sota", "leading", "frontier", "current", "only", "even", "just", "struggle", "struggles",
     "vanilla", "conventional", "traditional", "naive", "random", "chance", "competing",
     "strongest", "strong", "our", "ours", "we", "proposed", "it", "its", "alone", "base",
     "compared", "than", "versus", "vs", "against", "surpassing", "outperforming", "outperforms",
     "over", "respectively", "while", "whereas", "without", "methods", "models", "top", "teacher")
)  # fmt: skip
"""Words that may tell whose a number is."""
CLAUSES = frozenset((";", "while", "whereas", "but", "which"))


def describe_owner(spot: Spot, names: OwnNames, kind: str, *, own_benchmark: bool) -> list[str]:
    """List the features for a number being the paper's own."""
    scene, group = spot.scene, spot.group
    lower = scene.sentence.lower
    left = _clause(lower, group.first)
    behind = lower[group.last + 1 : group.last + 1 + BEHIND]
    alone = len(group.members) == 1
    place = "alone" if alone else "first" if spot.member < group.turn else "later"
    listed = "versus" if group.versus else "change" if group.is_change else "list"
    made, name = _made(names, scene), _nearest_name(spot, names)
    return [
        *[f"own<{word}={kind}" for word in TELLING.intersection(left)],
        *[f"own>{word}={kind}" for word in TELLING.intersection(behind)],
        f"own<<{_nearest(left)} {kind}",
        f"own,place={listed} {place} {kind}", f"own,made={made} {own_benchmark} {kind}",
        f"own,name={name} {kind}",
        f"own,made,name={made} {name} {own_benchmark}",
    ]  # fmt: skip


def _nearest(left: list[str]) -> str:
    """Return the nearest telling word before a number, and whether it stands close to it."""
    for far, word in enumerate(reversed(left)):
        if word in TELLING:
            return f"{word}={far < CLOSE}"
    return "none="


CLOSE = 5


def _clause(lower: list[str], first: int) -> list[str]:
    """Return the words before a number that belong to its clause."""
    begin = max(0, first - BEFORE)
    for at in range(first - 1, begin, -1):
        if lower[at] in CLAUSES:
            return lower[at:first]
    return lower[begin:first]


def _made(names: OwnNames, scene: Scene) -> str:
    """Return whether the text has said what the paper proposes when it comes to this sentence."""
    if names.said_at is None:
        return "never"
    return "before" if names.said_at < scene.sentence.end else "later"


def _nearest_name(spot: Spot, names: OwnNames) -> str:
    """Return how the nearest model before the number stands to the paper's own."""
    for mention in reversed(model_names(spot.scene)):
        if mention.last <= spot.group.first:
            return resemblance(mention.text, names.title) + resemblance(mention.text, names.called)
    return "none"
