"""Define the encoder and the scorers behind it, for training with PyTorch.

At reading time `etl.extract.deep` computes the same with numpy.
"""

import math
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

SIZE, HEADS = 384, 12
HIDDEN = 128
"""Width of the scorers."""
OUTCOMES = {"kind": 3, "role": 2}
NARROW = 64
SIGNS = 4
"""What the scorer is told of the log-linear score: logarithm, probability, whether it is the
highest, and whether it is told."""
TASKS = ("metric", "dataset")
DROPOUT = 0.1
"""Of the encoder."""
HEAD_DROPOUT = 0.2


class Layer(nn.Module):
    """One layer of the encoder."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(SIZE, SIZE) for _ in range(3))
        self.joined = nn.Linear(SIZE, SIZE)
        self.wide, self.narrow = nn.Linear(SIZE, 4 * SIZE), nn.Linear(4 * SIZE, SIZE)
        self.norm1, self.norm2 = nn.LayerNorm(SIZE, 1e-12), nn.LayerNorm(SIZE, 1e-12)

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        """Read the state of every piece in the light of all others."""
        rows, length, _ = state.shape

        def parted(linear: nn.Linear) -> Tensor:
            whole = cast(Tensor, linear(state)).view(rows, length, HEADS, -1)
            return whole.transpose(1, 2).reshape(rows * HEADS, length, -1)

        query, key, value = parted(self.query), parted(self.key), parted(self.value)
        likeness = torch.bmm(query * (HEADS / SIZE) ** 0.5, key.transpose(1, 2))
        likeness = likeness.view(rows, HEADS, length, length) + mask.to(likeness.dtype)
        shares = likeness.softmax(-1).to(value.dtype).view(rows * HEADS, length, length)
        seen = torch.bmm(shares, value).view(rows, HEADS, length, -1).transpose(1, 2)
        joined = self.joined(seen.reshape(rows, length, SIZE))
        state = self.norm1(state + self._thinned(joined))
        wide = functional.gelu(self.wide(state))
        return cast(Tensor, self.norm2(state + self._thinned(self.narrow(wide))))

    def _thinned(self, state: Tensor) -> Tensor:
        """Drop some columns of every text while training; the same ones for all of its pieces."""
        if not self.training:
            return state
        kept = (torch.rand(state.shape[0], 1, SIZE) >= DROPOUT) / (1 - DROPOUT)
        return state * kept.to(state.dtype)


class PairScorer(nn.Module):
    """Scores a candidate for a number by both states, its name, features and linear score."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.number, self.place = nn.Linear(SIZE, HIDDEN), nn.Linear(SIZE, HIDDEN)
        self.left, self.right = nn.Linear(SIZE, HIDDEN), nn.Linear(SIZE, HIDDEN)
        self.product = nn.Linear(HIDDEN, HIDDEN, bias=False)
        self.name = nn.Linear(SIZE, HIDDEN, bias=False)
        self.features = nn.EmbeddingBag(features, HIDDEN, mode="sum")
        self.nowhere = nn.Parameter(torch.zeros(SIZE))
        self.linear = nn.Linear(SIGNS, HIDDEN, bias=False)
        self.second = nn.Linear(HIDDEN, NARROW)
        self.out = nn.Linear(NARROW, 1)
        self.drop = nn.Dropout(HEAD_DROPOUT)
        nn.init.normal_(self.features.weight, std=0.05)

    def forward(
        self,
        number: Tensor,
        place: Tensor,
        name: Tensor,
        features: tuple[Tensor, Tensor],
        linear: Tensor,
    ) -> Tensor:
        """Return the score of every candidate."""
        number, place, name = self.drop(number), self.drop(place), self.drop(name)
        product = self.left(number) * self.right(place) / math.sqrt(HIDDEN)
        hidden = (
            self.number(number)
            + self.place(place)
            + self.product(product)
            + self.name(name)
            + self.features(*features)
            + self.linear(linear)
        )
        hidden = functional.gelu(self.second(self.drop(functional.gelu(hidden))))
        return cast(Tensor, self.out(self.drop(hidden)))[:, 0]


class Outcome(nn.Module):
    """Scores kinds or roles by the state of the number."""

    def __init__(self, choices: int) -> None:
        super().__init__()
        self.hidden, self.out = nn.Linear(SIZE, NARROW), nn.Linear(NARROW, choices)
        self.drop = nn.Dropout(HEAD_DROPOUT)

    def forward(self, number: Tensor) -> Tensor:
        """Return the score of every choice."""
        hidden = functional.gelu(self.hidden(self.drop(number)))
        return cast(Tensor, self.out(self.drop(hidden)))


class Net(nn.Module):
    """The encoder with marks fed in above its frozen layers, and all scorers."""

    def __init__(self, layers: int, frozen: int, words: Tensor, marks: int, features: int) -> None:
        super().__init__()
        self.frozen = frozen
        self.register_buffer("words", words)
        self.register_buffer("positions", torch.zeros(512, SIZE))
        self.first_norm = nn.LayerNorm(SIZE, 1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.marks = nn.Linear(marks, SIZE, bias=False)
        nn.init.normal_(self.marks.weight, std=0.02)
        self.scorers = nn.ModuleDict({task: PairScorer(features) for task in TASKS})
        self.outcomes = nn.ModuleDict({task: Outcome(size) for task, size in OUTCOMES.items()})
        self.trust = nn.ParameterDict(
            {task: nn.Parameter(torch.ones(1)) for task in (*TASKS, *OUTCOMES)}
        )

    def encode(self, pieces: Tensor, marks: Tensor, mask: Tensor) -> Tensor:
        """Return the state of every piece of every text."""
        words, positions = cast(Tensor, self.words), cast(Tensor, self.positions)
        with torch.no_grad():
            state = self.first_norm(words[pieces] + positions[: pieces.shape[1]])
            for layer in self.layers[: self.frozen]:
                state = layer(state, mask)
        state = state + self.marks(marks)
        for layer in self.layers[self.frozen :]:
            state = layer(state, mask)
        return cast(Tensor, state)
