"""Compose an issue as a mail with plain text and HTML, and headers safe from its content."""

import datetime as dt
import hashlib
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from catalog.domain.errors import CatalogError
from catalog.domain.safe_text import one_line
from catalog.publish.digest_html import html
from catalog.publish.digest_text import text
from catalog.reads.digest import Issue

LONGEST_SUBJECT = 150
WRITTEN = re.compile(
    r"(?P<name>[^<>@,;:]*)<(?P<bare>[^<>@\s,;:]+@[^<>@\s,;:]+)>|(?P<alone>[^<>@\s,;:]+@[^<>@\s,;:]+)"
)
"""One address, alone or after a name."""


def compose(issue: Issue, *, sender: str, to: str, now: dt.datetime) -> EmailMessage:
    """Compose the mail to one address (RFC 5322, RFC 2046 multipart/alternative).

    The subject tells the day and counts; titles and abstracts stand in the body alone.

    Raises:
        CatalogError: sender or recipient is no mail address.

    """
    origin = mailbox(sender)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(f"{issue.title}: {issue.summary}", LONGEST_SUBJECT)
    message["From"] = origin
    message["To"] = mailbox(to)
    message["Date"] = format_datetime(now.astimezone(dt.UTC))
    message["Message-ID"] = message_id(issue, to, origin.domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation replies, please.
    message.set_content(text(issue), cte="quoted-printable")
    message.add_alternative(html(issue), subtype="html", cte="quoted-printable")
    return message


def message_id(issue: Issue, to: str, domain: str) -> str:
    """Return the same id for the same issue and address, so that mail programs see repetitions."""
    digest = hashlib.sha256(f"{issue.subject}\n{to.strip().lower()}".encode()).hexdigest()
    return f"<{digest[:32]}@{domain.encode('idna').decode()}>"


def mailbox(written: str) -> Address:
    """Parse a mail address, perhaps with a name.

    >>> mailbox("Papers <papers@example.org>")
    Address(display_name='Papers', username='papers', domain='example.org')

    Raises:
        CatalogError: it is none, or more than one.

    """
    found = WRITTEN.fullmatch(written.strip()) if written.isprintable() else None
    try:
        if found is None:
            raise ValueError
        name, bare = (found["name"] or "").strip(' "'), found["bare"] or found["alone"]
        if bare.isascii():
            return Address(display_name=name, addr_spec=bare)
        user, _, domain = bare.rpartition("@")  # RFC 6531, which `addr_spec` refuses
        return Address(display_name=name, username=user, domain=domain)
    except (ValueError, IndexError) as error:
        raise CatalogError(
            f"cannot send mail to or from {written!r}",
            why="it is no mail address",
            hint="correct to and from in [digest]: you@example.org, or Name <you@example.org>",
        ) from error
