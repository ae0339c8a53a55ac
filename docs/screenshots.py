"""Take the README's screenshot: `python docs/screenshots.py` writes docs/screenshot.png.

It loads the bundled sample into a catalog of its own, serves it, and photographs a paper's page in
Debian's Chromium (or the one that CHROMIUM names), with a palette to keep the file small.
"""

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "screenshot.png"
PAPER = "Panoptic SegFormer: Delving Deeper into Panoptic Segmentation with Transformers"
WIDTH, LEAST_HEIGHT = 1280, 700
COLOURS = 128
MARGIN = 32
"""Pixels below the page's content."""


def chromium() -> str | None:
    """Find Chromium."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def take(file: Path) -> None:
    """Write the screenshot of a paper's page over the sample."""
    with tempfile.TemporaryDirectory() as folder:
        catalog = ["--db", f"{folder}/catalog.db"]
        sample = sorted((ROOT / "catalog" / "sample").glob("*.txt"))
        subprocess.run(_command(*catalog, "load", *sample), check=True, capture_output=True)
        with _served(catalog) as address:
            file.write_bytes(_small(_photographed(address)))


def _command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "etl", *map(str, words)]


@contextmanager
def _served(catalog: Sequence[str]) -> Iterator[str]:
    """Serve the catalog, and give its address."""
    command = _command(*catalog, "serve", "--port", "0")
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            yield process.stderr.readline().partition(" at ")[2].partition("/ ")[0]
        finally:
            process.terminate()


def _photographed(address: str) -> bytes:
    """Find the paper as a visitor does, and photograph its page down to the end of the content."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), chromium_sandbox=False)
        page = browser.new_page(
            viewport={"width": WIDTH, "height": LEAST_HEIGHT}, color_scheme="light"
        )
        page.goto(f"{address}/search?q=panoptic")
        page.get_by_role("link", name=PAPER).first.click()
        page.wait_for_load_state("networkidle")
        box = page.locator("section.results").bounding_box()
        assert box is not None
        height = max(LEAST_HEIGHT, box["y"] + box["height"] + MARGIN)
        picture = page.screenshot(
            full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": round(height)}
        )
        browser.close()
    return picture


def _small(picture: bytes) -> bytes:
    """Reduce a PNG to a palette: a page has few colours."""
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    written = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(written, "png", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=PICTURE)
    asked = parser.parse_args()
    if chromium() is None:
        sys.exit("no screenshot: there is no Chromium; install it, or name one in CHROMIUM")
    take(asked.output)
