"""The filters of a board, as each door wants them."""

from collections.abc import Mapping
from typing import Any


def typed_filters(filters: Mapping[str, str]) -> dict[str, Any]:
    """Read the filters of a board as its form writes them."""
    found: dict[str, Any] = dict(filters)
    if "confidence" in found:
        found["confidence"] = float(found["confidence"]) / 100
    if "code" in found:
        found["code"] = True
    for name, number in (("year", int), ("max_parameters", float)):
        if name in found:
            found[name] = number(found[name])
    return found
