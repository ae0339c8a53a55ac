#!/usr/bin/env python3
# ruff: noqa: B905, C416, D103, E501 - the scorer as it comes with the answer key
"""Score extracted metrics and links against a gold annotation.

    score.py GOLD.jsonl PREDICTED.jsonl [--errors N] [--json]

Both files hold one object per paper as GUIDELINES.md says; papers are matched by `id`, and a paper
that PREDICTED lacks counts as one with nothing found. Predicted records are paired one to one with gold
records of the same value (best pairs first); a pair counts as right at a level if it agrees in that level's
field and in those of all levels above it. Printed: micro-averaged precision, recall and F1.

    value    value and value_max
    unit     + unit
    metric   + the metric name            (canonical names by alias; free names by their words, see same_metric)
    kind     + absolute / delta / ratio   <- the headline figure: value, unit, metric, kind
    dataset  + the dataset
    role     + own / other

Beside the levels, over the paired records whose value and unit are right:
sign     of deltas and ratios whose sign the key gives: share with the same sign
model    share with the same model (one name within the other counts); null must be null
baseline the same for the baseline of deltas and ratios
Board rows: found records that a leaderboard would show (own, absolute, metric and dataset named): how many there are, and the share right at all levels;
with --floor C only those with a `confidence` (or `row_confidence`, where there is one) of at least C; beside it the share of the key's own board rows that is found right.

Links: kind with repository (github, gitlab) or address (all others). Span (not part of any level): of the paired records whose
place the key gives, how many have the same `start`, counted in characters of the abstract as given.
Exit status 0 whatever the figures; 2 where a file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

Row = dict[str, Any]

LEVELS = ("value", "unit", "metric", "kind", "dataset", "role")

UNITS = {
    "pp": "%",
    "percent": "%",
    "percentage points": "%",
    "times": "x",
    "×": "x",
    "fold": "x",
    "points": None,
    "point": None,
    "": None,
    "seconds": "s",
    "second": "s",
    "sec": "s",
    "hours": "h",
    "hour": "h",
    "minutes": "min",
    "usd": "$",
    "fps": "fps",
    "flops": "flops",
    "milliseconds": "ms",
    "tokens/second": "tokens/s",
    "tok/s": "tokens/s",
    "tokens per second": "tokens/s",
    "frames per second": "fps",
    "µs": "us",
    "μs": "us",
    "microseconds": "us",
    "minute": "min",
    "mins": "min",
    "hr": "h",
    "hrs": "h",
    "day": "days",
    "pts": None,
    "pt": None,
    "-fold": "x",
}

METRICS = {
    "averageprecision": "ap",
    "meanaverageprecision": "map",
    "boxmap": "boxap",
    "bboxap": "boxap",
    "apbox": "boxap",
    "instancemap": "maskap",
    "maskmap": "maskap",
    "apmask": "maskap",
    "panopticquality": "pq",
    "meaniou": "miou",
    "intersectionoverunion": "iou",
    "dicecoefficient": "dice",
    "dsc": "dice",
    "areaundertheroccurve": "auc",
    "aucroc": "auc",
    "rocauc": "auc",
    "auroc": "auc",
    "areaunderthecurve": "auc",
    "prauc": "auprc",
    "f1measure": "f1",
    "fscore": "f1",
    "acc": "accuracy",
    "classificationaccuracy": "accuracy",
    "top1": "top1accuracy",
    "top5": "top5accuracy",
    "error": "errorrate",
    "worderrorrate": "wer",
    "charactererrorrate": "cer",
    "equalerrorrate": "eer",
    "ppl": "perplexity",
    "spearman": "spearmancorrelation",
    "spearmansrho": "spearmancorrelation",
    "pearson": "pearsoncorrelation",
    "speed": "speedup",
    "acceleration": "speedup",
    "decodingspeedup": "inferencespeedup",
    "inferencespeed": "inferencespeedup",
    "trainingspeed": "trainingspeedup",
    "modelsize": "storage",
    "indexsize": "storage",
    "params": "parameters",
    "parameter": "parameters",
    "trainableparameters": "parameters",
    "gflops": "flops",
    "macs": "flops",
    "rsquared": "r2",
    "em": "exactmatch",
    "asr": "attacksuccessrate",
    "cohenskappa": "kappa",
    "meanopinionscore": "mos",
    "storagecost": "storage",
    "memoryfootprint": "memory",
    "memoryusage": "memory",
    "memoryconsumption": "memory",
    "gpumemory": "memory",
    "peakmemory": "memory",
    "computation": "compute",
    "computationalcost": "compute",
    "trainingcompute": "compute",
    "tokenusage": "tokens",
    "tokenconsumption": "tokens",
    "token": "tokens",
    "successrates": "successrate",
    "framespersecond": "fps",
    "inferencetime": "latency",
    "inferencelatency": "latency",
    "runtime": "latency",
    "trainingdata": "data",
    "compressionrate": "compressionratio",
    "mac": "flops",
    "flop": "flops",
    "meanabsoluteerror": "mae",
    "meansquarederror": "mse",
    "rootmeansquareerror": "rmse",
    "rootmeansquarederror": "rmse",
}
# Names that mean one thing each: two different ones are never the same metric, whatever words they share.
FIXED = set(METRICS.values()) | {
    "balancedaccuracy",
    "top1error",
    "top5error",
    "macrof1",
    "microf1",
    "winrate",
    "successrate",
    "attacksuccessrate",
    "trainingspeedup",
    "inferencespeedup",
    "speedup",
    "trainingcost",
    "trainingtime",
    "cost",
    "compute",
    "energy",
    "sparsity",
    "compressionratio",
    "reward",
    "return",
}
NAMELESS = {
    "performance",
    "improvement",
    "gain",
    "result",
    "overall performance",
}  # names that name no metric

DATASETS = {
    "imagenet": "imagenet1k",
    "ilsvrc2012": "imagenet1k",
    "imagenetilsvrc2012": "imagenet1k",
    "mscoco": "coco",
    "coco2017": "coco",
    "mscoco2017": "coco",
    "inaturalist2019": "inat2019",
    "trecdeeplearningtrack": "trecdl",
    "trecdeeplearning": "trecdl",
    "musdb": "musdb18",
}
STOP = {
    "score",
    "the",
    "a",
    "an",
    "of",
    "in",
    "on",
    "average",
    "mean",
    "overall",
    "total",
    "relative",
    "absolute",
    "final",
    "value",
    "and",
    "for",
    "to",
}


def number(x: Any) -> float | None:
    return None if x is None else float(f"{float(x):.6g}")


def fold_unit(unit: object) -> str | None:
    if not isinstance(unit, str):
        return None
    key = unit.strip().lower()
    return UNITS.get(key, key)


def words(name: str) -> list[str]:
    """The name's words: lower case, without stop words, in the singular."""
    found = [
        w for w in re.findall(r"[a-z0-9@]+", name.lower().replace("'s ", " ")) if w not in STOP
    ]
    return [w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in found]


