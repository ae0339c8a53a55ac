"""Tests of the advice on extras: it has to work for whoever reads it."""

import importlib.metadata
import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from catalog import installed

FOLDER = {"url": "file:///home/ada/my%20clone", "dir_info": {}}
WHEEL = {"url": "file:///tmp/paper_catalog-1-py3-none-any.whl", "archive_info": {}}
GIT = {"url": "https://example.org/c.git", "vcs_info": {"vcs": "git", "commit_id": "1f2e"}}

COMMANDS = [
    (FOLDER, True, ["/v/python", "-m", "pip", "install", "/home/ada/my clone[mcp]"]),
    (FOLDER, False, ["uv", "pip", "install", "--python", "/v/python", "/home/ada/my clone[mcp]"]),
    (
        {**FOLDER, "dir_info": {"editable": True}},
        True,
        ["/v/python", "-m", "pip", "install", "-e", "/home/ada/my clone[mcp]"],
    ),
    (
        WHEEL,
        True,
        ["/v/python", "-m", "pip", "install", f"paper-catalog[mcp] @ {WHEEL['url']}"],
    ),
    (
        GIT,
        True,
        ["/v/python", "-m", "pip", "install",
         "paper-catalog[mcp] @ git+https://example.org/c.git@1f2e"],
    ),
    ({}, True, ["/v/python", "-m", "pip", "install", "paper-catalog[mcp]"]),
]  # fmt: skip


@pytest.mark.parametrize(("origin", "has_pip", "words"), COMMANDS)
def test_an_extra_is_added_from_where_the_program_came_from(
    origin: dict[str, object], has_pip: bool, words: list[str]
) -> None:
    told = installed.command("mcp", origin, "/v/python", has_pip=has_pip)
    assert shlex.split(told) == words


def test_this_installation_names_its_own_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    class Found:
        def read_text(self, name: str) -> str:
            return json.dumps(FOLDER) if name == "direct_url.json" else ""

    monkeypatch.setattr(importlib.metadata, "distribution", lambda _: Found())
    installed._origin.cache_clear()
    try:
        assert "my clone[parquet]" in installed.adding("parquet")
    finally:
        installed._origin.cache_clear()


def test_every_extra_that_texts_name_is_there() -> None:
    root = Path(__file__).parents[1]
    named = {
        extra
        for top in ("catalog", "etl")
        for file in (root / top).rglob("*.py")
        for extra in re.findall(r"adding\([\"'](\w+)[\"']\)", file.read_text())
    }
    assert named
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    assert named <= set(project["optional-dependencies"])


def test_no_text_advises_to_install_from_an_index() -> None:
    root = Path(__file__).parents[1]
    pages = [root / "README.md", *(root / "docs").glob("*.md")]
    sources = [file for top in ("catalog", "etl") for file in (root / top).rglob("*.py")]
    for file in [*pages, *sources]:
        if file.name != "installed.py":
            assert "paper-catalog[" not in file.read_text(), file
