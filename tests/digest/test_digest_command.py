"""Tests of `catalog digest` as people and schedulers run it."""

import datetime as dt
import json
import logging
import shlex
from email import message_from_string
from email.policy import default

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from etl.cli import main
from etl.commands.sync_command import mail
from etl.fetch import World
from etl.sync.config import read_config

MAIL = """
contact = "ada@example.org"
[digest]
to = ["ada@example.org", "bob@example.org"]
from = "Papers <papers@example.org>"
host = "127.0.0.1"
port = {port}
security = "none"
site = "https://papers.example.org"
"""


@pytest.fixture
def digest(filled, url, host, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "catalog.toml").write_text(MAIL.format(port=host.port))

    def call(*arguments):
        return CliRunner().invoke(main, ["--db", url, "digest", *arguments])

    return call


@pytest.mark.parametrize("day", [[], ["latest"], ["2025-03-11"]], ids=["none", "latest", "a day"])
def test_the_newest_digest_is_shown(digest, day):
    result = digest(*day)
    assert result.exit_code == 0
    assert result.stdout.startswith("Papers of Tuesday, 11 March 2025\n4 papers, 1 with code\n")
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("html", "<!DOCTYPE html>"),
        ("markdown", "# Papers of Tuesday"),
        ("json", "{"),
        ("atom", "<?xml"),
        ("email", "Subject: Papers of"),
    ],
)
def test_every_form_begins_as_it_should(digest, form, begins):
    assert digest("--format", form).stdout.startswith(begins)


def test_a_saved_search_is_shown_instead_of_the_day(digest):
    found = json.loads(digest("2025-03-11", "--query", "loved", "--format", "json").stdout)
    assert [item["key"] for item in found["items"]] == ["2503.00002"]


def test_a_day_without_digest_is_exit_1(digest):
    result = digest("2025-01-01")
    assert result.exit_code == 1
    assert "cannot find a digest of 2025-01-01" in result.stderr


def test_what_is_no_day_is_exit_2(digest):
    assert digest("soon").exit_code == 2
    assert digest("--dry-run").exit_code == 2


def test_a_dry_run_shows_the_mail_and_sends_nothing(digest, host, filled):
    result = digest("--send", "--dry-run")
    assert result.exit_code == 0
    message = message_from_string(result.stdout, policy=default)
    assert message["To"] == "ada@example.org"
    assert "it goes to ada@example.org, bob@example.org" in result.stderr
    assert host.mails == []
    with filled.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM deliveries")) == 0


def test_it_is_sent_once(digest, host):
    first = digest("--send")
    assert first.exit_code == 0, first.stderr
    assert "Sent digest 2025-03-11 to ada@example.org." in first.stderr
    assert "digest 2025-03-11 was sent there before" in digest("--send").stderr
    assert len(host.mails) == 2
    html = host.mails[0][1].get_body(("html",)).get_content()
    assert "https://papers.example.org/paper/2503.00002" in html


def test_what_may_have_arrived_is_told_and_sent_again_on_demand(digest, host):
    host.hang_up_after_data = True
    first = digest("--send")
    assert first.exit_code == 1
    assert "catalog digest 2025-03-11 --send --again bob@example.org\n" in first.stderr
    host.hang_up_after_data = False
    second = digest("--send")
    assert second.exit_code == 3
    assert "Skipped ada@example.org: digest 2025-03-11 may have arrived" in second.stderr
    assert "another run was cut off, or is still waiting for the server" in second.stderr
    hint = "look into the mailbox; if it is not there: catalog digest 2025-03-11 --send --again"
    assert f"hint: {hint} ada@example.org\n" in second.stderr
    again = digest("--send", "--again", "Ada@example.org", "--again", "bob@example.org")
    assert again.exit_code == 0, again.stderr
    assert [to for to, _ in host.mails] == ["ada@example.org", "bob@example.org"] * 2


@pytest.fixture
def searching(digest, tmp_path):
    """The command, where a search is configured."""
    with (tmp_path / "catalog.toml").open("a") as file:
        file.write('query = "code:yes"\n')
    return digest


@pytest.fixture
def scheduled(digest, filled, url, tmp_path, caplog):
    """Mails what a scheduled run of the day after would; gives back what was said."""

    def call():
        config = read_config(tmp_path / "catalog.toml", asks=False)
        day_after = World(now=lambda: dt.datetime(2025, 3, 12, 6, tzinfo=dt.UTC))
        caplog.clear()
        caplog.set_level(logging.INFO)
        mail(url, config, day_after, wait=5)
        return caplog.text

    return call


def test_by_hand_the_same_issue_goes_out_as_by_schedule(searching, scheduled, host):
    first = searching("--send")
    assert "Sent search code:yes 2025-03-11 to ada@example.org." in first.stderr
    assert "sent" not in scheduled()
    assert len(host.mails) == 2
    assert "Sent search loved 2025-03-11 to" in searching("--send", "--query", "loved").stderr
    assert searching().stdout.startswith("Papers of Tuesday")