def fold_metric(name: object) -> str | None:
    if not isinstance(name, str) or " ".join(words(name)) in NAMELESS | {""}:
        return None
    if name.strip() == "MAP":  # of retrieval; mAP is another metric
        return "map(retrieval)"
    key = re.sub(
        r"[^a-z0-9@]+",
        "",
        re.sub(r"\b(score|scores|value|values)\b", " ", name.lower().replace("²", "2")),
    ).replace("hits@", "hit@")
    return METRICS.get(key, key) or None


def same_metric(gold: Row, found: Row) -> bool:
    """Equal by alias, or, for names in the text's own words, the same head noun with one name's words within the other's."""
    other = found.get("metric")
    for name in (gold.get("metric"), *(gold.get("metric_also") or ())):
        wanted, got = fold_metric(name), fold_metric(other)
        if wanted == got:
            return True
        if wanted and got and not {wanted, got} <= FIXED:
            a, b = words(name or ""), words(other or "")
            if a == b:  # "rollout", "rollouts"
                return True
            if (
                a
                and b
                and a[-1] == b[-1]
                and (set(a) <= set(b) or set(b) <= set(a))
                and len(a) > 1
                and len(b) > 1
            ):
                return True
    return False


def fold_dataset(name: object) -> str | None:
    if not isinstance(name, str):
        return None
    kept = re.sub(
        r"\b(dataset|datasets|benchmark|benchmarks|test-?dev|test|val|validation|minival|the|suite|set|sets|split)\b",
        " ",
        name.lower(),
    )
    kept = re.sub(r"\b(imagenet(?:-1k)?)\W+\d+\s*[x×]\s*\d+", r"\1", kept)
    key = re.sub(r"[^a-z0-9]+", "", kept) or re.sub(
        r"[^a-z0-9]+", "", name.lower()
    )  # a name of nothing but such words is still a name
    return DATASETS.get(key, key) or None


def interval(record: Row) -> tuple[float | None, float | None]:
    """Value and upper end; an upper end equal to the value is none."""
    low, high = number(record.get("value")), number(record.get("value_max"))
    return low, None if high == low else high


def agreement(gold: Row, found: Row) -> list[bool]:
    """Whether the two records agree, level by level, each level counting only if those above it agree."""
    checks = (
        interval(gold) == interval(found),
        fold_unit(gold.get("unit")) == fold_unit(found.get("unit")),
        same_metric(gold, found),
        gold.get("kind") == found.get("kind"),
        fold_dataset(gold.get("dataset")) == fold_dataset(found.get("dataset")),
        (gold.get("role") or "own") == (found.get("role") or "own"),
    )
    so_far, levels = True, []
    for check in checks:
        so_far = so_far and check
        levels.append(so_far)
    return levels


