"""Say how to add an extra to this installation, from where it was installed."""

import sys
from functools import cache
from importlib.util import find_spec
from shlex import quote
from typing import Any
from urllib.parse import unquote, urlsplit

NAME = "paper-catalog"


def adding(extra: str) -> str:
    """Write a hint with the command that adds an extra to this installation."""
    return f"add it with: {command(extra, _origin(), sys.executable, has_pip=_has_pip())}"


def installing(library: str) -> str:
    """Write a hint with the command that installs a library beside this program."""
    return f"install it with: {_installer(sys.executable, has_pip=_has_pip())} {library}"


def _installer(python: str, *, has_pip: bool) -> str:
    if has_pip:
        return f"{quote(python)} -m pip install"
    return f"uv pip install --python {quote(python)}"


def command(extra: str, origin: dict[str, Any], python: str, *, has_pip: bool) -> str:
    """Write the command for an installation of some origin (PEP 610).

    >>> clone = {"url": "file:///home/ada/catalog", "dir_info": {"editable": True}}
    >>> command("mcp", clone, "/venv/bin/python", has_pip=True)
    "/venv/bin/python -m pip install -e '/home/ada/catalog[mcp]'"
    >>> git = {"url": "https://example.org/c.git", "vcs_info": {"vcs": "git", "commit_id": "1f"}}
    >>> command("mcp", git, "/venv/bin/python", has_pip=False)
    "uv pip install --python /venv/bin/python 'paper-catalog[mcp] @ git+https://example.org/c.git@1f'"
    """
    install = _installer(python, has_pip=has_pip)
    url, folder, vcs = origin.get("url", ""), origin.get("dir_info"), origin.get("vcs_info")
    if folder is not None:
        editable = "-e " if folder.get("editable") else ""
        return f"{install} {editable}{quote(f'{unquote(urlsplit(url).path)}[{extra}]')}"
    if vcs is not None:
        where = f" @ {vcs['vcs']}+{url}@{vcs['commit_id']}"
    else:
        where = f" @ {url}" if url else ""
    return f"{install} {quote(f'{NAME}[{extra}]{where}')}"


@cache
def _origin() -> dict[str, Any]:
    """Read where the package was installed from; empty where that is not recorded."""
    import json
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        text = distribution(NAME).read_text("direct_url.json")
    except PackageNotFoundError:
        text = None
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def _has_pip() -> bool:
    return find_spec("pip") is not None
