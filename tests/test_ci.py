"""What `.ci/run` does is what the README tells people to do."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCRIPT = (ROOT / ".ci" / "run").read_text()


def test_the_readme_gives_the_commands_of_ci() -> None:
    told = re.search(r"^python3 .*\.venv/bin/pytest$", (ROOT / "README.md").read_text(), re.M)
    assert told, "the README has no line that sets up and tests"
    commands = told.group().split(" && ")
    assert commands[-1] == ".venv/bin/pytest"
    assert [line for line in SCRIPT.splitlines() if line in commands] == commands


def test_nothing_that_a_text_says_is_run() -> None:
    """Only the script of our own that starts PostgreSQL is evaluated."""
    assert re.findall(r"eval .*", SCRIPT) == ['eval "$(.ci/postgres start)"']


def test_the_scripts_are_well_formed() -> None:
    for name in ("run", "alpha", "postgres"):
        subprocess.run(["bash", "-n", ROOT / ".ci" / name], check=True)
