"""Tests of `catalog digest` as people and schedulers run it."""

import json
from email import message_from_string
from email.policy import default

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from etl.cli import main

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
    assert "--again ADDRESS" in first.stderr
    host.hang_up_after_data = False
    second = digest("--send")
    assert second.exit_code == 3
    assert "Skipped ada@example.org: an earlier run was cut off" in second.stderr
    again = digest("--send", "--again", "Ada@example.org", "--again", "bob@example.org")
    assert again.exit_code == 0, again.stderr
    assert [to for to, _ in host.mails] == ["ada@example.org", "bob@example.org"] * 2


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
