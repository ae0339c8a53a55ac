"""Find the model that a number belongs to, its baseline and its task."""

import re

from etl.extract import lexicon
from etl.extract.annotated_sentence import Scene
from etl.extract.metric_mentions import find_tasks
from etl.extract.number_features import Spot
from etl.extract.tokens import Mention

COMPARING = frozenset(("than", "over", "versus", "vs", "vs.", "against", "to", "with", "relative"))
GENERAL = lexicon.words("general")
OWN_NAME = re.compile(r"^([^\W\d_]?[\w.+@^$-]*[A-Z0-9][\w.+@^$-]*)\s*:")
"""A title that begins with the method's name: "SMT: Scale-Aware ..."."""


def find_model(spot: Spot, title: str | None, *, own: bool) -> str | None:
    """Find the model that has this value.

    For an own result that is the sentence's subject or the name in the title.
    """
    names = _model_names(spot.scene)
    before = [mention for mention in names if mention.last <= spot.at]
    if not own:
        return before[-1].text if before and spot.at - before[-1].last <= 4 else None
    cue = _first_verb(spot)
    subjects = [mention for mention in before if mention.last <= cue]
    if subjects:
        return subjects[-1].text if len(subjects) == 1 else subjects[0].text
    match = OWN_NAME.match(title or "")
    return match.group(1) if match else None


def find_baseline(spot: Spot) -> str | None:
    """Find what a difference or factor is measured against, where it is named."""
    lower, kinds = spot.scene.sentence.lower, spot.scene.classes
    names = _model_names(spot.scene)
    for mention in names:
        if not spot.at < mention.first <= spot.at + 14:
            continue
        between = lower[spot.at + 1 : mention.first]
        if "#" in kinds[spot.at + 1 : mention.first]:
            break
        if not COMPARING.isdisjoint(between):
            return mention.text
    for mention in reversed(names):
        if mention.last <= spot.at and "OUT" in kinds[max(0, mention.first - 4) : mention.first]:
            return mention.text
    return None


def find_task(spot: Spot) -> str | None:
    """Find the task that the sentence names nearest to the number."""
    scene = spot.scene
    if scene.tasks is None:
        scene.tasks = find_tasks(scene.sentence)
    found = scene.tasks
    if not found:
        return None
    return min(found, key=lambda mention: abs(mention.first - spot.at)).name


def _model_names(scene: Scene) -> list[Mention]:
    """List names in the sentence that are no known dataset, metric or general abbreviation."""
    taken = {token for mention in scene.metrics for token in range(mention.first, mention.last)}
    return [
        mention
        for mention in scene.datasets
        if not mention.known
        and mention.first not in taken
        and mention.text.lower() not in GENERAL
        and any(sign.isupper() for sign in mention.text)
        and not mention.text.endswith(("Bench", "QA", "bench"))
    ]


def _first_verb(spot: Spot) -> int:
    """Return the token of the clause's result verb, or of the number if there is no verb."""
    kinds = spot.scene.classes
    for token in range(spot.at):
        if kinds[token] in ("ACH", "IMP", "RED", "OUT", "ACC", "KEEP", "BE"):
            return token
    return spot.at
