"""Watch pages in a real browser, where there is one."""

import os
import shutil
from typing import Any

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
"""The program; None where there is none."""


WIDTHS = (390, 1280, 1920)
VIOLATIONS = {"resultTypes": ["violations"]}
"""For axe: tell only of what is wrong, which takes less time."""
CONTRAST = {**VIOLATIONS, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
"""For axe: look again at what differs between light and dark only."""


class Watched:
    """A page, and everything wrong that it does."""

    def __init__(self, browser: Any, address: str, **context: Any) -> None:
        self.context = browser.new_context(base_url=address, **context)
        self.page, self.wrong = self.context.new_page(), []
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("console", self._said)
        self.page.on("request", lambda request: self._asked(request.url, address))
        self.page.on("dialog", lambda dialog: self.wrong.append(f"dialog: {dialog.message}"))

    def look_at(self, path: str) -> list[Any]:
        """Return what is wrong with a page: for axe, in light and dark, and on three widths."""
        name = "axe_playwright_python.sync_playwright"
        axe = pytest.importorskip(name, reason="axe is missing").Axe()
        self.wrong.clear()
        self.page.goto(path)
        found = []
        for scheme, rules in (("light", VIOLATIONS), ("dark", CONTRAST)):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [
                (scheme, one["id"], [node["html"][:160] for node in one["nodes"][:3]])
                for one in axe.run(self.page, options=rules).response["violations"]
            ]
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            if self.page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(("too wide", width, []))
        return found + self.wrong

    def _said(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"console: {message.text}")

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:")):
            self.wrong.append(f"request: {url}")
