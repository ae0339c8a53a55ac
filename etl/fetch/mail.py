"""Send mail by SMTP over verified TLS (RFC 3207, RFC 8314)."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Literal

from msgspec import Struct

from etl.fetch.errors import FetchError, UncertainError
from etl.fetch.http import LOOPBACK


class MailServer(Struct, frozen=True, kw_only=True):
    """The address, security and login of a mail server."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    """"none" only to this machine."""
    username: str | None = None
    password: str | None = None
    ca_file: str | None = None
    """Certificates to trust instead of the system's."""
    timeout: float = 30.0


REFUSALS = (
    smtplib.SMTPResponseException,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPNotSupportedError,
)
"""After these the server has taken nothing."""


class Mailer:
    """A session with a mail server."""

    def __init__(self, session: smtplib.SMTP, server: MailServer) -> None:
        self.session = session
        self.server = server

    def send(self, message: EmailMessage, address: str) -> None:
        """Send a mail to one address.

        Raises:
            UncertainError: the connection broke, so the mail may have been accepted or not.
            FetchError: the server did not accept it.

        """
        try:
            self.session.send_message(message, to_addrs=[address])
        except REFUSALS as error:
            raise _failed(self.server, error, f"to {address}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise UncertainError(
                f"cannot tell whether the mail to {address} was accepted",
                why=f"{type(error).__name__}: {error}",
                hint="look into the mailbox; the mail is not sent again",
            ) from error


@contextmanager
def mailer(server: MailServer) -> Iterator[Mailer]:
    """Open a session with a mail server.

    Raises:
        FetchError: it cannot be reached, has no valid certificate, or refuses the login.

    """
    if server.security == "none" and server.host not in LOOPBACK:
        raise FetchError(
            f"cannot send mail through {server.host}",
            why='security is "none", which is allowed only for this machine',
            hint='set security = "starttls" or "tls" in [digest]',
        )
    try:
        session = _connected(server)
    except (smtplib.SMTPException, OSError) as error:
        raise _failed(server, error) from error
    try:
        yield Mailer(session, server)
    finally:
        _quit(session)


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=server.ca_file)
    session: smtplib.SMTP
    if server.security == "tls":
        session = smtplib.SMTP_SSL(
            server.host, server.port, timeout=server.timeout, context=context
        )
    else:
        session = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        if server.security == "starttls":
            session.starttls(context=context)
        if server.username:
            session.login(server.username, server.password or "")
    except BaseException:
        session.close()
        raise
    return session


def _quit(session: smtplib.SMTP) -> None:
    try:
        session.quit()
    except (smtplib.SMTPException, OSError):
        session.close()  # The server hung up first: what it took, it took.


def _failed(server: MailServer, error: Exception, where: str = "") -> FetchError:
    reason = str(error)
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        reason = f"{error.smtp_code} {words}"
    return FetchError(
        f"cannot send mail {where} through {server.host}:{server.port}".replace("  ", " "),
        why=f"{type(error).__name__}: {reason}",
        hint="check host, port, security and username in [digest], and the password variable",
    )
