"""Tests that `load` reports unknown fields once per format, not per record."""

import json


def test_load_tells_once_of_new_fields(catalog, tmp_path):
    for name in ("a", "b"):
        lines = [{"title": f"Paper {name} {n}", "shade": 1, "ink": n} for n in range(2)]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    words = ["load", "a.jsonl", "b.jsonl", "--format", "catalog-jsonl"]
    told = catalog(*words).stderr
    assert told.count("new fields that were not read") == 1
    assert "catalog-jsonl: new fields that were not read: ink (4), shade (4)" in told
    assert "hint: a newer version may read them" in told
    assert "new fields" not in catalog(*words).stderr, "nothing was read"
    again = json.loads(catalog(*words, "--again", "--json").stdout)
    assert [document["unread"] for document in again["documents_read"]] == [
        {"shade": 2, "ink": 2}
    ] * 2
