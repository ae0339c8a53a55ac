"""Run the command as a process of its own, on documents made for tests."""

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
FILLER = "and so this abstract goes on for long enough that it cannot be taken for a title at all."

STARTED: list["subprocess.Popen[str]"] = []

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, PR_CAPBSET_DROP = 1, 2, 24


def page(*papers: str, day: str = "Mar 11") -> str:
    """A digest page with a paper for each of these words."""
    blocks = [
        f"An Invented Paper about {word}\n\nWe reach 91.5% accuracy on {word}, {FILLER}"
        for word in papers or ("Nets",)
    ]
    return f"An invented digest\n\n{day}\n\n" + "\n\n".join(blocks) + "\n"


def command(*args: object) -> list[str]:
    """The words that start `catalog ARGS`."""
    return [sys.executable, "-m", "etl", *map(str, args)]


def environment(**more: str) -> dict[str, str]:
    known = {k: v for k, v in os.environ.items() if not k.startswith("CATALOG_")}
    paths = [str(ROOT), known.get("PYTHONPATH", "")]
    return {**known, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **more}


def run(
    *args: object, folder: Path, code: int | None = None, **more: Any
) -> "subprocess.CompletedProcess[str]":
    """Run `catalog ARGS` in a folder; its exit code is checked where one is given."""
    done = subprocess.run(
        command(*args),
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        **{"stdin": subprocess.DEVNULL, **more},
    )
    assert "Traceback" not in done.stderr, done.stderr
    if code is not None:
        assert done.returncode == code, done.stdout + done.stderr
    return done


def told_by(module: str, *args: object) -> Any:
    """Run a program of these tests; what it printed last, read as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, args)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def start(*args: object, folder: Path, **more: Any) -> "subprocess.Popen[str]":
    """Start `catalog ARGS` in a folder and leave it running; `stop_all` ends what still does."""
    process = subprocess.Popen(
        command(*args),
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )
    STARTED.append(process)
    return process


def stop_all() -> None:
    """Kill what was started and still runs, as after a test that failed."""
    while STARTED:
        process = STARTED.pop()
        if process.poll() is None:
            process.kill()
        process.communicate()


def obey_permissions() -> None:
    """In a child process: let permissions count for root as well, from the next program on."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
                os._exit(99)


def permissions_count(folder: Path) -> bool:
    """Whether a file without permissions cannot be read by what `obey_permissions` began."""
    file = folder / "forbidden"
    file.touch(mode=0)
    done = subprocess.run(["cat", file], preexec_fn=obey_permissions, capture_output=True)
    file.unlink()
    return done.returncode == 1
