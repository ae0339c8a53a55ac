"""Mail servers on 127.0.0.1, with and without TLS, that keep what they receive."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class ScriptedHost:
    """A mail server that answers as it is told; with None it hangs up."""

    def __init__(self) -> None:
        self.script: dict[str, list[bytes | None]] = {}
        """Verb, or "." for the end of a mail -> its next answers; after them it is friendly."""
        self.accepted: list[str] = []
        """Recipients of the mails that it took."""
        self.sessions = 0
        self.port = 0
        self.said = b""
        """Its last answer."""

    def serve(self, connection: socket.socket) -> None:
        self.sessions += 1
        recipient = ""
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 ready\r\n")
            for line in lines:
                verb = line.split(b" ")[0].strip().decode().upper()
                if not self.say(connection, verb, b"354 go on" if verb == "DATA" else b"250 well"):
                    return
                if verb == "RCPT":
                    recipient = line.decode().partition("<")[2].partition(">")[0]
                if verb == "DATA" and self.said.startswith(b"354"):
                    if b".\r\n" not in lines:  # the client hung up before the end of the mail
                        return
                    answered = self.say(connection, ".", b"250 taken")
                    if not answered or self.said.startswith(b"250"):
                        self.accepted.append(recipient)
                    if not answered:
                        return
                if verb == "QUIT" or self.said.startswith(b"421"):
                    return

    def say(self, connection: socket.socket, verb: str, friendly: bytes) -> bool:
        answers = self.script.get(verb)
        answer = answers.pop(0) if answers else friendly
        self.said = answer or b""
        if answer is not None:
            connection.sendall(answer + b"\r\n")
        return answer is not None


@contextmanager
def scripted_host() -> Iterator[ScriptedHost]:
    """A server that answers as it is told, one session after the other."""
    host = ScriptedHost()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host.port = listening.getsockname()[1]

        def run() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with suppress(OSError):
                    host.serve(connection)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield host
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


class Mailbox:
    """What a mail server does with a mail."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []
        self.raw: list[bytes] = []
        self.refuse: set[str] = set()
        self.hang_up_after_data = False
        self.logins: list[tuple[bytes, bytes]] = []
        self.port = 0
        self.ca_file = ""

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refuse:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.raw.append(content)
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append((envelope.rcpt_tos[0], message))
        if self.hang_up_after_data:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 OK"

    def authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)


@contextmanager
def mailhost(folder: Path, security: str = "none", *, login: bool = False) -> Iterator[Mailbox]:
    """A mail server; its certificate is signed by an authority that only `ca_file` knows."""
    mailbox = Mailbox()
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    mailbox.ca_file = str(folder / "ca.pem")
    authority.cert_pem.write_to_path(mailbox.ca_file)
    options: dict[str, Any] = {"enable_SMTPUTF8": True}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if login:
        # To aiosmtpd a session is encrypted after STARTTLS alone: with TLS from the beginning it
        # would offer no login.
        by_starttls = security == "starttls"
        options |= {"authenticator": mailbox.authenticate, "auth_required": by_starttls}
        options |= {"auth_require_tls": by_starttls}
    loop = asyncio.new_event_loop()

    def protocol() -> SMTP:
        return SMTP(mailbox, hostname="mail.example.org", loop=loop, **options)

    tls = context if security == "tls" else None
    server = loop.run_until_complete(loop.create_server(protocol, "127.0.0.1", 0, ssl=tls))
    mailbox.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield mailbox
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(_closed(server))
        loop.close()


async def _closed(server: asyncio.Server) -> None:
    """End the server, and with it every session that is still open."""
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
