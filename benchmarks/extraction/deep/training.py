"""Train the encoder: `python -m benchmarks.extraction.deep.training FOLDER`.

FOLDER holds what `preparing` wrote. Every epoch leaves a checkpoint there and is judged on the
eighth of the later labels that is kept apart.
"""

import argparse
import copy
import math
import pickle
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from torch import Tensor

from benchmarks.extraction.deep.base import begin, words_of
from benchmarks.extraction.deep.batches import Batch, Choices, Noise, in_batches, make_batch
from benchmarks.extraction.deep.encoded import Encoded, vocabulary
from benchmarks.extraction.deep.net import OUTCOMES, TASKS, Net
from benchmarks.extraction.deep.parts import APART
from benchmarks.extraction.deep.preparing import PREPARED
from etl.extract.deep.base_model import read_base
from etl.extract.deep.document import MARKS

LAYERS = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """The length and the speed of a training."""

    minutes: float = 52.0
    """Of the clock; the rates fall to nothing by their end."""
    size: int = 12
    """Papers in a batch."""
    frozen: int = 2
    rate: float = 1.2e-4
    """Of the uppermost layer; each one below has `decay` of the one above it."""
    decay: float = 0.85
    head_rate: float = 7e-4
    slack: float = 0.04
    """This share of every loss asks for all candidates alike, so that none is too sure."""
    recent: float = 0.005
    """The weights that are kept are a mean over steps, in which the last one has this share."""
    warm: float = 0.06
    outcomes: float = 0.3
    """Weight of kinds and roles; kinds are only learned beside the rest, and not shipped."""


def states(summed: Tensor, rows: Tensor, places: Tensor) -> Tensor:
    """Return the mean state of the pieces of each place, from sums up to every piece."""
    first, last = places[:, 0], places[:, 1]
    found = summed[rows, last] - summed[rows, first]
    return found / (last - first).clamp(min=1)[:, None]


def candidate_scores(net: Net, summed: Tensor, task: str, choices: Choices) -> Tensor:
    """Return the net's own score of every candidate of a task."""
    number = states(summed, choices.rows, choices.number)
    if task in OUTCOMES:
        return cast(Tensor, net.outcomes[task](number)).reshape(-1)
    scorer = net.scorers[task]
    place = states(summed, choices.rows, choices.place)
    nowhere = (choices.place[:, 1] == 0)[:, None]
    place = torch.where(nowhere, cast(Tensor, scorer.nowhere), place)
    words = cast(Tensor, net.words)
    name = torch.nn.functional.embedding_bag(choices.names[0], words, choices.names[1], mode="mean")
    return cast(Tensor, scorer(number, place, name, choices.features, choices.signs))


def losses(scores: Tensor, choices: Choices, slack: float) -> Tensor:
    """Return of every choice minus the logarithm of the right candidates' share.

    A slack share of the loss is the same of all candidates, each for itself.
    """
    count = len(choices.pairs)

    def total(values: Tensor) -> Tensor:
        top = torch.full((count,), -1e9).scatter_reduce(0, choices.group, values, "amax")
        raised = torch.exp(values - top[choices.group])
        return top + torch.zeros(count).index_add(0, choices.group, raised).log()

    whole = total(scores)
    right = whole - total(scores.masked_fill(choices.right == 0, -1e4))
    sizes = torch.bincount(choices.group, minlength=count)
    mean = torch.zeros(count).index_add(0, choices.group, scores) / sizes
    return (1 - slack) * right + slack * (whole - mean)


def run(net: Net, batch: Batch) -> dict[str, Tensor]:
    """Return the net's own scores of all candidates of a batch, by task."""
    with torch.autocast("cpu", torch.bfloat16):
        encoded = net.encode(batch.pieces, batch.marks, batch.mask)
    encoded = encoded.float()
    summed = torch.cat([torch.zeros_like(encoded[:, :1]), encoded.cumsum(1)], 1)
    return {task: candidate_scores(net, summed, task, found) for task, found in batch.tasks.items()}


def loss_of(net: Net, batch: Batch, plan: Plan) -> Tensor:
    """Return the loss of a batch."""
    found = run(net, batch)
    parts = []
    for task, scores in found.items():
        choices = batch.tasks[task]
        each = losses(scores + net.trust[task] * choices.linear, choices, plan.slack)
        weight = choices.weight * (plan.outcomes if task in OUTCOMES else 1.0)
        parts.append((each * weight).sum())
    return torch.stack(parts).sum() / (6 * plan.size)


@torch.no_grad()
def judge(net: Net, papers: Sequence[Encoded], known: dict[str, int]) -> dict[str, list[Tensor]]:
    """Return for every task the net's score of each candidate, choice by choice, in order."""
    net.eval()
    scores: dict[int, list[float]] = {}
    for part in in_batches(papers, 16):
        batch = make_batch(part, known)
        for task, found in run(net, batch).items():
            choices = batch.tasks[task]
            for index, pairs in enumerate(choices.pairs):
                scores[id(pairs)] = found[choices.group == index].tolist()
    return {
        task: [
            torch.tensor(scores[id(pairs)])
            for paper in papers
            for pairs in paper.choices
            if pairs.task == task
        ]
        for task in (*TASKS, *OUTCOMES)
    }


