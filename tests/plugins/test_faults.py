"""Tests that a broken plugin is reported, and that everything else works."""

import json
import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from catalog.plugins import Plugins, SitePage, hook
from etl.plugins import Command, Hooks


async def show(site: object) -> None:
    """Show nothing."""


def page(name: str, pattern: str = "^/x$") -> SitePage:
    return SitePage(name, pattern, show)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch):
    """Plugins of modules with these functions, by name."""

    def plugins(**modules: dict[str, Any]) -> Plugins:
        for name, functions in modules.items():
            module = ModuleType(f"plugin_{name}")
            for hook_name, function in functions.items():
                function.__name__ = hook_name
                setattr(module, hook_name, hook(function))
            monkeypatch.setitem(sys.modules, module.__name__, module)
        entries = [EntryPoint(name, f"plugin_{name}", "paper_catalog") for name in modules]
        made = Plugins(lambda: entries)
        made.add_hooks(Hooks)
        return made

    return plugins


def stumble() -> None:
    raise RuntimeError("of a sort")


@pytest.mark.parametrize(
    ("give", "why"),
    [
        (lambda: ["no page"], "register_pages gave 'no page', expected SitePage"),
        (lambda: None, "register_pages failed: TypeError: 'NoneType' object is not iterable"),
        (stumble, "register_pages failed: RuntimeError: of a sort"),
        (lambda: sys.exit("away"), "register_pages failed: SystemExit: away"),
        (lambda: [page("p", "^/(")], "is no regular expression"),
        (lambda: [page("p", ".*")], "does not reach from ^/ to $"),
        (lambda: [page("a")], "gave 'a', a name that is that of the plugin a"),
    ],
    ids=["another type", "nothing", "an error", "an exit", "pattern", "any address", "taken"],
)
def test_what_is_wrong_is_told_once_and_left_out(found, give, why, caplog) -> None:
    plugins = found(a={"register_pages": lambda: [page("a")]}, z={"register_pages": give})
    assert list(plugins.named("register_pages", SitePage)) == ["a"]
    plugins.named("register_pages", SitePage)
    (fault,) = plugins.faults
    assert fault.plugin == "z"
    assert why in fault.why
    assert fault.hint
    assert [record.getMessage() for record in caplog.records] == [
        f"Plugin z: left out: {fault.why}\n  hint: {fault.hint}"
    ]


def test_the_rest_of_a_plugin_with_one_fault_stays(found) -> None:
    commands = [Command("tell", "x:y", "Tell."), "nothing", Command("ask", "x:z", "Ask.")]
    plugins = found(a={"register_commands": lambda: commands, "register_pages": stumble})
    assert plugins.named("register_pages", SitePage) == {}
    assert list(plugins.named("register_commands", Command)) == ["tell", "ask"]
    assert len(plugins.faults) == 2


def test_a_hook_of_a_wrong_name_is_told(found) -> None:
    plugins = found(a={"register_foramts": lambda: [*()]})
    plugins.check_hooks()
    assert [fault.why for fault in plugins.faults] == ["register_foramts is no hook"]


def test_a_hook_with_parameters_it_is_not_given_is_told(found) -> None:
    plugins = found(a={"register_pages": lambda surprise: []})
    assert plugins.named("register_pages", SitePage) == {}
    assert "surprise" in plugins.faults[0].why


@pytest.fixture
def installed(tmp_path: Path):
    """The catalog, called where a distribution of this module is installed."""

    def call(code: str, *words: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "shaky.py").write_text(code)
        info = tmp_path / "shaky-2.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shaky\nVersion: 2.0\n")
        (info / "entry_points.txt").write_text("[paper_catalog]\nshaky = shaky\n")
        return subprocess.run(
            [sys.executable, "-m", "etl", "--db", str(tmp_path / "a.db"), *words],
            env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{Path.cwd()}"},
            input="# Papers\n",
            capture_output=True,
            text=True,
        )

    return call


def test_a_package_that_cannot_be_imported_is_named_and_left_out(installed) -> None:
    done = installed("import no_such_module\n", "plugins", "--json")
    assert done.returncode == 3
    assert "Plugin shaky: left out: ModuleNotFoundError: No module named" in done.stderr
    assert "hint: update or uninstall shaky" in done.stderr
    told = json.loads(done.stdout)
    assert [fault["plugin"] for fault in told["left_out"]] == ["shaky"]
    assert {plugin["name"] for plugin in told["plugins"]} == {"catalog", "etl"}


def test_commands_work_beside_a_broken_package(installed) -> None:
    done = installed("raise SystemExit(5)\n", "--help")
    assert done.returncode == 0
    assert "Load files or folders into the catalog." in done.stdout
    assert done.stderr.count("Plugin shaky") == 1


def test_a_command_whose_name_is_taken_does_not_replace_ours(installed) -> None:
    code = (
        "from etl.plugins import Command, hook\n"
        "@hook\ndef register_commands():\n"
        "    yield Command('load', 'shaky:load', 'Something else.')\n"
    )
    done = installed(code, "load", "--help")
    assert "Formats are recognised." in done.stdout
    assert "gave 'load', a name that is built in" in done.stderr
