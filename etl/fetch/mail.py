"""Send mail by SMTP over verified TLS (RFC 3207, RFC 8314)."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from functools import partial
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


TAKEN = 250
CLOSING = 421
"""The server ends the session (RFC 5321, 3.8)."""

BROKEN = (smtplib.SMTPException, OSError)


Claim = Callable[[], bool]
"""Says directly before a mail's last byte whether it may go; after its yes it may have arrived."""


class ClaimedError(Exception):
    """Another run has sent this mail meanwhile."""


class _RefusedError(Exception):
    """The server answered that it does not take a mail."""

    def __init__(self, step: str, code: int, said: bytes) -> None:
        words = " ".join(said.decode("utf-8", "replace").split())
        super().__init__(f"the server refused {step}: {code} {words}".rstrip())
        self.code = code


class Mailer:
    """A session with a mail server; one that breaks off is begun anew."""

    def __init__(self, session: smtplib.SMTP, server: MailServer) -> None:
        self.session: smtplib.SMTP | None = session
        self.server = server

    def send(self, message: EmailMessage, address: str, claim: Claim) -> None:
        """Send a mail to one address; once more on a new connection if nothing went out.

        A server delivers nothing before the line with the dot has come (RFC 5321, 4.1.1.4), so a
        run that is cut off before `claim` was asked has sent nothing.

        Raises:
            ClaimedError: `claim` said no; nothing was sent.
            UncertainError: the connection broke after the mail, which may have been accepted.
            FetchError: the server did not accept it.

        """
        try:
            self._send(message, address, claim)
        except _RefusedError as error:
            if error.code != CLOSING:
                raise self._refused(error, address) from error
        except BROKEN:
            self.drop()
        else:
            return
        try:
            self._send(message, address, claim)
        except _RefusedError as error:
            raise self._refused(error, address) from error
        except BROKEN as error:
            self.drop()
            raise _failed(self.server, error, f"to {address}") from error

    def _send(self, message: EmailMessage, address: str, claim: Claim) -> None:
        """Send a mail on the open session, or on a new one."""
        if self.session is None:
            self.session = _connected(self.server)
        session = self.session
        try:
            self._offer(session, message, address)
            body = _quoted(message, is_utf8=_needs_utf8(message, address))
            session.send(body)
            if not claim():
                self.drop()
                raise ClaimedError
            self._finish(session, address)
        except _RefusedError as error:
            self._begin_again(error)
            raise

    def _offer(self, session: smtplib.SMTP, message: EmailMessage, address: str) -> None:
        """Name sender and recipient, and ask for leave to send the mail."""
        session.ehlo_or_helo_if_needed()
        options: list[str] = []
        if _needs_utf8(message, address):
            if not session.has_extn("smtputf8"):
                raise FetchError(
                    f"cannot send mail to {address} through {self.server.host}",
                    why="the server does not support addresses beyond ASCII (SMTPUTF8)",
                    hint="use an address in ASCII, or another mail server",
                )
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        steps = (
            ("the sender", partial(session.mail, _sender(message), options), {250}),
            ("the recipient", partial(session.rcpt, address), {250, 251}),
            ("the mail", partial(session.docmd, "DATA"), {354}),
        )
        for step, ask, wanted in steps:
            code, said = ask()
            if code not in wanted:
                raise _RefusedError(step, code, said)

    def _finish(self, session: smtplib.SMTP, address: str) -> None:
        """End the mail; from here on the server may have accepted it."""
        try:
            session.send(b".\r\n")
            code, said = session.getreply()
        except BROKEN as error:
            self.drop()
            raise UncertainError(
                f"cannot tell whether the mail to {address} was accepted",
                why=f"{type(error).__name__}: {error}",
                hint="look into the mailbox",
            ) from error
        if code != TAKEN:
            raise _RefusedError("the mail", code, said)

    def _refused(self, error: _RefusedError, address: str) -> FetchError:
        return FetchError(
            f"cannot send mail to {address} through {self.server.host}:{self.server.port}",
            why=str(error),
            hint=_advice(error.code),
        )

    def _begin_again(self, error: _RefusedError) -> None:
        """Make the session ready for the next mail."""
        if error.code == CLOSING or self.session is None:
            self.drop()
            return
        try:
            self.session.rset()
        except BROKEN:
            self.drop()

    def drop(self) -> None:
        """Break the session off, with whatever the server waits for."""
        if self.session is not None:
            self.session.close()
        self.session = None

    def close(self) -> None:
        """End the session."""
        if self.session is not None:
            _quit(self.session)


def _advice(code: int) -> str:
    if code == 552:
        return "the mailbox is full or the mail too large; the next run tries again"
    if code < 500:
        return "wait: the next run tries again"
    return "check this address in [digest], and whether the server takes mail from this sender"


def _sender(message: EmailMessage) -> str:
    return str(message["From"].addresses[0].addr_spec)


def _needs_utf8(message: EmailMessage, address: str) -> bool:
    """Return true if an address holds more than ASCII (RFC 6531)."""
    return not (address.isascii() and _sender(message).isascii())


def _quoted(message: EmailMessage, *, is_utf8: bool) -> bytes:
    """Return the bytes of a mail with dots at line starts doubled (RFC 5321, 4.5.2)."""
    data = message.as_bytes(policy=SMTP_POLICY.clone(utf8=is_utf8))
    data = re.sub(rb"(?m)^\.", b"..", data)
    return data if data.endswith(b"\r\n") else data + b"\r\n"


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
    ready = Mailer(session, server)
    try:
        yield ready
    except BaseException:
        ready.drop()  # in the middle of a mail the server would wait for its end
        raise
    ready.close()


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
