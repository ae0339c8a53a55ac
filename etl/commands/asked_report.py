"""Tell what was asked of a language model, or would be, and what it costs."""

import json
from collections import Counter
from collections.abc import Iterator

import click

from catalog.domain.formatting import plural
from catalog.domain.safe_text import printable
from etl.extract.reader import ChosenReader, ReaderSettings, Tally

MILLION = 1_000_000
SHOWN = 5
"""Reasons that are told, the most frequent first."""


def tell_estimate(reader: ChosenReader, *, as_json: bool) -> None:
    """Print what a command would ask: questions, numbers, tokens, and the price where known."""
    tally, asked = reader.asking.tally, reader.argument
    price, basis = _price(asked, reader.settings, tally.expected_input, tally.expected_output)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "model": asked,
                    "abstracts": tally.abstracts,
                    "answered_before": tally.kept,
                    "requests": tally.wanted,
                    "numbers": tally.numbers,
                    "input_tokens": tally.expected_input,
                    "output_tokens": tally.expected_output,
                    "dollars": None if price is None else round(price, 4),
                    "price_basis": basis,
                }
            )
        )
        return
    if not tally.wanted:
        before = plural(tally.kept, "abstract was", "abstracts were")
        click.echo(f"Nothing to ask {printable(reader.name)}; {before} asked about before.")
        return
    click.echo(
        f"Would ask {printable(reader.name)} about {plural(tally.numbers, 'number')} in "
        f"{plural(tally.wanted, 'request')}, one for each abstract. "
        f"Answered before: {tally.kept:,} of {plural(tally.abstracts, 'abstract')}.\n"
        f"Tokens: about {tally.expected_input:,} sent, {tally.expected_output:,} received."
    )
    if price is None:
        click.echo("Price: not known; set input_price and output_price under [reader].")
    else:
        click.echo(f"Price: about ${price:,.2f}, {basis}.")


def _price(
    model: str, settings: ReaderSettings, sent: int, received: int
) -> tuple[float | None, str | None]:
    """Return the price of these tokens in dollars, and where it is from."""
    if settings.input_price is not None and settings.output_price is not None:
        dollars = (sent * settings.input_price + received * settings.output_price) / MILLION
        return dollars, "by the prices in the configuration"
    return _listed_price(model, sent, received)


def _listed_price(model: str, sent: int, received: int) -> tuple[float | None, str | None]:
    """Look a price up in the list of the package genai-prices, which asks nobody."""
    try:
        from genai_prices import Usage, calc_price
    except ImportError:
        return None, None
    usage = Usage(input_tokens=sent, output_tokens=received)
    for name in dict.fromkeys((model, model.rpartition("/")[2])):
        try:
            found = calc_price(usage, model_ref=name)
        except LookupError:
            continue
        basis = f"as genai-prices lists {found.model.name or name} of {found.provider.name}"
        return float(found.total_price), basis
    return None, None


def tell_asked(reader: ChosenReader, *, quiet: bool = False) -> None:
    """Print on standard error what a command has asked; if quiet, only if answers are missing."""
    tally = reader.asking.tally
    is_worth_it = tally.unanswered if quiet else tally.abstracts
    if is_worth_it and not reader.asking.only_estimate:
        for line in _lines(reader, tally):
            click.echo(printable(line), err=True)


def _lines(reader: ChosenReader, tally: Tally) -> Iterator[str]:
    yield (
        f"{reader.name}: {plural(tally.abstracts, 'abstract')} with a question, {tally.kept:,} "
        f"answered before; {plural(tally.requests, 'request')}, {plural(tally.answers, 'answer')}, "
        f"{tally.input_tokens:,} tokens sent, {tally.output_tokens:,} received"
    )
    if tally.stopped:
        yield f"{reader.name}: nothing more was asked: {tally.stopped}"
    yield from _reasons(reader.name, "without an answer", tally.failures)
    if tally.unanswered:
        count = plural(tally.unanswered, "abstract")
        yield f"{reader.name}: {count} without an answer; there the built-in reading stands"
        yield f"  hint: to ask later: catalog reextract --reader {reader.name}"
    yield from _reasons(reader.name, "not believed", tally.dropped)


def _reasons(name: str, what: str, reasons: Counter[str]) -> Iterator[str]:
    for why, count in reasons.most_common(SHOWN):
        yield f"{name}: {what}: {count:,} x {why}"
