"""Start a site that takes changes, ask it for some, and look at what its catalog says."""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request

from click.testing import CliRunner

from etl.cli import main
from tests.waiting import PATIENCE


def run(url, *args):
    result = CliRunner().invoke(main, ["--db", url, *args], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def serving(url, *options, **environment):
    command = [sys.executable, "-m", "etl", "--db", url, "serve", "--edit", "--port", "0"]
    return subprocess.Popen(
        [*command, *options], stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )


def address_of(server):
    line = server.stderr.readline()
    return line.partition(" at ")[2].partition("/ ")[0]


def states(url):
    sql = "SELECT text, state FROM results ORDER BY span_start"
    return {row["text"]: row["state"] for row in json.loads(run(url, "query", sql, "--json"))}


def marks(url):
    return json.loads(run(url, "marks", "--json"))


def number(url, text):
    sql = f"SELECT id FROM results WHERE text = '{text}'"
    return json.loads(run(url, "query", sql, "--json"))[0]["id"]


def post(address, change, **headers):
    with urllib.request.urlopen(f"{address}/about", timeout=PATIENCE) as page:
        found = re.search(rb'name="catalog-edit" content="(\w+)"', page.read())
    given = {
        "Origin": address,
        "X-Catalog-Token": found.group(1).decode() if found else "",
        "Content-Type": "application/json",
        **headers,
    }
    asked = urllib.request.Request(
        f"{address}/-/edit", json.dumps(change).encode(), given, method="POST"
    )
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())