def pair(
    gold: list[Row], found: list[Row]
) -> tuple[list[tuple[int, int, list[bool]]], set[int], set[int]]:
    """Pair records one to one so that the sum of agreeing levels is greatest; returns pairs and what is left on either side."""
    levels = {
        (g, f): agreed
        for g, a in enumerate(gold)
        for f, b in enumerate(found)
        if (agreed := agreement(a, b))[0]
    }
    best = assign(
        [g for g in range(len(gold))], {pair: sum(agreed) for pair, agreed in levels.items()}
    )
    return (
        [(g, f, levels[g, f]) for g, f in best],
        set(range(len(gold))) - {g for g, _ in best},
        set(range(len(found))) - {f for _, f in best},
    )


def assign(left: list[int], weight: dict[tuple[int, int], int]) -> list[tuple[int, int]]:
    """Heaviest one-to-one pairing, by augmenting along the best path until none gains (Bellman-Ford; the lists are short)."""
    mate: dict[int, int] = {}  # found -> gold
    while True:
        gain = {g: 0 for g in left if g not in mate.values()}
        via: dict[int, tuple[int, int]] = {}
        reach: dict[int, int] = {}
        changed = True
        while changed:
            changed = False
            for (g, f), w in weight.items():
                if g in gain and mate.get(f) != g and gain[g] + w > reach.get(f, -1):
                    reach[f], via[f], changed = gain[g] + w, (g, f), True
                    if f in mate:
                        gain[mate[f]] = reach[f] - weight[mate[f], f]
        free = max((f for f in reach if f not in mate), key=reach.__getitem__, default=None)
        if free is None:
            return sorted((g, f) for f, g in mate.items())
        f = free
        while True:
            g = via[f][0]
            previous = next((x for x, y in mate.items() if y == g), None)
            mate[f] = g
            if previous is None:
                break
            del mate[previous]
            f = previous


def plain(name: object) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.lower()) if isinstance(name, str) else ""


def same_name(gold: object, found: object) -> bool:
    """Equal but for punctuation and case, or one within the other; null equals null alone."""
    a, b = plain(gold), plain(found)
    return a == b or bool(a and b and (a in b or b in a))


def is_board_row(record: Row) -> bool:
    """Whether a leaderboard would show it."""
    return (
        record.get("kind") == "absolute"
        and (record.get("role") or "own") == "own"
        and fold_metric(record.get("metric")) is not None
        and record.get("dataset") is not None
    )


def trust(record: Row) -> float:
    value = record.get("row_confidence", record.get("confidence"))
    return 1.0 if value is None else float(value)


def link_key(link: Row) -> tuple[str | None, str]:
    kind = link.get("kind")
    if kind in ("github", "gitlab"):
        return kind, (link.get("repo") or "").lower()
    return kind, re.sub(r"^https?://(www\.)?", "", (link.get("url") or "").lower()).rstrip("/")


def read(path: Path) -> dict[str, Row]:
    """Rows by id; ValueError with the line for anything that is not of the shape that GUIDELINES.md gives."""
    rows: dict[str, Row] = {}
    with path.open(encoding="utf-8") as lines:
        for at, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            row = json.loads(line)
            if not isinstance(row, dict) or not isinstance(row.get("id"), str):
                raise ValueError(f"{path}, line {at}: no object with an id")
            if row["id"] in rows:
                raise ValueError(f"{path}, line {at}: id {row['id']} a second time")
            for field in ("metrics", "links"):
                row[field] = row.get(field) or []
                if not isinstance(row[field], list) or not all(
                    isinstance(item, dict) for item in row[field]
                ):
                    raise ValueError(f"{path}, line {at}: {field} is not a list of objects")
            for item in row["metrics"]:
                if not all(
                    x is None or isinstance(x, (int, float))
                    for x in (item.get("value"), item.get("value_max"))
                ):
                    raise ValueError(
                        f"{path}, line {at}: value of {item.get('text')!r} is not a number"
                    )
            rows[row["id"]] = row
    return rows


def prf(hit: int, predicted: int, wanted: int) -> dict[str, float | int]:
    precision, recall = hit / predicted if predicted else 0.0, hit / wanted if wanted else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
        "hit": hit,
        "predicted": predicted,
        "wanted": wanted,
    }


