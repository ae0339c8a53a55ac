"""Tests of mails as .eml files: digests and arXiv's lists whose text is encoded."""

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from catalog.domain.records import PaperRecord
from etl.formats import FormatError, Head
from etl.plugins import recognise

DATA = Path(__file__).parents[1] / "data"
PAGE = (
    "Daily Papers\n\nMarch 11, 2025\n\n"
    "Größere Quills: A Study of Ink\n\n"
    "We reach 91.2% accuracy on ImageNet, with a sentence that is so long that a mail wraps it "
    "softly, and with an equals sign = in it.\n"
)
ARXIV = (DATA / "arxiv-email" / "daily.txt").read_text("utf-8")

Parse = Callable[..., list[Any]]


def mail(text: str, *, encoding: str, in_parts: bool = False, charset: str = "utf-8") -> bytes:
    made = EmailMessage()
    made["From"] = "list@example.org"
    made["To"] = "you@example.org"
    made["Subject"] = "Papers"
    made.set_content(text, cte=encoding, charset=charset)
    if in_parts:
        made.add_alternative("<p>The same as HTML.</p>", subtype="html")
    return made.as_bytes()


@pytest.mark.parametrize("in_parts", [False, True])
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
@pytest.mark.parametrize(("format_name", "text"), [("digest-page", PAGE), ("arxiv-email", ARXIV)])
def test_a_mail_gives_what_its_text_gives(
    parse: Parse, format_name: str, text: str, encoding: str, in_parts: bool
) -> None:
    data = mail(text, encoding=encoding, in_parts=in_parts)
    found = recognise(Head(name="-", data=data))
    assert found is not None
    assert found.name == format_name
    outcomes = parse(format_name, data)
    assert [one for one in outcomes if isinstance(one, PaperRecord)]
    assert outcomes == parse(format_name, text)


def test_a_mail_in_an_old_character_set_is_read(parse: Parse) -> None:
    data = mail(PAGE, encoding="quoted-printable", charset="iso-8859-1")
    assert parse("digest-page", data)[0].title == "Größere Quills: A Study of Ink"


def test_a_character_set_that_nobody_knows_is_read_as_utf_8(parse: Parse) -> None:
    data = mail(PAGE, encoding="base64").replace(b'charset="utf-8"', b'charset="x-quill"')
    assert parse("digest-page", data)[0].title == "Größere Quills: A Study of Ink"


def test_a_mail_without_text_is_refused(parse: Parse) -> None:
    made = EmailMessage()
    made["From"] = made["To"] = "a@example.org"
    made["Subject"] = "Papers"
    made.set_content("<p>x</p>", subtype="html", cte="base64")
    with pytest.raises(FormatError, match="no plain text"):
        parse("digest-page", made.as_bytes())
