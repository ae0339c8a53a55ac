"""Form an opinion on the numbers of an abstract by the encoder."""

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from etl.extract.candidates import Candidate
from etl.extract.deep.document import Document, Tokenizer, find_places, make_document
from etl.extract.deep.layers import Array
from etl.extract.deep.model import Model
from etl.extract.deep.pair_features import describe_pairs
from etl.extract.linear_model import softmax
from etl.extract.number_features import Spot
from etl.extract.pipeline import Reading, Revise

LEAST = 1e-6
"""No candidate is less likely by the learned weights, as far as the encoder is told."""
SURE = math.log(0.98)
"""Where the learned weights are surer than this, the encoder is not asked, which saves time."""
LONGEST_NAME = 8
"""So many word pieces of a name are looked at."""
NO_NAME = "none"


class DeepOpinion:
    """The encoder's opinion on one abstract; it reads the text when it is first asked."""

    def __init__(
        self, model: Model, tokenizer: Tokenizer, reading: Reading, results: list[Spot]
    ) -> None:
        self._model, self._tokenizer = model, tokenizer
        self._reading, self._results = reading, results

    @cached_property
    def _document(self) -> Document:
        return make_document(self._reading, self._results, self._tokenizer)

    @cached_property
    def _states(self) -> Array:
        return self._model.encode(self._document)

    def on(
        self,
        choice: Literal["metric", "dataset"],
        spot: Spot,
        history: list[tuple[Spot, str | None]],
        kind: str,
    ) -> Revise:
        """Return what adds the encoder's scores to those of the learned weights."""

        def revise(candidates: list[Candidate], scores: list[float]) -> list[float]:
            so_far = logarithms(scores)
            if max(so_far) > SURE:
                return scores
            document = self._document
            number = document.place(spot.quantity.start, spot.quantity.end)
            if number is None:
                return scores
            before = history[-1][0] if history else None
            stretches = find_places(spot, candidates, self._reading.text, before)
            places = [None if one is None else document.place(*one) for one in stretches]
            features = describe_pairs(spot, candidates, places, number, history, kind)
            names = name_pieces([candidate.name for candidate in candidates], self._tokenizer)
            return self._model.score(choice, self._states, number, places, names, features, so_far)

        return revise

    def revise_role(self, spot: Spot, scores: list[float]) -> list[float]:
        """Add the encoder's scores of both roles to those of the learned weights."""
        so_far = logarithms(scores)
        if max(so_far) > SURE:
            return scores
        number = self._document.place(spot.quantity.start, spot.quantity.end)
        if number is None:
            return scores
        return self._model.score_role(self._states, number, so_far)


def name_pieces(names: Sequence[str | None], tokenizer: Tokenizer) -> list[list[int]]:
    """Return the word pieces of each candidate's name."""
    return [
        tokenizer.encode(name or NO_NAME, add_special_tokens=False).ids[:LONGEST_NAME] or [0]
        for name in names
    ]


def logarithms(scores: list[float]) -> list[float]:
    """Return the logarithms of the probabilities that scores stand for.

    >>> [round(value, 2) for value in logarithms([0.0, 0.0, -100.0])]
    [-0.69, -0.69, -13.82]
    """
    return [math.log(max(chance, LEAST)) for chance in softmax(scores)]
