"""Describe how a candidate stands to a number, for the scorer behind the encoder."""

import math
from collections.abc import Sequence

from etl.extract import lexicon
from etl.extract.candidates import Candidate, relate
from etl.extract.dataset_features import family_of
from etl.extract.deep.document import Place
from etl.extract.number_features import Spot

BOUNDS = (1, 2, 3, 4, 6, 8, 11, 15, 20, 28, 40, 60, 90, 150)


def describe_pairs(
    spot: Spot,
    candidates: Sequence[Candidate],
    places: Sequence[Place | None],
    at: Place,
    history: Sequence[tuple[Spot, str | None]],
    about: str,
) -> list[list[str]]:
    """Return the features of every candidate; `about` is the kind and what metric a set is for."""
    left = sorted({place for place in places if place and place[0] < at[0]}, reverse=True)
    right = sorted({place for place in places if place and place[0] > at[0]})
    size, member = min(len(spot.group.members), 5), min(spot.member, 4)
    many = min(len(candidates), 12)
    shared = [f"unit={spot.unit}", f"cue={spot.cue}", f"many={many}", f"list={size} {member}"]
    before = history[-1] if history else None
    relation = relate(before[0], spot) if before else "first"
    found = []
    for candidate, place in zip(candidates, places, strict=True):
        rule, name = candidate.rule, candidate.name
        features = [f"rule={rule}", f"rule,unit={rule} {spot.unit}", f"rule,about={rule} {about}"]
        features += [f"{rule[:6]} {feature}" for feature in shared]
        features.append(f"family={family_of(name)} {spot.unit}")
        if about == "":
            features.append(f"name={name}" if name in lexicon.metrics() else "name=open")
        if before is not None:
            features.append(f"history={relation} {before[1] == name} {name is None}")
        else:
            features.append(f"history=first {name is None}")
        if place is None:
            features.append(f"nowhere={rule}")
        else:
            side, order = ("L", left.index(place)) if place in left else ("R", 0)
            if place in right:
                order = right.index(place)
            order = min(order, 6)
            far = place[0] - at[1] if side == "R" else at[0] - place[1]
            features += [
                f"far={side} {bucket(far)}",
                f"order={side} {order}",
                f"zip={side} {order} {size} {member}",
                f"order,rule={side} {order} {rule}",
            ]
        found.append(features)
    return found


def as_signs(logarithms: Sequence[float]) -> list[list[float]]:
    """Return what the scorer is told of the logarithms of probabilities.

    >>> as_signs([0.0, -20.0])[0]
    [0.0, 1.0, 1.0, 1.0]
    """
    top = max(logarithms)
    return [[log, math.exp(log), float(log == top), 1.0] for log in logarithms]


def bucket(distance: int) -> int:
    """Return a distance as one of a few classes.

    >>> bucket(0), bucket(5), bucket(1000)
    (0, 4, 14)
    """
    return sum(distance >= bound for bound in BOUNDS)
