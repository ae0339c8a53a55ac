"""Tests that no template, style or filter of the site is left over."""

import re
from pathlib import Path
from typing import get_args

import catalog.site
from catalog.domain.claims import Verdict
from catalog.site.hooks import FILTERS

FOLDER = Path(catalog.site.__file__).parent
TEMPLATES = "".join(file.read_text("utf-8") for file in sorted(FOLDER.glob("templates/*")))
SCRIPTS = "".join(file.read_text("utf-8") for file in sorted(FOLDER.glob("static/*.js")))
CODE = "".join(file.read_text("utf-8") for file in sorted(FOLDER.rglob("*.py")))
MADE = re.compile(r"(?:cm|CodeMirror|col|heat|tag)[-\d]")
"""Classes whose names are put together, or that the editor of SQL writes."""


def classes(style: str) -> set[str]:
    """List the classes that a style sheet speaks of."""
    selectors = re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL))
    return {name for one in selectors for name in re.findall(r"\.([A-Za-z][\w-]*)", one)}


def test_every_class_of_a_style_is_on_some_page() -> None:
    written = {*re.findall(r"[\w-]+", TEMPLATES + SCRIPTS + CODE), *get_args(Verdict)}
    for file in FOLDER.glob("static/*.css"):
        found = classes(file.read_text("utf-8"))
        assert len(found) > 10
        assert [name for name in sorted(found - written) if not MADE.match(name)] == []


def test_every_macro_and_filter_is_used() -> None:
    macros = re.findall(r"\{% macro (\w+)\(", TEMPLATES)
    uses = re.findall(r"(?<!macro )\b(\w+)\(", TEMPLATES)
    assert set(macros) - set(uses) == set()
    assert set(FILTERS) - set(re.findall(r"\|(\w+)", TEMPLATES)) == set()
