"""Tests of mail: its form, delivery once, TLS, and recipients."""

import datetime as dt
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from catalog.domain.errors import CatalogError
from catalog.domain.periods import parse_period
from catalog.publish.mail import compose, mailbox
from catalog.reads.digest import of_day, of_search
from catalog.reads.drivers import run
from etl.fetch import World
from etl.fetch.mail import MailServer, mailer
from etl.sync.digest_delivery import command_again, deliver, due, forget
from tests.digest.conftest import DAY, EVIL
from tests.digest.mailhost import mailhost, scripted_host

NOW = dt.datetime(2025, 3, 12, 6, tzinfo=dt.UTC)
WORLD = World(now=lambda: NOW)


@pytest.fixture
def issue(filled):
    with filled.connect() as connection:
        return run(connection, of_day(DAY))


def deliveries(engine):
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT address, state FROM deliveries ORDER BY 1"))
        return [tuple(row) for row in rows]


def test_a_mail_is_plain_text_and_html(issue):
    message = compose(issue, sender="a@example.org", to="b@example.org", now=NOW)
    assert message.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert "A Loved Paper" in message.get_body(("plain",)).get_content()
    assert "A Loved Paper" in message.get_body(("html",)).get_content()


def test_headers_say_who_when_and_what(issue):
    message = compose(issue, sender="Papers <a@example.org>", to="b@example.org", now=NOW)
    assert message["From"] == "Papers <a@example.org>"
    assert message["Subject"] == "Papers of Tuesday, 11 March 2025: 4 papers, 1 with code"
    assert message["Date"] == "Wed, 12 Mar 2025 06:00:00 +0000"
    assert message["Message-ID"].endswith("@example.org>")
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_same_issue_to_the_same_address_has_the_same_message_id(issue):
    ids = {
        compose(issue, sender="a@example.org", to=to, now=NOW)["Message-ID"]
        for to in ("b@example.org", "B@example.org", "c@example.org")
    }
    assert len(ids) == 2


def test_nothing_in_a_saved_search_reaches_the_headers(filled):
    with filled.connect() as connection:
        issue = run(connection, of_search("loved\r\nBcc: eve@example.org\r\n\r\nbody", DAY))
    message = compose(issue, sender="a@example.org", to="b@example.org", now=NOW)
    head = message.as_bytes().split(b"\r\n\r\n")[0]
    assert message["Bcc"] is None
    assert not any(line.startswith(b"Bcc") for line in head.split(b"\r\n"))


def test_nothing_in_a_paper_reaches_the_headers(issue):
    issue.items[0].label = "Evil\r\nBcc: eve@example.org\r\n\r\n<html>"
    message = compose(issue, sender="a@example.org", to="b@example.org", now=NOW)
    assert message.keys().count("Bcc") == 0
    assert "\nBcc: eve" not in message.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@example.org, b@example.org",
        "a@example.org\nBcc: eve@example.org",
        "a b@example.org",
        "Name <a@example.org> <b@example.org>",
        "@example.org",
    ],
)
def test_what_is_no_single_address_is_refused(address):
    with pytest.raises(CatalogError, match="no mail address"):
        mailbox(address)


def test_each_address_gets_its_own_mail(filled, issue, host, config):
    sent = deliver(filled, issue, config(), WORLD)
    assert sent.sent == ["ada@example.org", "bob@example.org"]
    assert [to for to, _ in host.mails] == sent.sent
    assert [mail["To"] for _, mail in host.mails] == sent.sent
    assert deliveries(filled) == [("ada@example.org", "sent"), ("bob@example.org", "sent")]


@pytest.mark.on_both
def test_a_days_digest_is_never_sent_twice_to_one_address(filled, issue, host, config):
    deliver(filled, issue, config(to=("ada@example.org",)), WORLD)
    again = deliver(filled, issue, config(to=("ADA@example.org", "bob@example.org")), WORLD)
    assert again.already == ["ada@example.org"]
    assert again.sent == ["bob@example.org"]
    assert len(host.mails) == 2


def test_what_is_sent_holds_evil_as_text(filled, issue, host, config):
    deliver(filled, issue, config(), WORLD)
    _, mail = host.mails[0]
    assert EVIL.split("\x1b")[0][:20] in mail.get_body(("plain",)).get_content()
    assert "<script>" not in mail.get_body(("html",)).get_content()


def test_a_refused_address_is_told_and_tried_again(filled, issue, host, config):
    host.refuse.add("bob@example.org")
    sent = deliver(filled, issue, config(), WORLD)
    assert sent.sent == ["ada@example.org"]
    assert "550" in str(sent.failed["bob@example.org"])
    host.refuse.clear()
    assert deliver(filled, issue, config(), WORLD).sent == ["bob@example.org"]


