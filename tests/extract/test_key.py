"""Tests of the extractor against the answer key, where it is available."""

import json
from collections import Counter
from pathlib import Path

import pytest

from etl.extract import extract

GOLD = Path(__file__).resolve().parents[3] / "shared" / "gold"

pytestmark = pytest.mark.skipif(
    not GOLD.is_dir(), reason="the answer key is not beside the project"
)


def read(name):
    with (GOLD / name).open(encoding="utf-8") as lines:
        return {row["id"]: row for row in map(json.loads, lines)}


@pytest.fixture(scope="module")
def papers():
    gold = read("gold.jsonl")
    return [(row, gold[paper_id]) for paper_id, row in read("abstracts.jsonl").items()]


def key(kind, url, repo):
    address = url.split("://")[-1].removeprefix("www.").rstrip("/").lower()
    return kind, (repo or "").lower() if kind in ("github", "gitlab") else address


def test_links_are_at_least_99_of_100(papers):
    hits = found = wanted = 0
    for row, gold in papers:
        ours = Counter(key(x.kind, x.url, x.repo) for x in extract(row["abstract"]).links)
        theirs = Counter(key(x["kind"], x["url"], x["repo"]) for x in gold["links"])
        hits += sum((ours & theirs).values())
        found += sum(ours.values())
        wanted += sum(theirs.values())
    assert wanted == 136
    assert hits / found >= 0.99
    assert hits / wanted >= 0.99


def test_values_start_where_the_key_says(papers):
    for row, gold in papers:
        starts = {
            (r.value, r.unit): r.start for r in extract(row["abstract"], row["title"]).results
        }
        counts = Counter((m["value"], m["unit"]) for m in gold["metrics"])
        for metric in gold["metrics"]:
            place = starts.get((metric["value"], metric["unit"]))
            alone = counts[metric["value"], metric["unit"]] == 1
            once = row["abstract"].count(metric["text"]) == 1
            if place is not None and metric["start"] is not None and alone and once:
                assert place == metric["start"]
