"""Fixtures: a model server with `llm` set up for it, a plugin's model, and the command."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from catalog.database.engine import opened
from etl.cli import main
from tests.language_models.model_server import ModelServer, serving

collect_ignore_glob = [] if find_spec("llm") else ["test_*.py"]
"""Without the extra llm there is nothing to test."""

KEY = "sk-a-secret-key-of-a-test-0123456789"

ALL = 'contact = "ada@example.org"\n[reader]\nway = "all"\n'

Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(autouse=True)
def llm_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of `llm` of its own, with a key in its store; no proxy, no variable of a key."""
    folder = tmp_path / "llm"
    folder.mkdir()
    (folder / "keys.json").write_text(json.dumps({"local": KEY}))
    monkeypatch.setenv("LLM_USER_PATH", str(folder))
    monkeypatch.setenv("NO_PROXY", "*")
    for name in ("OPENAI_API_KEY", "CATALOG_CONFIG", "CATALOG_URL"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def server(llm_folder: Path) -> Iterator[ModelServer]:
    """A server that `llm` knows as the models "local", "keyless" and "loose"."""
    with serving() as found:
        models: list[dict[str, Any]] = [
            {"model_id": "local", "api_key_name": "local", "supports_schema": True},
            {"model_id": "keyless", "supports_schema": True},
            {"model_id": "loose"},
            {"model_id": "unstored", "api_key_name": "unstored"},
        ]
        lines = json.dumps([{**m, "model_name": "fake", "api_base": found.base} for m in models])
        (llm_folder / "extra-openai-models.yaml").write_text(lines)  # JSON is YAML
        yield found


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The model of a plugin, which answers from a queue, with a key in the environment."""
    import llm
    from llm.plugins import load_plugins, pm

    load_plugins()

    class Queued(llm.KeyModel):
        model_id = "queued"
        needs_key = "queued"
        key_env_var = "QUEUED_KEY"
        supports_schema = True

        def __init__(self) -> None:
            self.answers: deque[str | Exception] = deque()
            self.prompts: list[Any] = []
            self.keys: list[str | None] = []

        def execute(self, prompt, stream, response, conversation, key=None):
            self.prompts.append(prompt)
            self.keys.append(key or self.get_key())
            found = self.answers.popleft()
            if isinstance(found, Exception):
                raise found
            response.set_usage(input=900, output=40)
            yield found

    model = Queued()

    class Plugin:
        @llm.hookimpl
        def register_models(self, register):
            register(model)

    plugin = Plugin()
    pm.register(plugin, name="queued-of-tests")
    monkeypatch.setenv("QUEUED_KEY", KEY)
    yield model
    pm.unregister(plugin)


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `catalog ARGS` in a folder of its own; the key of the tests is never printed."""
    monkeypatch.chdir(tmp_path)

    def run(*args: str, stdin: str | None = None, code: int = 0) -> Result:
        result = CliRunner().invoke(main, list(args), input=stdin, catch_exceptions=False)
        assert result.exit_code == code, result.stdout + result.stderr
        assert KEY not in result.stdout + result.stderr
        return result

    return run


@pytest.fixture
def query(tmp_path: Path) -> Query:
    """Ask the catalog in the folder of the test."""

    def ask(sql: str) -> list[tuple[Any, ...]]:
        url = f"sqlite:///{tmp_path / 'catalog.db'}"
        with opened(url, read_only=True) as engine, engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

    return ask


ABSTRACTS = (
    "Quill reaches 71.3% on the new test and needs 12 hours on COCO.",
    "On LVIS we find 44.1 with Inkpot, against 40.2 before.",
    "Nibs are sharp. The score is 3.2 in the end.",
)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A document of three papers, all of whose numbers leave doubts."""
    return written(tmp_path / "papers.jsonl", ABSTRACTS)


def written(file: Path, abstracts: tuple[str, ...] | list[str], first: int = 1) -> Path:
    rows = [
        {
            "title": f"A Paper About Quills, Number {n}",
            "abstract": abstract,
            "identifiers": [{"scheme": "arxiv", "value": f"2503.{n:05}"}],
        }
        for n, abstract in enumerate(abstracts, start=first)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


@pytest.fixture
def asks_about_all(tmp_path: Path) -> None:
    """A configuration whose reader asks about whole abstracts."""
    (tmp_path / "catalog.toml").write_text(ALL)