def test_a_connection_that_breaks_after_the_mail_does_not_send_it_again(
    filled, issue, host, config
):
    host.hang_up_after_data = True
    sent = deliver(filled, issue, config(to=("ada@example.org",)), WORLD)
    assert "cannot tell" in str(sent.failed["ada@example.org"])
    host.hang_up_after_data = False
    again = deliver(filled, issue, config(to=("ada@example.org",)), WORLD)
    assert again.uncertain == ["ada@example.org"]
    assert len(host.mails) == 1
    assert deliveries(filled) == [("ada@example.org", "sending")]
    forget(filled, issue, ["Ada@example.org"])
    assert deliver(filled, issue, config(), WORLD).sent == ["ada@example.org", "bob@example.org"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_over_tls_with_a_login(filled, issue, tmp_path, config, security, monkeypatch):
    monkeypatch.setenv("INVENTED_PASSWORD", "right")
    with mailhost(tmp_path, security, login=True) as host:
        sent = deliver(
            filled,
            issue,
            config(
                port=host.port,
                security=security,
                ca_file=host.ca_file,
                username="ada",
                password_env="INVENTED_PASSWORD",
            ),
            WORLD,
        )
        assert sent.failed == {}
        assert host.logins == [(b"ada", b"right")]
        assert len(host.mails) == 2


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_does_not_prove_who_it_is_gets_nothing(
    filled, issue, tmp_path, config, security
):
    with mailhost(tmp_path, security) as host:
        sent = deliver(filled, issue, config(port=host.port, security=security), WORLD)
        assert set(sent.failed) == {"ada@example.org", "bob@example.org"}
        assert "CERTIFICATE" in str(sent.failed["ada@example.org"]).upper()
        assert host.mails == []
    assert deliveries(filled) == []


def test_a_wrong_password_is_told_and_nothing_is_sent(filled, issue, tmp_path, config):
    with mailhost(tmp_path, "starttls", login=True) as host:
        wanted = config(port=host.port, security="starttls", ca_file=host.ca_file, username="ada")
        sent = deliver(filled, issue, wanted, WORLD)
        assert "535" in str(sent.failed["ada@example.org"])
        assert "password" in sent.failed["ada@example.org"].hint
    assert deliveries(filled) == []


def test_without_tls_no_other_machine_is_asked():
    server = MailServer(host="mail.example.org", port=25, security="none")
    with pytest.raises(CatalogError, match="only for this machine"), mailer(server):
        pass


def test_a_server_that_is_not_there_is_told(filled, issue, config):
    sent = deliver(filled, issue, config(port=1), WORLD)
    assert "ConnectionRefusedError" in str(sent.failed["ada@example.org"])


def test_a_scheduled_run_sends_the_newest_day_that_is_over(filled, config):
    assert due(filled, config(), DAY) is None
    assert due(filled, config(), dt.date(2025, 3, 12)).day == DAY
    assert due(filled, config(query="nosuchword"), dt.date(2025, 3, 12)) is None
    found = due(filled, config(query="loved"), dt.date(2025, 3, 12))
    assert found.subject == "search loved 2025-03-11"


@pytest.mark.on_both
def test_of_two_runs_at_once_one_sends(filled, issue, host, config):
    @contextmanager
    def while_another_run_sends(server):
        deliver(filled, issue, config(), WORLD)
        with mailer(server) as ready:
            yield ready

    sent = deliver(filled, issue, config(), WORLD, opens=while_another_run_sends)
    assert sent.already == ["ada@example.org", "bob@example.org"]
    assert len(host.mails) == 2


@pytest.mark.on_both
def test_what_another_run_is_still_sending_is_not_told_as_sent(filled, issue, host, config):
    @contextmanager
    def while_another_run_waits(server):
        host.hang_up_after_data = True
        deliver(filled, issue, config(), WORLD)
        host.hang_up_after_data = False
        with mailer(server) as ready:
            yield ready

    sent = deliver(filled, issue, config(), WORLD, opens=while_another_run_waits)
    assert (sent.already, sent.uncertain) == ([], ["ada@example.org", "bob@example.org"])
    assert len(host.mails) == 2


def test_the_command_for_once_more_names_the_very_issue(filled, issue):
    def command(issue):
        return command_again(issue, "o'neil@example.org")

    assert command(issue) == """catalog digest 2025-03-11 --send --again 'o'"'"'neil@example.org'"""
    with filled.connect() as connection:
        week = run(connection, of_search("loved code:no", parse_period("2025-W11", DAY)))
        of_all = run(connection, of_search("loved"))
    assert command(week).startswith("catalog digest 2025-W11 --query 'loved code:no' --send ")
    assert command(of_all).startswith("catalog digest --query loved --send ")
    assert (week.period, of_all.period) == ("2025-W11", None)


def test_each_failure_has_its_own_hint(filled, issue, config):
    with scripted_host() as server:
        server.script["."] = [None, b"552 5.2.2 mailbox full"]
        failed = deliver(filled, issue, config(port=server.port), WORLD).failed
    assert command_again(issue, "ada@example.org") in failed["ada@example.org"].hint
    assert "mailbox is full" in failed["bob@example.org"].hint


@pytest.mark.on_both
def test_a_run_that_is_killed_between_two_mails_sends_the_second_later(
    filled, issue, host, config, monkeypatch
):
    class KilledError(BaseException):
        pass

    @contextmanager
    def dying(server):
        with mailer(server) as ready:
            send = ready.send

            def send_and_die(*mail):
                send(*mail)
                raise KilledError

            monkeypatch.setattr(ready, "send", send_and_die)
            yield ready

    with pytest.raises(KilledError):
        deliver(filled, issue, config(), WORLD, opens=dying)
    sent = deliver(filled, issue, config(), WORLD)
    assert (sent.uncertain, sent.sent) == (["ada@example.org"], ["bob@example.org"])
    assert len(host.mails) == 2


def test_a_run_that_is_killed_before_the_last_byte_forgets_nobody(
    filled, issue, host, config, monkeypatch
):
    class KilledError(BaseException):
        pass

    @contextmanager
    def dying(server):
        with mailer(server) as ready:

            def die():
                raise KilledError

            send = ready.send
            monkeypatch.setattr(ready, "send", lambda mail, to, _claim: send(mail, to, die))
            yield ready

    with pytest.raises(KilledError):
        deliver(filled, issue, config(), WORLD, opens=dying)
    assert (host.mails, deliveries(filled)) == ([], [])
    assert deliver(filled, issue, config(), WORLD).failed == {}
    assert len(host.mails) == 2


@pytest.mark.parametrize("answer", [None, b"421 4.3.2 closing"], ids=["closes", "421"])
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("times", [1, 2, 4])
def test_a_break_before_the_mail_costs_nobody_his_digest(
    filled, issue, config, verb, answer, times
):
    with scripted_host() as server:
        server.script[verb] = [answer] * times
        wanted = config(port=server.port, to=("ada@example.org", "bob@example.org"))
        first = deliver(filled, issue, wanted, WORLD)
        assert len(first.failed) == times // 2, "each address is tried twice"
        assert deliveries(filled) == [(to, "sent") for to in first.sent]
        assert deliver(filled, issue, wanted, WORLD).failed == {}
        assert sorted(server.accepted) == ["ada@example.org", "bob@example.org"]


@pytest.mark.parametrize(
    ("verb", "answer", "hint"),
    [
        ("RCPT", b"450 4.2.1 try later", "next run tries again"),
        ("RCPT", b"550 5.1.1 no such user", "check this address"),
        ("MAIL", b"451 4.3.0 local error", "next run tries again"),
        (".", b"552 5.2.2 mailbox full", "mailbox is full"),
        (".", b"451 4.7.1 greylisted", "next run tries again"),
        (".", b"554 5.7.1 no spam", "takes mail from this sender"),
    ],
)
def test_a_refusal_is_told_in_words_and_costs_one_address(
    filled, issue, config, verb, answer, hint
):
    with scripted_host() as server:
        server.script[verb] = [answer]
        first = deliver(filled, issue, config(port=server.port), WORLD)
        assert first.sent == ["bob@example.org"]
        assert answer.decode() in str(first.failed["ada@example.org"])
        assert "{" not in str(first.failed["ada@example.org"])
        assert hint in first.failed["ada@example.org"].hint
        assert server.sessions == 1
        assert deliver(filled, issue, config(port=server.port), WORLD).sent == ["ada@example.org"]
        assert server.accepted == ["bob@example.org", "ada@example.org"]


def test_a_break_after_the_mail_is_uncertain_for_its_address_alone(filled, issue, config):
    with scripted_host() as server:
        server.script["."] = [None]
        first = deliver(filled, issue, config(port=server.port), WORLD)
        assert first.sent == ["bob@example.org"]
        assert "cannot tell" in str(first.failed["ada@example.org"])
        deliver(filled, issue, config(port=server.port), WORLD)
        assert server.accepted == ["ada@example.org", "bob@example.org"]


def test_addresses_beyond_ascii_work_where_the_server_knows_them(filled, issue, host, config):
    wanted = config(to=("jürgen@exämple.org",))
    assert deliver(filled, issue, wanted, WORLD).sent == ["jürgen@exämple.org"]
    assert host.mails[0][0] == "jürgen@exämple.org"
    assert "To: jürgen@exämple.org\r\n".encode() in host.raw[0]


def test_addresses_beyond_ascii_are_refused_in_words_elsewhere(filled, issue, config):
    with scripted_host() as server:
        wanted = config(port=server.port, to=("jürgen@exämple.org", "bob@example.org"))
        sent = deliver(filled, issue, wanted, WORLD)
        assert "does not support addresses beyond ASCII" in str(sent.failed["jürgen@exämple.org"])
        assert sent.sent == ["bob@example.org"]
        assert deliveries(filled) == [("bob@example.org", "sent")]
