"""Configure Sphinx, which makes the documentation's site from docs/*.md.

    sphinx-build -W --keep-going -q docs build/docs

Warnings are errors. Nothing comes from the network: neither while it is built nor when it is read.
"""

import re
from importlib.metadata import version as version_of
from typing import Any

project = "Paper Catalog"
author = "the authors of Paper Catalog"
copyright = "the authors of Paper Catalog; Apache-2.0"  # noqa: A001 - Sphinx calls it so
release = version = version_of("paper-catalog")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["deploy"]

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
suppress_warnings = ["misc.highlighting_failure"]  # JSON with "..." in it, shortened for people

html_theme = "furo"
html_title = "Paper Catalog"
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}


def setup(app: Any) -> None:
    """Connect what is done before pages and docstrings are read."""
    app.connect("source-read", without_outside_links)
    app.connect("autodoc-process-docstring", without_type, priority=400)


def without_outside_links(_app: Any, _name: str, source: list[str]) -> None:
    """Replace [text](../file) by text and the file's name, which a reader of the site can find."""
    source[0] = re.sub(
        r"\[([^\[\]]+)\]\(\.\./([\w./-]+)(?:#[\w-]+)?\)",
        lambda match: (
            f"{match[1]} (`{match[2]}` of the repository)"
            if match[1].strip("`") != match[2]
            else f"`{match[2]}`"
        ),
        source[0],
    )


def without_type(
    _app: Any, what: str, _name: str, _object: Any, _options: Any, lines: list[str]
) -> None:
    """Keep the docstring of an attribute whole: before a colon napoleon would look for its type."""
    if what in {"attribute", "property", "data"} and lines:
        lines[0] = lines[0].replace(": ", " – ")