def show(m: Row) -> str:
    value = (
        m.get("value") if m.get("value_max") is None else f"{m.get('value')}..{m.get('value_max')}"
    )
    return f"{value} {m.get('unit') or ''} {m.get('metric')} [{m.get('kind')}, {m.get('role', 'own')}] on {m.get('dataset')}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("predicted", type=Path)
    parser.add_argument(
        "--errors",
        type=int,
        default=0,
        metavar="N",
        help="print up to N papers with a record that is wrong before level 'role'",
    )
    parser.add_argument(
        "--floor", type=float, default=0.0, metavar="C", help="least confidence of a board row"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    args = parser.parse_args()
    try:
        gold, found = read(args.gold), read(args.predicted)
    except (OSError, ValueError) as error:
        print(f"score: {error}", file=sys.stderr)
        return 2

    if strange := sorted(found.keys() - gold.keys()):
        print(
            f"score: {len(strange)} ids of {args.predicted} are not in {args.gold} and do not count, first {strange[0]}",
            file=sys.stderr,
        )
    if absent := sorted(gold.keys() - found.keys()):
        print(
            f"score: {len(absent)} ids of {args.gold} are not in {args.predicted}: nothing found there, first {absent[0]}",
            file=sys.stderr,
        )
    report = sys.stderr if args.json else sys.stdout
    hits: Counter[str] = Counter()
    wanted = predicted = shown = 0
    placed, in_place = 0, 0
    link_hits, link_wanted, link_predicted = 0, 0, 0
    beside: dict[str, list[int]] = {"sign": [0, 0], "model": [0, 0], "baseline": [0, 0]}
    rows_shown = rows_right = rows_wanted = 0
    for paper, row in gold.items():
        mine, theirs = row["metrics"], found.get(paper, {}).get("metrics", [])
        wanted, predicted = wanted + len(mine), predicted + len(theirs)
        pairs, missed, extra = pair(mine, theirs)
        for g, f, levels in pairs:
            hits.update(level for level, right in zip(LEVELS, levels) if right)
            if levels[1]:
                a, b = mine[g], theirs[f]
                checks = (
                    {"model": same_name(a.get("model"), b.get("model"))} if "model" in a else {}
                )
                if a.get("kind") != "absolute":
                    if a.get("sign"):
                        checks["sign"] = a["sign"] == b.get("sign")
                    if "baseline" in a:
                        checks["baseline"] = same_name(a.get("baseline"), b.get("baseline"))
                for name, right in checks.items():
                    beside[name][0] += right
                    beside[name][1] += 1
            if mine[g].get("start") is not None:
                placed += 1
                in_place += theirs[f].get("start") == mine[g]["start"]
        rows_wanted += sum(map(is_board_row, mine))
        right_rows = {f for _, f, levels in pairs if levels[-1]}
        for f, record in enumerate(theirs):
            if is_board_row(record) and trust(record) >= args.floor:
                rows_shown += 1
                rows_right += f in right_rows
        a, b = (Counter(map(link_key, r.get("links", []))) for r in (row, found.get(paper, {})))
        link_hits, link_wanted, link_predicted = (
            link_hits + sum((a & b).values()),
            link_wanted + sum(a.values()),
            link_predicted + sum(b.values()),
        )
        wrong = [(g, f, levels) for g, f, levels in pairs if not levels[4]]
        if shown < args.errors and (missed or extra or wrong):
            shown += 1
            print(paper, file=report)
            for g, f, levels in wrong:
                print(
                    f"  {LEVELS[levels.index(False)]:7} want {show(mine[g])}\n          got  {show(theirs[f])}",
                    file=report,
                )
            for g in sorted(missed):
                print(f"  missed  {show(mine[g])}", file=report)
            for f in sorted(extra):
                print(f"  extra   {show(theirs[f])}", file=report)

    figures: dict[str, Any] = {level: prf(hits[level], predicted, wanted) for level in LEVELS}
    figures["links"] = prf(link_hits, link_predicted, link_wanted)
    figures["span"] = {"right": in_place, "of": placed}
    for name, (good, of) in beside.items():
        figures[name] = {"right": good, "of": of}
    figures["board"] = {"shown": rows_shown, "right": rows_right, "wanted": rows_wanted}
    figures["papers"] = len(gold)
    if args.json:
        print(json.dumps(figures))
        return 0
    print(f"{len(gold)} papers, {wanted} metrics, {link_wanted} links in the gold")
    for level in (*LEVELS, "links"):
        f = figures[level]
        print(
            f"{level:8} P {f['precision']:.3f}  R {f['recall']:.3f}  F1 {f['f1']:.3f}   ({f['hit']} right of {f['predicted']} found, {f['wanted']} wanted)"
        )
    for name, (good, of) in beside.items():
        print(f"{name:8} {good} of {of} right" + (f" ({good / of:.3f})" if of else ""))
    print(
        f"board    {rows_shown} rows shown, {rows_right} right at all levels"
        + (f" ({rows_right / rows_shown:.3f})" if rows_shown else "")
        + f"; the key has {rows_wanted}"
    )
    print(f"span     {in_place} of {placed} paired records start where the key says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
