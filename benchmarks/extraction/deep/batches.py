"""Put encoded papers into batches of tensors."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from benchmarks.extraction.deep.encoded import Encoded, Pairs, numbered
from benchmarks.extraction.deep.net import OUTCOMES, SIGNS, TASKS
from etl.extract.deep.document import MARKS
from etl.extract.deep.pair_features import as_signs

MASK = 103
"""The word piece that stands for a hidden one."""


@dataclass(slots=True)
class Choices:
    """All choices of one task in a batch, candidate by candidate."""

    rows: Tensor
    number: Tensor
    """First and last piece of the number, for every candidate."""
    place: Tensor
    """The same of the candidate; (0, 0) for one that stands nowhere."""
    names: tuple[Tensor, Tensor]
    """Word pieces of all names, and where each begins."""
    features: tuple[Tensor, Tensor]
    linear: Tensor
    """Logarithms of the log-linear probabilities; zero where they are withheld."""
    signs: Tensor
    """The same as inputs of the scorer."""
    right: Tensor
    group: Tensor
    """Of every candidate, the index of its choice."""
    weight: Tensor
    pairs: list[Pairs]


@dataclass(slots=True)
class Batch:
    """Some papers as tensors."""

    pieces: Tensor
    marks: Tensor
    mask: Tensor
    tasks: dict[str, Choices]


@dataclass(frozen=True, slots=True)
class Noise:
    """The shares of the input that are hidden in training."""

    words: float = 0.1
    history: float = 0.2
    names: float = 0.3
    """In this share of the choices no candidate has a name."""
    features: float = 0.15
    linear: float = 0.25
    """In this share of the choices the encoder has to do without the log-linear scores."""


def make_batch(
    papers: Sequence[Encoded],
    known: dict[str, int],
    noise: Noise | None = None,
    draw: random.Random | None = None,
) -> Batch:
    """Make tensors of some papers; with noise, words and what came before are hidden at times."""
    size = max(len(paper.pieces) for paper in papers)
    pieces = torch.zeros(len(papers), size, dtype=torch.long)
    marks = torch.zeros(len(papers), size, len(MARKS))
    mask = torch.full((len(papers), 1, 1, size), float("-inf"))
    for row, paper in enumerate(papers):
        pieces[row, : len(paper.pieces)] = torch.tensor(paper.pieces)
        mask[row, 0, 0, : len(paper.pieces)] = 0.0
        if paper.marks:
            where = torch.tensor(paper.marks)
            marks[row, where[:, 0], where[:, 1]] = 1.0
    if noise:
        hidden = (torch.rand(pieces.shape) < noise.words) & (pieces > MASK)
        pieces = torch.where(hidden, torch.tensor(MASK), pieces)
    tasks = {
        task: found
        for task in (*TASKS, *OUTCOMES)
        if (found := _choices(papers, task, known, noise, draw)) is not None
    }
    return Batch(pieces, marks, mask, tasks)


def _choices(
    papers: Sequence[Encoded],
    task: str,
    known: dict[str, int],
    noise: Noise | None,
    draw: random.Random | None,
) -> Choices | None:
    rows, numbers, places, group, linear, right = [], [], [], [], [], []
    names: list[list[int]] = []
    features: list[list[int]] = []
    weights: list[float] = []
    all_pairs: list[Pairs] = []
    signs: list[list[float]] = []
    before = {index for name, index in known.items() if f"{task} history=" in name}
    for row, paper in enumerate(papers):
        for pairs in paper.choices:
            if pairs.task != task:
                continue
            weights.append(paper.weight)
            withheld = noise and draw and task in TASKS and draw.random() < noise.linear
            linear += [0.0] * len(pairs.linear) if withheld else pairs.linear
            signs += [[0.0] * SIGNS] * len(pairs.linear) if withheld else as_signs(pairs.linear)
            right += pairs.right
            group += [len(all_pairs)] * len(pairs.right)
            all_pairs.append(pairs)
            if task in OUTCOMES:
                rows.append(row)
                numbers.append(pairs.number)
                continue
            rows += [row] * len(pairs.right)
            numbers += [pairs.number] * len(pairs.right)
            places += [place or (0, 0) for place in pairs.places]
            nameless = noise and draw and draw.random() < noise.names
            names += [[]] * len(pairs.names) if nameless else pairs.names
            own = numbered(pairs, known)
            if noise and draw and draw.random() < noise.history:
                own = [[index for index in one if index not in before] for one in own]
            if noise and draw:
                own = [[i for i in one if draw.random() >= noise.features] for one in own]
            features += own
    if not all_pairs:
        return None
    return Choices(
        torch.tensor(rows),
        torch.tensor(numbers),
        torch.tensor(places),
        _bags(names),
        _bags(features),
        torch.tensor(linear),
        torch.tensor(signs),
        torch.tensor(right, dtype=torch.float),
        torch.tensor(group),
        torch.tensor(weights),
        all_pairs,
    )


def _bags(lists: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    flat: list[int] = []
    starts: list[int] = []
    for one in lists:
        starts.append(len(flat))
        flat += one
    return torch.tensor(flat, dtype=torch.long), torch.tensor(starts, dtype=torch.long)


def in_batches(
    papers: Sequence[Encoded], size: int, draw: random.Random | None = None
) -> Iterator[list[Encoded]]:
    """Yield papers of like length together, in random order where there is something to draw."""
    jitter = draw.random if draw else (lambda: 0.0)
    ordered = sorted(papers, key=lambda paper: len(paper.pieces) + 30 * jitter())
    parts = [list(ordered[at : at + size]) for at in range(0, len(ordered), size)]
    if draw:
        draw.shuffle(parts)
    yield from parts
