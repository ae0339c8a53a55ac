"""Kill `catalog digest --send` at seeded moments, and count who got the digest when it is repeated.

Run as a program of its own, since it forks: `python -m tests.robust.kill_mail MOMENTS SEED FOLDER`
prints what came of it as JSON.
"""

import json
import os
import random
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from catalog.database.schema_upgrade import upgrade
from tests.digest.mailhost import ScriptedHost
from tests.robust.killing import asked, begin, ended, finish, fresh, prepare
from tests.robust.programs import page

ADDRESSES = [f"reader-{number}@example.org" for number in range(8)]

CONFIG = """contact = "ada@example.org"

[digest]
to = {to}
from = "papers@example.org"
host = "127.0.0.1"
port = {port}
security = "none"
"""

UNCERTAIN = "SELECT address FROM deliveries WHERE state = 'sending'"


class Writing(list[str]):
    """Recipients, written to a file as they are taken."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file

    def append(self, address: str) -> None:
        """Write down one recipient."""
        with self.file.open("a") as stream:
            stream.write(f"{address}\n")


@contextmanager
def mail_server(taken: Path) -> Iterator[int]:
    """Run a mail server in a process of its own; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = os.fork()
        if not process:
            host = ScriptedHost()
            host.accepted = Writing(taken)
            while True:
                with suppress(OSError):
                    host.serve(listening.accept()[0])
        try:
            yield listening.getsockname()[1]
        finally:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def try_mail(moments: int, seed: int, folder: Path) -> dict[str, Any]:
    """Kill the sending at so many moments; afterwards everybody has the digest, or may have it."""
    prepare()
    template, file, taken = folder / "template.db", folder / "catalog.db", folder / "taken.txt"
    document, config = folder / "page.txt", folder / "mail.toml"
    document.write_text(page("Nets", "Trees"))
    upgrade(f"sqlite:///{template}")
    finish(template, ["load", str(document), "--year", "2025", "--jobs", "1"])
    words = ["digest", "--send", "--config", str(config)]
    told: dict[str, Any] = {"command": "digest --send", "moments": moments, "seconds": 0.0}
    told |= {"killed": 0, "uncertain": 0, "unequal": [], "ended": [], "left": []}
    with mail_server(taken) as port:
        config.write_text(CONFIG.format(to=json.dumps(ADDRESSES), port=port))

        def place() -> None:
            fresh(template, file)
            taken.write_text("")

        took = float("inf")
        for _ in range(2):
            place()
            start = time.monotonic()
            finish(file, words)
            took = min(took, time.monotonic() - start)
        told["seconds"] = round(took, 2)
        chance = random.Random(seed)
        for moment in range(moments):
            place()
            process, delay = begin(file, words), chance.uniform(0, took)
            time.sleep(delay)
            os.kill(process, signal.SIGKILL)
            told["killed"] += ended(process) == -signal.SIGKILL
            code = ended(begin(file, words))
            unsure = set(asked(file, UNCERTAIN))
            told["uncertain"] += len(unsure)
            if code != (3 if unsure else 0):
                told["ended"].append({"moment": moment, "delay": round(delay, 4), "code": code})
            got = Counter(taken.read_text().split())
            twice = [to for to, times in got.items() if times > 1]
            forgotten = [to for to in ADDRESSES if to not in got and to not in unsure]
            if twice or forgotten:
                told["unequal"].append({"moment": moment, "twice": twice, "forgotten": forgotten})
    return told


if __name__ == "__main__":
    print(json.dumps(try_mail(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))))  # noqa: T201
