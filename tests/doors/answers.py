"""Reduce what a door tells to the answer that all doors have to share."""

from collections.abc import Mapping
from typing import Any, TypeAlias

Answer: TypeAlias = Any
"""What may be compared: lists, tuples, texts and numbers; None where there is nothing."""


def paper_answer(told: Mapping[str, Any], title: str = "label") -> Answer:
    numbers = [
        (r["text"], r["value"], r["metric"], r["metric_inferred"], r["dataset"])
        for r in told["results"]
    ]
    code = [link["repository"] for link in told["links"] if link["repository"]][:1]
    return {"key": told["key"], "title": told[title], "numbers": numbers, "code": code}


def board_answer(told: Mapping[str, Any], key: str = "key", code: str = "repository") -> Answer:
    ranking = [(r["rank"], r["compared"], r[key], r[code], r["led"]) for r in told["ranking"]]
    rest = {name: told[name] for name in ("unit", "is_thin", "hidden")}
    inferred = [bool(r["metric_inferred"]) for r in told["ranking"]]
    return {**rest, "ranking": ranking, "relative": len(told["relative"]), "inferred": inferred}


def digest_answer(items: list[Mapping[str, Any]], title: str = "label") -> Answer:
    return [
        {
            "key": item["key"],
            "title": item[title],
            "upvotes": item["upvotes"],
            "digests": item["digests"],
            "numbers": [number["text"] for number in item["numbers"]],
            "code": (item["repository"] or {}).get("full_name"),
        }
        for item in items
    ]


def boards_answer(told: list[Mapping[str, Any]]) -> Answer:
    return [(one["dataset"], one["metric"], one["papers"]) for one in told]


def moved_answer(told: Mapping[str, Any]) -> Answer:
    return [
        (one["dataset"], one["metric"], one["before"]["value"], one["best"]["value"],
         one["best"]["key"])
        for one in told["boards"]
    ]  # fmt: skip


def changes_answer(told: Mapping[str, Any], key: str = "key") -> Answer:
    return [one[key] for one in told["entered"]], [one[key] for one in told["left"]]


def search_answer(told: Mapping[str, Any]) -> Answer:
    return [paper["key"] for paper in told["papers"]], told["did_you_mean"]


def numbers_answer(told: Mapping[str, Any]) -> Answer:
    fields = ("key", "value", "metric", "dataset", "metric_inferred", "is_bound", "is_sure")
    found = [tuple(one[name] for name in fields) for one in told["numbers"]]
    return {"numbers": found, "total": told["total"], "hidden": told["hidden"]}


def model_answer(told: Mapping[str, Any]) -> Answer:
    numbers = [*told["sizes"], *(one for on in told["datasets"] for one in on["numbers"])]
    return model_numbers(told["name"], numbers, told["hidden"])


def model_numbers(name: str, numbers: list[Mapping[str, Any]], hidden: int) -> Answer:
    fields = ("key", "value", "metric", "dataset", "role")
    return {"name": name, "hidden": hidden,
            "numbers": [tuple(one[field] for field in fields) for one in numbers]}  # fmt: skip


def recommended(told: Mapping[str, Any]) -> Answer:
    because = [(one["paper"]["key"], [star["key"] for star in one["because"]])
               for one in told["papers"]]  # fmt: skip
    return told["starred"], because
