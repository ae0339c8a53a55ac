"""The command `catalog review`: judge numbers one at a time, each by one key."""

import datetime as dt
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from catalog.commands.arguments import Day, waiting
from catalog.commands.output import as_options, write_rows
from catalog.domain.formatting import plural
from catalog.domain.safe_text import one_line, printable

if TYPE_CHECKING:
    from catalog.reads.review_queue import Filters, Queue, Queued

COLUMNS = ("id", "paper_key", "number", "metric", "dataset", "kind", "role", "sure", "sentence")

KEYS = {
    "y": "right",
    "n": "wrong",
    "e": "edit",
    "s": "skip",
    "u": "undo",
    "q": "quit",
}
"""Key -> what it does."""

EDITED = ("metric", "dataset", "value", "unit", "kind", "sign", "role", "model")
"""Fields that `e` asks for."""


@click.command()
@click.option("--seen", is_flag=True, help="Most seen first: today's headlines, tops of boards.")
@click.option("--paper", help="Only numbers of this paper.")
@click.option("--dataset", default="", help="Only numbers on this dataset.")
@click.option("--since", type=Day(),
              help="Only papers that a source first had on or after this day.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True,
              help="Numbers to judge at most.")  # fmt: skip
@click.option("--list", "list_", is_flag=True, help="List the queue, and judge nothing.")
@as_options
@waiting
@click.pass_obj
def review(
    url: str,
    seen: bool,
    paper: str | None,
    dataset: str,
    since: dt.datetime | None,
    limit: int,
    list_: bool,
    form: str | None,
    wait: float,
) -> None:
    """Judge numbers that the extractor read, one at a time, the least sure first.

    Each stands with its sentence. Keys: y right, n wrong, e edit, s skip, u undo, q quit. Every
    decision is stored at once; see `catalog corrections list`. Without a terminal, list the queue
    with --list.

    \b
    Examples:
      catalog review --since 2025-03-01
      catalog review --seen --limit 20
      catalog review --dataset COCO --list --json

    Exit codes: 0 done, 1 failed, 2 wrong usage, 75 another command holds the lock, 130 interrupted.
    """
    from catalog.database.engine import reading
    from catalog.reads.drivers import run
    from catalog.reads.finding import find_paper
    from catalog.reads.review_queue import Filters, queue

    judges = not (list_ or form)
    if judges and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            "judging asks for keys, and there is no terminal; list the queue with --list, and "
            "decide with: catalog corrections accept PAPER NUMBER"
        )
    with reading(url) as engine, engine.connect() as connection:
        found = run(connection, find_paper(paper)) if paper else None
        filters = Filters(
            paper_id=found.id if found else None,
            dataset=dataset,
            since=since.date() if since else None,
        )
        waits = run(connection, queue("seen" if seen else "unsure", filters, most=limit))
    if not judges:
        write_rows(form, COLUMNS, [_row(one) for one in waits.numbers])
    elif not waits.numbers:
        click.echo(_nothing(waits, filters), err=True)
    else:
        _Session(url, waits, wait).run()


def _row(one: "Queued") -> tuple[Any, ...]:
    sure = round(one.certainty, 3)
    return (one.id, one.key, one.text, one.metric_as_read, one.dataset, one.kind, one.role, sure,
            one.sentence)  # fmt: skip


def _nothing(waits: "Queue", filters: "Filters") -> str:
    where = " among these" if (filters.paper_id or filters.dataset or filters.since) else ""
    return f"No number waits{where}; {plural(waits.judged, 'number')} judged."


