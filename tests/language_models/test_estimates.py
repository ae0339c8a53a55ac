"""Test what is told beforehand of the requests, words and price of a reading."""

import json

import pytest

from tests.language_models.conftest import ALL


@pytest.mark.usefixtures("asks_about_all")
def test_an_estimate_asks_nobody(server, catalog, query, papers):
    told = catalog("load", str(papers), "--reader", "llm:local", "--estimate")
    assert "Would ask llm:local about 5 numbers in 3 requests" in told.stdout
    assert "Price: not known" in told.stdout
    catalog("load", str(papers))
    told = catalog("reextract", "--reader", "llm:local", "--estimate")
    assert "5 numbers in 3 requests" in told.stdout
    assert not server.asked
    catalog("reextract", "--reader", "llm:local")
    told = catalog("reextract", "--reader", "llm:local", "--all", "--estimate")
    assert "3 abstracts were asked about before" in told.stdout


def test_an_estimate_knows_prices(server, catalog, tmp_path, papers):
    (tmp_path / "catalog.toml").write_text(ALL + "input_price = 1000.0\noutput_price = 1000.0\n")
    told = catalog("load", str(papers), "--reader", "llm:local", "--estimate", "--json")
    found = json.loads(told.stdout)
    tokens = found["input_tokens"] + found["output_tokens"]
    assert found["dollars"] == pytest.approx(tokens / 1000, abs=0.01)


def test_prices_of_known_models_are_listed(catalog, papers, tmp_path):
    pytest.importorskip("genai_prices")
    (tmp_path / "catalog.toml").write_text(ALL)
    told = catalog("load", str(papers), "--reader", "llm:gpt-4o-mini", "--estimate")
    assert "as genai-prices lists" in told.stdout


def test_an_estimate_is_only_for_readers_that_ask(catalog, papers):
    for given in ((), ("--reader", "builtin")):
        told = catalog("load", str(papers), *given, "--estimate", code=2)
        assert "ask elsewhere" in told.stderr