def test_the_hinted_command_mails_that_address_alone_the_same_issue(searching, scheduled, host):
    host.hang_up_after_data = True
    assert "cannot tell whether the mail to bob@example.org was accepted" in scheduled()
    host.hang_up_after_data = False
    said = scheduled()
    subject = host.mails[-1][1]["Subject"]
    command = next(line for line in said.splitlines() if line.endswith("--again bob@example.org"))
    again = searching(*shlex.split(command.partition("catalog digest ")[2]))
    assert again.exit_code == 0, "of ada nobody knows yet, but nobody asked"
    assert [to for to, _ in host.mails[2:]] == ["bob@example.org"]
    assert [mail["Subject"] for _, mail in host.mails] == [subject] * 3
    assert "code:yes" in subject


def test_again_mails_those_addresses_alone(digest, host):
    host.refuse.add("ada@example.org")
    assert digest("--send").exit_code == 3
    host.refuse.clear()
    assert digest("--send", "--again", "bob@example.org").exit_code == 0
    assert [to for to, _ in host.mails] == ["bob@example.org"] * 2


def test_a_mail_is_of_a_day_that_is_over(digest, filled, host):
    today = dt.datetime.now(dt.UTC).date().isoformat()
    with filled.begin() as connection:
        connection.execute(text("UPDATE digests SET day = :day"), {"day": today})
    for found in digest("--send"), digest("--format", "email"), digest("--send", "--query", "a"):
        assert found.exit_code == 1
        assert "no digest of a day that is over was loaded" in found.stderr
    assert host.mails == []


def test_one_failure_is_told_once_with_all_its_addresses(digest, scheduled, tmp_path):
    (tmp_path / "catalog.toml").write_text(MAIL.format(port=1))
    told = "ada@example.org, bob@example.org"
    assert digest("--send").stderr.count(f"cannot send digest 2025-03-11 to {told}\n") == 1
    assert scheduled().count(f"digest 2025-03-11 did not reach {told}: cannot send mail") == 1


def test_an_issue_without_papers_is_not_mailed(digest, host):
    found = digest("--send", "--query", "nosuchword")
    assert found.exit_code == 1
    assert "it would have no papers: search nosuchword 2025-03-11" in found.stderr
    assert host.mails == []


def test_again_names_an_address_of_the_configuration(digest):
    result = digest("--send", "--again", "eve@example.org")
    assert result.exit_code == 2
    assert "eve@example.org is no address of [digest]: ada@example.org" in result.stderr
    assert digest("--again", "ada@example.org").exit_code == 2


def test_an_address_that_is_refused_is_exit_3(digest, host):
    host.refuse.add("bob@example.org")
    result = digest("--send")
    assert result.exit_code == 3
    assert "cannot send digest 2025-03-11 to bob@example.org" in result.stderr


def test_all_refused_is_exit_1(digest, host):
    host.refuse |= {"ada@example.org", "bob@example.org"}
    assert digest("--send").exit_code == 1


def test_without_digest_entry_it_says_what_to_write(filled, url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "catalog.toml").write_text('contact = "ada@example.org"\n')
    result = CliRunner().invoke(main, ["--db", url, "digest", "--send"])
    assert result.exit_code == 1
    assert "has no [digest]" in result.stderr


@pytest.mark.parametrize(
    ("period", "title"),
    [
        ("2025-W11", "week 11 of 2025"),
        ("2025-w11", "week 11 of 2025"),
        ("2025-03", "March 2025"),
        ("2025", "2025"),
    ],
)
def test_the_papers_of_a_period_are_shown(digest, period, title):
    told = json.loads(digest(period, "--format", "json").stdout)
    assert told["title"] == f"Papers of {title}"
    days = json.loads(digest("2025-03-11", "--format", "json").stdout)
    assert {item["key"] for item in told["items"]} >= {item["key"] for item in days["items"]}
    upvotes = [item["upvotes"] for item in told["items"] if item["upvotes"] is not None]
    assert upvotes == sorted(upvotes, reverse=True)
    found = json.loads(digest(period, "--query", "loved", "--format", "json").stdout)
    assert [item["key"] for item in found["items"]] == ["2503.00002"]


def test_only_the_digests_of_that_period_count(digest):
    assert "cannot find a digest of 2025-W12" in digest("2025-W12").stderr
    assert (
        json.loads(digest("2025-W12", "--query", "loved", "--format", "json").stdout)["items"] == []
    )


@pytest.mark.parametrize("word", ["yesterday", "today"])
def test_days_are_named_by_words(digest, word):
    result = digest(word)
    assert result.exit_code == 1
    assert "cannot find a digest of 20" in result.stderr


@pytest.mark.parametrize("word", ["2025-W60", "2025-13", "soon", "2025-3-1"])
def test_what_is_no_period_is_refused(digest, word):
    result = digest(word)
    assert result.exit_code == 2
    assert "write e.g. 2025-03-11, yesterday, 2025-W11, 2025-03 or 2025" in result.stderr
