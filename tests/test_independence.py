"""Tests that tests depend neither on order nor on the environment."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from catalog.interrupts import STOPPING

ROOT = Path(__file__).parents[1]
TELL = "import signal, sys; sys.exit(signal.getsignal(int(sys.argv[1])) == signal.SIG_IGN)"


@pytest.mark.parametrize("number", STOPPING)
def test_processes_that_tests_start_hear_signals(number: signal.Signals) -> None:
    subprocess.run([sys.executable, "-c", TELL, str(int(number))], check=True)


@pytest.mark.skipif(os.name == "nt", reason="there is no nohup here")
def test_that_holds_where_the_parent_ignores_them() -> None:
    def ignore() -> None:
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)

    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    one = f"{__file__}::{test_processes_that_tests_start_hear_signals.__name__}"
    done = subprocess.run([*words, one], cwd=ROOT, preexec_fn=ignore, capture_output=True)
    assert done.returncode == 0, done.stdout.decode()


def test_no_test_judges_seconds() -> None:
    """Processor time is compared in tests/growth.py, a hang ended in tests/waiting.py."""
    judging = re.compile(
        r"assert.*\b(?:monotonic|perf_counter|process_time|time\.time)\(|(?<!\?)\btimeout=\d"
    )
    found = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "tests").rglob("*.py")
        if judging.search(file.read_text())
    }
    assert found <= {"tests/waiting.py", "tests/test_independence.py"}


def test_laws_have_no_deadline_wherever_they_stand() -> None:
    assert settings().deadline is None
