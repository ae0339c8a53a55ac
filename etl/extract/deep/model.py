"""Score candidates by an encoder that has read the whole abstract, with numpy."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np

from etl.extract.deep.base_model import read_base
from etl.extract.deep.document import MARKS, Document, Place
from etl.extract.deep.layers import Array, gelu, linear, normed, through
from etl.extract.deep.pair_features import as_signs

WEIGHTS = "weights.npz"
"""What was learned: differences from the base encoder, and the scorers, in few bits."""
LAYERS = 6
NAMES = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "joined",
    "attention.output.LayerNorm": "norm1",
    "intermediate.dense": "wide",
    "output.dense": "narrow",
    "output.LayerNorm": "norm2",
}
"""What the base encoder calls the parts of a layer, and what they are called here."""


def base_weights(base: Mapping[str, Array]) -> dict[str, Array]:
    """Return the base encoder's weights under the names that they have here."""
    found = {
        "words": base["embeddings.word_embeddings.weight"],
        "type": base["embeddings.token_type_embeddings.weight"][0],
        "positions": base["embeddings.position_embeddings.weight"],
        "first_norm.weight": base["embeddings.LayerNorm.weight"],
        "first_norm.bias": base["embeddings.LayerNorm.bias"],
    }
    for index in range(LAYERS):
        for theirs, ours in NAMES.items():
            for kind in ("weight", "bias"):
                name = f"encoder.layer.{index}.{theirs}.{kind}"
                found[f"layers.{index}.{ours}.{kind}"] = base[name]
    return found


class Model:
    """The encoder and the scorers behind it."""

    def __init__(self, weights: Mapping[str, Array], features: Sequence[str], frozen: int) -> None:
        self._weights, self._frozen = weights, frozen
        self._known = {name: index for index, name in enumerate(features)}

    def encode(self, document: Document) -> Array:
        """Return the state of every word piece."""
        weights, size = self._weights, len(document.pieces)
        state = weights["words"][document.pieces] + weights["type"] + weights["positions"][:size]
        state = normed(state, weights, "first_norm")
        marks = np.zeros((size, len(MARKS)), np.float32)
        for piece, mark in document.marks:
            marks[piece, mark] = 1
        for index in range(LAYERS):
            if index == self._frozen:
                state = state + marks @ weights["marks.weight"].T
            state = through(state, weights, f"layers.{index}")
        return state

    def score(
        self,
        task: str,
        states: Array,
        number: Place,
        places: Sequence[Place | None],
        names: Sequence[Sequence[int]],
        features: Sequence[Sequence[str]],
        logarithms: Sequence[float],
    ) -> list[float]:
        """Score the candidates of a number, given the logarithms of their probabilities so far."""
        weights, own = self._weights, f"scorers.{task}"
        nowhere = weights[f"{own}.nowhere"]
        place = np.stack([nowhere if at is None else _mean(states, at) for at in places])
        at_number = _mean(states, number)
        words, known = weights["words"], weights[f"{own}.features.weight"]
        named = np.stack([words[pieces].mean(0) + weights["type"] for pieces in names])
        told = np.stack([known[self._numbers(task, one)].sum(0) for one in features])
        product = linear(at_number, weights, f"{own}.left") * linear(place, weights, f"{own}.right")
        signs = np.array(as_signs(logarithms), np.float32)
        hidden = (
            linear(at_number, weights, f"{own}.number")
            + linear(place, weights, f"{own}.place")
            + product @ weights[f"{own}.product.weight"].T / np.float32(product.shape[1] ** 0.5)
            + named @ weights[f"{own}.name.weight"].T
            + told
            + signs @ weights[f"{own}.linear.weight"].T
        )
        hidden = gelu(linear(gelu(hidden), weights, f"{own}.second"))
        scores = (
            linear(hidden, weights, f"{own}.out")[:, 0] + weights[f"trust.{task}"] * signs[:, 0]
        )
        return [float(score) for score in scores]

    def score_role(self, states: Array, number: Place, logarithms: Sequence[float]) -> list[float]:
        """Score both roles of a number, given the logarithms of their probabilities so far."""
        weights = self._weights
        hidden = gelu(linear(_mean(states, number), weights, "outcomes.role.hidden"))
        scores = linear(hidden, weights, "outcomes.role.out")
        scores = scores + weights["trust.role"] * np.array(logarithms, np.float32)
        return [float(score) for score in scores]

    def _numbers(self, task: str, features: Sequence[str]) -> list[int]:
        found = (self._known.get(f"{task} {name}") for name in features)
        return [index for index in found if index is not None]


def _mean(states: Array, place: Place) -> Array:
    found: Array = states[slice(*place)].mean(0)
    return found


def unpacked(packed: Mapping[str, Array], base: Mapping[str, Array]) -> dict[str, Array]:
    """Restore weights: whole numbers times the scale of their row, added to the base's if any.

    >>> packed = {"a": np.array([[2, -4]], np.int8), "a scale": np.array([0.5], np.float16)}
    >>> unpacked(packed, {"a": np.array([[1.0, 1.0]], np.float32)})["a"].tolist()
    [[2.0, -1.0]]
    """
    found = dict(base)
    for name, values in packed.items():
        if name.endswith(" scale"):
            continue
        value = values.astype(np.float32)
        if f"{name} scale" in packed:
            value *= packed[f"{name} scale"].astype(np.float32)[:, None]
        found[name] = value + base[name] if name in base else value
    return found


@cache
def shipped_model() -> Model:
    """Return the model of the weights beside this module; they are read once."""
    return read_model((files(__package__) / WEIGHTS).read_bytes())


def read_model(content: bytes) -> Model:
    """Return the model of packed weights, on top of the base encoder."""
    packed = dict(np.load(BytesIO(content)))
    features = packed.pop("features").tobytes().decode().split("\n")
    frozen = int(packed.pop("frozen"))
    return Model(unpacked(packed, base_weights(read_base())), features, frozen)