class _Session:
    """A person at a terminal who judges the numbers of a queue."""

    def __init__(self, url: str, waits: "Queue", wait: float) -> None:
        self.url = url
        self.queue = waits
        self.wait = wait
        self.done: list[tuple[int, list[int]]] = []
        """Place in the queue and numbers of each decision, for undo."""
        self.counts: Counter[str] = Counter()

    def run(self) -> None:
        """Ask for a key for each number, until all are judged or the person quits."""
        at = 0
        numbers = self.queue.numbers
        click.echo(f"{plural(self.queue.waiting, 'number')} to judge, {self.queue.judged} judged.")
        while at < len(numbers):
            self._show(at)
            action = self._key()
            if action == "quit":
                break
            at = self._undo(at) if action == "undo" else at + self._act(action, numbers[at], at)
        told = ", ".join(f"{self.counts[name]} {name}" for name in ("right", "wrong", "edited"))
        left = self.queue.waiting - sum(self.counts.values()) + self.counts["skipped"]
        click.echo(f"{told}, {self.counts['skipped']} skipped; {left:,} left.")

    def _show(self, at: int) -> None:
        """Print a number with its sentence and its paper."""
        one = self.queue.numbers[at]
        click.echo()
        click.secho(f"[{at + 1}/{len(self.queue.numbers)}] ", bold=True, nl=False)
        seen = f"  {one.first_seen_on}" if one.first_seen_on else ""
        click.echo(f"{printable(one.key)}{seen}  {one_line(one.label, 120)}")
        click.echo(f"  {_marked(one)}")
        click.echo(f"  {_reading(one)}")

    def _key(self) -> str:
        """Wait for one of the keys."""
        keys = "  ".join(f"{key} {name}" for key, name in KEYS.items())
        click.secho(f"  {keys} ", dim=True, nl=False)
        while True:
            typed = click.getchar()
            if typed in {"\x04", "\x1a"} or typed == "":
                typed = "q"
            if action := KEYS.get(typed.lower()):
                click.echo(f"-> {action}")
                return action

    def _act(self, action: str, one: "Queued", at: int) -> int:
        """Do what a key says; return how far to go on."""
        from catalog.domain.errors import CatalogError

        if action == "skip":
            self.counts["skipped"] += 1
            return 1
        try:
            number = self._decide(action, one)
        except CatalogError as error:
            click.echo(f"  {printable(str(error))}", err=True)
            return 0
        except click.Abort:
            click.echo("\n  not changed")
            return 0
        self.done.append((at, [number, *self._also(number)]))
        self.counts["edited" if action == "edit" else action] += 1
        return 1

    def _decide(self, action: str, one: "Queued") -> int:
        """Store a decision; return its number."""
        from etl.commands.corrections_shared import deciding
        from etl.ingest import judging
        from etl.ingest.deciding import signed

        fields = _asked(one) if action == "edit" else {}
        with deciding(self.url, "review", self.wait) as writer:
            stored = judging.stored_result(writer.connection, one.id)
            if action == "edit":
                return judging.edit(writer, stored, fields, signed())
            decide = judging.accept if action == "right" else judging.reject
            return decide(writer, stored, signed())

    def _also(self, number: int) -> list[int]:
        """Offer to decide on other numbers alike; return those decisions."""
        from etl.commands.corrections_shared import deciding
        from etl.ingest.alike_numbers import alike, decide_alike
        from etl.ingest.deciding import looking, signed

        with looking(self.url) as writer:
            found = alike(writer.connection, number)
        if found is None or not click.confirm(f"  {printable(found.offer)}?"):
            return []
        with deciding(self.url, "review", self.wait) as writer:
            return decide_alike(writer, number, signed())

    def _undo(self, at: int) -> int:
        """Retract the last decision; return to its number, or stay if there is none."""
        from etl.commands.corrections_shared import deciding
        from etl.ingest.corrections import retract

        if not self.done:
            click.echo("  nothing to undo")
            return at
        place, numbers = self.done.pop()
        with deciding(self.url, "review", self.wait) as writer:
            for number in reversed(numbers):
                kind = retract(writer, number, dt.datetime.now(dt.UTC))
        self.counts[{"accept": "right", "reject": "wrong"}.get(kind, "edited")] -= 1
        return place


def _marked(one: "Queued") -> str:
    """Return the sentence with the number in it set off."""
    sentence = printable(" ".join((one.sentence or one.text).split()))
    text = printable(one.text)
    before, found, after = sentence.partition(text)
    return f"{before}{click.style(found, bold=True, reverse=True)}{after}" if found else sentence


def _reading(one: "Queued") -> str:
    """Say how the number was read."""
    parts = [
        one.text,
        one.metric_as_read or "no metric",
        f"on {one.dataset}" if one.dataset else "no dataset",
        one.kind + (f" {one.sign}" if one.sign else ""),
        "the paper's own" if one.role == "own" else "of other work",
        f"model {one.model}" if one.model else "",
        f"{one.certainty:.0%} sure",
    ]
    return " · ".join(one_line(part, 80) for part in parts if part)


def _asked(one: "Queued") -> dict[str, Any]:
    """Ask for the fields of a number; what is left as it is stays out.

    Raises:
        click.Abort: the person gave up.

    """
    click.echo("  Enter keeps a field, - empties it, Ctrl-C gives up.")
    found: dict[str, Any] = {}
    for name in EDITED:
        now = getattr(one, name)
        shown = "" if now is None else f"{now:g}" if isinstance(now, float) else str(now)
        typed = click.prompt(f"  {name}", default=shown, prompt_suffix=": ").strip()
        if typed != shown:
            found[name] = "" if typed == "-" and name != "sign" else typed
    return found
