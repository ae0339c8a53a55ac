"""Tests of the files that people put the catalog on a server with: nginx, systemd, a container."""

import base64
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from etl.cli import main
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
NAME = "papers.example.org"
SAMPLE = sorted((ROOT / "catalog" / "sample").glob("*.txt"))


def free_port() -> int:
    import socket

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A catalog of the sample behind no proxy; its address."""
    command = [sys.executable, "-m", "etl", "--db", str(folder / "catalog.db")]
    subprocess.run([*command, "load", str(SAMPLE[0])], check=True, capture_output=True)
    serve = [*command, "serve", "--port", "0", "--allowed-host", NAME]
    with subprocess.Popen(serve, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            yield process.stderr.readline().partition(" at ")[2].partition("/ ")[0]
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ssl.SSLContext]]:
    """The address of nginx with our configuration before a catalog, and whom to trust."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/bin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed")
    trustme = pytest.importorskip("trustme")
    folder = tmp_path_factory.mktemp("nginx")
    authority = trustme.CA()
    authority.issue_cert(NAME, "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        str(folder / "both.pem")
    )
    hashed = subprocess.run(
        ["openssl", "passwd", "-apr1", "quill"], check=True, capture_output=True, text=True
    ).stdout.strip()
    (folder / "htpasswd").write_text(f"ada:{hashed}\n")
    port = free_port()
    with served(folder) as site:
        (folder / "nginx.conf").write_text(configuration(folder, site, port))
        command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "error.log"]
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        process = subprocess.Popen([*command, "-g", "daemon off;"])
        trusted = ssl.create_default_context()
        authority.configure_trust(trusted)
        try:
            wait_for(f"https://127.0.0.1:{port}/", trusted)
            yield f"https://127.0.0.1:{port}", trusted
        finally:
            process.terminate()
            process.wait(PATIENCE)


def configuration(folder: Path, site: str, port: int) -> str:
    """Our file in a whole configuration of nginx, with paths and ports of the test."""
    text = (DEPLOY / "nginx.conf").read_text()
    for printed, here in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        (f"/etc/letsencrypt/live/{NAME}/fullchain.pem", f"{folder}/both.pem"),
        (f"/etc/letsencrypt/live/{NAME}/privkey.pem", f"{folder}/both.pem"),
        ("/etc/nginx/papers.htpasswd", f"{folder}/htpasswd"),
        ("http://127.0.0.1:8001", site),
    ):
        assert printed in text, f"the configuration no longer has {printed!r}"
        text = text.replace(printed, here)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Started by root, its workers would be somebody who may not look into the test's folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    http = f"http {{\naccess_log off;\n{temporary}\n{text}\n}}\n"
    return f"{user}pid {folder}/nginx.pid;\nevents {{}}\n{http}"


def wait_for(address: str, trusted: ssl.SSLContext) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE, context=trusted)
        except urllib.error.HTTPError as error:
            error.close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail("nginx does not answer")


def asked(
    proxied: tuple[str, ssl.SSLContext], path: str, password: str = "", host: str = NAME
) -> tuple[int, str]:
    address, trusted = proxied
    request = urllib.request.Request(address + path, headers={"Host": host})
    if password:
        token = base64.b64encode(f"ada:{password}".encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE, context=trusted) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize("path", ["/", "/start.json", "/catalog/papers.csv", "/search?q=a"])
def test_without_the_password_nothing_is_shown(
    proxied: tuple[str, ssl.SSLContext], path: str
) -> None:
    assert asked(proxied, path)[0] == 401
    assert asked(proxied, path, "wrong")[0] == 401


def test_with_the_password_the_site_answers(proxied: tuple[str, ssl.SSLContext]) -> None:
    status, text = asked(proxied, "/", "quill")
    assert status == 200
    assert "Paper Catalog" in text
    assert asked(proxied, "/start.json", "quill")[0] == 200
    links = re.findall(r'href="(https?://[^"/]+)', text)
    assert not [link for link in links if "127.0.0.1" in link or "localhost" in link]


def test_the_container_file_is_clean() -> None:
    linter = shutil.which("hadolint") or shutil.which(
        "hadolint", path=str(Path(sys.executable).parent)
    )
    if linter is None:
        pytest.skip("hadolint is not installed")
    done = subprocess.run(
        [linter, DEPLOY / "Containerfile"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout == ""


def test_the_container_file_copies_what_there_is_and_runs_a_command() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    copied = [
        word
        for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)
        for word in line.split()[:-1]
    ]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    told = re.search(r'^CMD \["(\w+)"', text, re.MULTILINE)
    assert told
    assert told[1] in main.list_commands(click.Context(main))


def test_the_container_is_built_and_answers() -> None:
    docker = shutil.which("docker")
    if (
        docker is None
        or subprocess.run([docker, "info"], capture_output=True, check=False).returncode
    ):
        pytest.skip("Docker does not run here")
    tag = "paper-catalog-test"
    build = [docker, "build", "-q", "-f", str(DEPLOY / "Containerfile"), "-t", tag, str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    run = [docker, "run", "--rm", tag, "--version"]
    assert "catalog" in subprocess.run(run, capture_output=True, text=True, check=True).stdout


def test_the_service_runs_a_command_that_there_is() -> None:
    text = (DEPLOY / "catalog.service").read_text()
    words = re.search(r"^ExecStart=\S+ (.+)$", text, re.MULTILINE)
    assert words
    with pytest.raises(SystemExit) as ended:
        main([*words[1].split(), "--help"], prog_name="catalog")
    assert ended.value.code == 0
