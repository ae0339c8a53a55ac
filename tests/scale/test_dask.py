"""Tests of extraction on a Dask cluster of two processes, one of which dies."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from catalog.database.engine import opened
from catalog.domain.errors import CatalogError
from etl.ingest.pool import PORTION, Extractor, extract_portion
from tests.snapshot import snapshot
from tests.waiting import wait_until

SENTENCE = "Invented network number {0} reaches {1}.5% top-1 accuracy on ImageNet and is quick, "


@pytest.fixture
def papers(tmp_path):
    """Papers for several batches of portions, one a line."""
    file = tmp_path / "papers.jsonl"
    with file.open("w") as stream:
        for number in range(5_500):
            paper = {
                "id": f"2401.{number:05d}",
                "title": f"Invented Network Number {number} and What It Reaches",
                "abstract": SENTENCE.format(number, number % 90) + "and so it goes on. " * 8,
                "authors": "Ada Invented",
                "categories": "cs.CV",
                "versions": [{"version": "v1", "created": "Mon, 8 Jan 2024 10:00:00 GMT"}],
                "update_date": "2024-01-09",
            }
            stream.write(json.dumps(paper) + "\n")
    return file


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers, each a process; the scheduler's address and the workers."""
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    file = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0"]
    dask += ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file)]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file)]
    worker += ["--no-nanny", "--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    started = [subprocess.Popen(dask, **quiet)]
    try:
        wait_until(lambda: file.exists() and file.read_text())
        workers = [subprocess.Popen(worker, **quiet) for _ in range(2)]
        started += workers
        yield json.loads(file.read_text())["address"], workers
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def test_a_cluster_extracts_what_one_process_does_though_a_worker_dies(
    catalog, cluster, papers, tmp_path
):
    address, workers = cluster
    lost = []

    def kill_one():
        wait_until((tmp_path / "far.db").exists)
        time.sleep(1.5)
        lost.append(workers[0].poll() is None)
        os.kill(workers[0].pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    catalog("far.db", "load", str(papers), "--executor", address)
    killer.join()
    assert lost == [True]
    catalog("near.db", "load", str(papers), "--jobs", "1")
    with opened("sqlite:///far.db") as far, opened("sqlite:///near.db") as near:
        assert snapshot(far) == snapshot(near)
    assert (
        "Reread 5,500 papers: nothing changed"
        in catalog("far.db", "reextract", "--all", "--executor", address).stdout
    )


def test_what_was_fetched_is_let_go_of(cluster):
    from etl.ingest.dask_cluster import cluster as connected

    address, _ = cluster
    texts = [(SENTENCE.format(number, 7), None) for number in range(3 * PORTION)]
    with connected(address) as executor:
        extractor = Extractor(executor=executor)
        extractor.prefetch(texts)
        assert len(extractor(texts)) == len(texts)
        extractor.prefetch([])
        extractor.forget()
        assert extractor._ahead == {}


def test_a_worker_of_another_version_refuses():
    with pytest.raises(CatalogError, match="has version"):
        extract_portion("builtin", "another", [("An abstract.", None)])


def test_no_scheduler_is_told_of_plainly(catalog, papers, tmp_path, monkeypatch):
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    monkeypatch.setattr("etl.ingest.dask_cluster.PATIENCE", 1)
    told = catalog("a.db", "load", str(papers), "--executor", "tcp://127.0.0.1:1", code=1).stderr
    assert "no scheduler answers" in told
    assert not (tmp_path / "a.db").exists()


def test_without_the_extra_it_says_what_to_install(catalog, papers, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    told = catalog("a.db", "load", str(papers), "--executor", "tcp://127.0.0.1:1", code=1).stderr
    assert "[dask]" in told


def test_without_the_option_nothing_of_dask_is_imported(page):
    code = f"""
import sys
from etl.cli import main
from tests.waiting import PATIENCE
try:
    main(["--db", "x.db", "load", {str(page)!r}], standalone_mode=False)
except SystemExit as left:
    assert not left.code
sys.exit(int(any(name.split(".")[0] in ("dask", "distributed") for name in sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=page.parent)
    assert result.returncode == 0, result.stderr.decode()
