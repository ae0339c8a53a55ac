"""Watch pages in a real browser, where there is one."""

import os
import shutil
from typing import Any

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
"""The program; None where there is none."""


class Watched:
    """A page, and everything wrong that it does."""

    def __init__(self, browser: Any, address: str, **context: Any) -> None:
        self.context = browser.new_context(base_url=address, **context)
        self.page, self.wrong = self.context.new_page(), []
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("console", self._said)
        self.page.on("request", lambda request: self._asked(request.url, address))
        self.page.on("dialog", lambda dialog: self.wrong.append(f"dialog: {dialog.message}"))

    def _said(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"console: {message.text}")

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:")):
            self.wrong.append(f"request: {url}")
