"""Tests that templates see one form of all releases of Datasette."""

import copy
import subprocess
import sys
from typing import Any

import pytest

from catalog.site.config import metadata
from catalog.site.datasette_internals import plugin_api


@pytest.mark.parametrize(
    ("is_one", "context", "told"),
    [
        (False, {"filtered_table_rows_count": 7}, {"count": 7, "at_least": None}),
        (False, {"filtered_table_rows_count": None}, {"count": None, "at_least": None}),
        (True, {"count": 0, "count_truncated": False}, {"count": 0, "at_least": None}),
        (True, {"count": 10_001, "count_truncated": True}, {"count": None, "at_least": 10_000}),
        (True, {"count": None}, {"count": None, "at_least": None}),
        (False, {"canned_query": "code_gone"}, {"query": "code_gone"}),
        (True, {"stored_query": "code_gone"}, {"query": "code_gone"}),
    ],
)
def test_templates_are_told_the_same(
    is_one: bool, context: dict[str, Any], told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin_api, "IS_ONE", is_one)
    assert told.items() <= plugin_api.in_common(context).items()


def test_queries_are_told_to_1_0_apart_from_the_metadata() -> None:
    told = metadata()
    queries = plugin_api.configuration(told)["databases"]["catalog"]["queries"]
    assert queries == told["databases"]["catalog"]["queries"]
    assert queries


def test_a_copy_of_the_metadata_is_themselves() -> None:
    """Datasette 0.65 copies them for each of its tables."""
    site = plugin_api.new_site(metadata(), {})
    if not plugin_api.IS_ONE:
        assert copy.deepcopy(site._metadata_local) is site._metadata_local


UNITS = """
import sys
from catalog.site import server
print("datasette.vendored.pint.registry" in sys.modules)
from datasette.views.base import ureg
print(ureg("3 metre") * 2)
"""


@pytest.mark.skipif(plugin_api.IS_ONE, reason="1.0 has no units")
def test_units_are_loaded_when_one_is_used() -> None:
    done = subprocess.run([sys.executable, "-c", UNITS], capture_output=True, text=True)
    assert done.stdout.split("\n")[:2] == ["False", "6 meter"], done.stderr
