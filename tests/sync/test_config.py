"""Tests of the configuration: what is refused, and with which message."""

import pytest
from click.testing import CliRunner

from catalog.domain.errors import CatalogError
from etl.cli import main
from etl.sync.config import parse_config, read_config

CONTACT = 'contact = "ada@example.org"\n'
MAIL = CONTACT + '[digest]\nhost = "localhost"\n'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[sources", "not valid TOML"),
        ("", "contact"),
        ('contact = " "', "contact is empty"),
        ('contact = "a\\r\\nX-Evil: 1"', "contact"),
        (CONTACT + "[sources.hf-dayly]", "not a kind of source"),
        (CONTACT + "[sources.hf-daily]\nobserved_days = 3", "observed_days"),
        (CONTACT + "[sources.hf-daily]\nobserve_days = -1", "observe_days"),
        (CONTACT + '[sources.hf-daily]\nsince = "soon"', "since"),
        (CONTACT + '[sources.hf-daily]\nbase = "http://huggingface.co"', "https"),
        (CONTACT + '[sources.github]\nbase = "file:///etc"', "https"),
        (CONTACT + '[sources."../evil"]\nkind = "folder"\npath = "x"', "not a valid name"),
        (CONTACT + '[sources.inbox]\nkind = "folder"', "path"),
        (CONTACT + "[sources.arxiv-oai]\npause = 2.9", "pause"),
        (CONTACT + '[digest]\nto = "ada@example.org"', "to"),
        (MAIL + 'to = []\nfrom = "a@b.org"', "to names nobody"),
        (MAIL + 'to = ["ada b.org"]\nfrom = "a@b.org"', "'ada b.org': it is no mail address"),
        (MAIL + 'to = ["a@b.org"]\nfrom = "b.org"', "'b.org': it is no mail address"),
        (MAIL + 'to = ["a@b.org"]\nfrom = "a@b.org"\nquery = "code:maybe"', "takes yes or no"),
        (MAIL + 'to = ["a@b.org"]\nfrom = "a@b.org"\nquery = "?"', "no word and no filter"),
        (CONTACT + "sources = 3", "sources"),
        (CONTACT + "[surprise]", "surprise"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(text, why):
    with pytest.raises(CatalogError) as error:
        parse_config(text, "catalog.toml")
    assert why in error.value.why
    assert "catalog.toml" in error.value.what
    assert error.value.hint


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    file = tmp_path / "catalog.toml"
    file.write_text('contact = "ada@example.org"\n', encoding="utf-8-sig")
    assert read_config(file).contact == "ada@example.org"


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "catalog.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CatalogError, match=r"cannot read .*catalog\.toml"):
        read_config(tmp_path / "catalog.toml")


def test_sources_have_their_defaults():
    config = parse_config(CONTACT + "[sources.hf-daily]", "catalog.toml")
    assert config.sources["hf-daily"].base == "https://huggingface.co"
    assert config.sources["hf-daily"].observe_days == 3


def test_a_contact_is_needed_only_where_publishers_are_asked():
    text = 'contact = ""\n[store]\nkeep_days = 3'
    assert parse_config(text, "catalog.toml", asks=False).store.keep_days == 3


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ('base = "http://[::1"', "Invalid IPv6 URL"),
        ('kind = ["x"]', "is not a kind of source"),
        ("kind = 5", "is not a kind of source"),
    ],
)
def test_odd_values_are_refused_in_words(table, why):
    with pytest.raises(CatalogError) as raised:
        parse_config(f'contact = "a"\n[sources.hf-daily]\n{table}\n', "catalog.toml")
    assert why in raised.value.why


@pytest.mark.parametrize(
    "words",
    [
        *(["sync", "--wait", seconds] for seconds in ("inf", "nan", "1e300", "-1")),
        ["forget", "x", "--wait", "inf"],
        ["prune", "--keep-days", "999999"],
    ],
    ids=" ".join,
)
def test_odd_options_are_wrong_usage(words, tmp_path):
    database = f"sqlite:///{tmp_path}/catalog.db"
    done = CliRunner().invoke(main, ["--db", database, *words], catch_exceptions=False)
    assert done.exit_code == 2, done.output
    assert "Invalid value" in done.stderr