def tell(net: Net, papers: Sequence[Encoded], known: dict[str, int]) -> str:
    """Tell the share right by the log-linear score and with the encoder, with the log-losses."""
    found, lines = judge(net, papers, known), []
    for task, scores in found.items():
        pairs = [p for paper in papers for p in paper.choices if p.task == task]
        trust = float(net.trust[task])
        cells = []
        for linear, own in ((1.0, 0.0), (trust, 1.0)):
            right, loss = 0, 0.0
            for one, score in zip(pairs, scores, strict=True):
                chances = torch.softmax(linear * torch.tensor(one.linear) + own * score, 0)
                good = torch.tensor(one.right)
                right += bool(good[int(chances.argmax())])
                loss -= math.log(max(float(chances[good].sum()), 1e-9))
            cells.append(f"{right / len(pairs):.3f} ({loss / len(pairs):.3f})")
        lines.append(f"{task}: linear {cells[0]}, with the encoder {cells[1]}")
    return "; ".join(lines)


def optimiser(net: Net, plan: Plan) -> torch.optim.Optimizer:
    """Make the optimiser, with a rate for each layer."""
    groups = []
    for index, layer in enumerate(net.layers):
        if index < plan.frozen:
            layer.requires_grad_(False)
            continue
        rate = plan.rate * plan.decay ** (LAYERS - 1 - index)
        groups.append({"params": list(layer.parameters()), "lr": rate})
    net.first_norm.requires_grad_(False)
    heads = [net.marks, net.scorers, net.outcomes, net.trust]
    groups.append(
        {"params": [p for part in heads for p in part.parameters()], "lr": plan.head_rate}
    )
    return torch.optim.AdamW(groups, weight_decay=0.05, betas=(0.9, 0.98))


SURE, SELDOM = 0.97, 0.35
"""Papers whose every choice the log-linear scores get right so surely are seen in this share of
the epochs."""


def is_sure(paper: Encoded) -> bool:
    """Return true if there is little to learn from a paper."""
    shares = [
        sum(math.exp(log) for log, good in zip(pairs.linear, pairs.right, strict=True) if good)
        for pairs in paper.choices
        if pairs.task in TASKS
    ]
    return min(shares, default=1.0) > SURE


@torch.no_grad()
def follow(kept: Net, net: Net, share: float) -> None:
    """Move the weights that are kept towards those of the last step."""
    for mean, last in zip(kept.parameters(), net.parameters(), strict=True):
        if last.requires_grad:
            mean.lerp_(last, share)


def slope(spent: float, warm: float) -> float:
    """Return the share of the full rate at a share of the time: it rises shortly, then falls.

    >>> slope(0.03, 0.06), slope(0.53, 0.06), slope(1.0, 0.06)
    (0.5, 0.5, 0.0)
    """
    return min(max(spent / warm, 0.01), (1 - spent) / (1 - warm))


def train(
    papers: Sequence[Encoded], folder: Path, plan: Plan, checkpoint: Path | None = None
) -> None:
    """Train on all parts but the one kept apart, and leave a checkpoint after every epoch.

    With a checkpoint it goes on from there, as with labels that were not there before.
    """
    torch.set_num_threads(1)
    torch.manual_seed(0)
    draw = random.Random(0)
    seen = [paper for paper in papers if paper.part != APART]
    apart = [paper for paper in papers if paper.part == APART]
    held = torch.load(checkpoint) if checkpoint else None
    known = held["known"] if held else vocabulary(seen)
    base = read_base()
    net = Net(LAYERS, plan.frozen, words_of(base), len(MARKS), len(known))
    begin(net, base)
    if held:
        net.load_state_dict(held["state"] | {"words": net.words})
    made = optimiser(net, plan)
    kept = copy.deepcopy(net).requires_grad_(False)
    sure = {paper.id for paper in seen if is_sure(paper)}
    started, spent = time.monotonic(), 0.0
    schedule = torch.optim.lr_scheduler.LambdaLR(made, lambda _step: slope(spent, plan.warm))
    step = epoch = 0
    while spent < 1:
        net.train()
        total, first = 0.0, step
        chosen = [p for p in seen if p.id not in sure or draw.random() < SELDOM]
        for part in in_batches(chosen, plan.size, draw):
            loss = loss_of(net, make_batch(part, known, Noise(), draw), plan)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            made.step()
            schedule.step()
            made.zero_grad(set_to_none=True)
            follow(kept, net, max(plan.recent, 1 / (step + 1)))
            total += float(loss.detach())
            step += 1
            spent = (time.monotonic() - started) / (60 * plan.minutes)
            if step % 25 == 0:
                print(f"step {step}, {spent:.1%}: {total / (step - first):.4f}", flush=True)
            if spent >= 1:
                break
        state = {name: value for name, value in kept.state_dict().items() if name != "words"}
        torch.save(
            {"frozen": plan.frozen, "known": known, "state": state}, folder / f"epoch-{epoch}.pt"
        )
        print(f"epoch {epoch}: {tell(kept, apart, known)}", flush=True)
        epoch += 1


def main() -> None:
    """Train on what was prepared in a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=Plan().minutes)
    parser.add_argument("--rate", type=float, default=Plan().rate)
    parser.add_argument("--head-rate", type=float, default=Plan().head_rate)
    parser.add_argument("--checkpoint", type=Path, help="what to go on from")
    arguments = parser.parse_args()
    with (arguments.folder / PREPARED).open("rb") as source:
        papers: list[Encoded] = pickle.load(source)
    plan = Plan(minutes=arguments.minutes, rate=arguments.rate, head_rate=arguments.head_rate)
    train(papers, arguments.folder, plan, arguments.checkpoint)


if __name__ == "__main__":
    main()
