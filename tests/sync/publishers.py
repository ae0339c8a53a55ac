"""Servers on 127.0.0.1 that answer like the real publishers, with invented papers."""

import datetime as dt
import gzip
import hashlib
import json
import socket
import struct
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

DAY = dt.timedelta(days=1)
START = dt.datetime(2025, 3, 10, 6, tzinfo=dt.UTC)
"""A Monday."""


class Clock:
    """A clock that only moves when somebody sleeps, or when it is set."""

    def __init__(self, now: dt.datetime = START) -> None:
        self.instant = now
        self.seconds = 0.0
        self.slept: list[float] = []
        self.before_anything: Callable[[], None] = lambda: None

    def now(self) -> dt.datetime:
        self.before_anything()
        return self.instant

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.before_anything()
        self.slept.append(seconds)
        self.seconds += seconds
        self.instant += dt.timedelta(seconds=seconds)

    def set(self, now: dt.datetime) -> None:
        self.instant = now


def chance_of(*words: object) -> int:
    """A number that depends on the words alone."""
    return int.from_bytes(hashlib.sha256(repr(words).encode()).digest()[:6], "big")


def papers_of(day: dt.date) -> list[dict[str, Any]]:
    """The invented papers that appear on a day: two to four, some with code."""
    found = []
    for number in range(1 + chance_of("count", day) % 2):
        seed = chance_of("paper", day, number)
        name = f"{day:%y%m}.{day.day * 100 + number:05d}"
        owner = f"owner{seed % 40}"
        code = f"https://github.com/{owner}/repo{seed % 7}" if seed % 3 == 0 else None
        abstract = (
            f"We invent method {seed % 1000} and reach {50 + seed % 50}.{seed % 10}% accuracy on "
            f"ImageNet-1K. Nothing else is said here about paper {name}, which nobody wrote."
        )
        if code:
            abstract += f" Code: {code}."
        title = f"An Invented Method Number {seed % 10**6} of {day}"
        found.append({"id": name, "title": title, "summary": abstract, "code": code})
    return found


def hf_list(day: dt.date, now: dt.datetime) -> list[dict[str, Any]]:
    """A day's list as the site answers it at an instant; weekends repeat Friday's."""
    while day.weekday() > 4:
        day -= DAY
    if day > now.date():
        return []
    papers = papers_of(day)
    if day == now.date() and now.hour < 12:
        papers = papers[:1]
    age = max(0, (now.date() - day).days)
    return [
        {
            "paper": {
                "id": paper["id"],
                "authors": [{"_id": "0", "name": "Ada Invented", "hidden": False}],
                "publishedAt": f"{day - DAY}T00:00:00.000Z",
                "submittedOnDailyAt": f"{day}T00:00:00.000Z",
                "title": paper["title"],
                "summary": paper["summary"],
                "upvotes": 10 * number + min(age, 20),
                **({"githubRepo": paper["code"]} if paper["code"] else {}),
            },
            "publishedAt": f"{day}T00:00:00.000Z",
            "title": paper["title"],
            "summary": paper["summary"],
            "numComments": number,
        }
        for number, paper in enumerate(papers, start=1)
    ]


def oai_records(day: dt.date, now: dt.datetime) -> list[str]:
    """The records whose last change was on a day, as seen at an instant."""
    if day > now.date():
        return []
    records = []
    for paper in papers_of(day) + papers_of(day - 3 * DAY):
        is_new = paper["title"].endswith(str(day))
        revised = chance_of("revised", paper["id"]) % 5 == 0
        appeared = day if is_new else day - 3 * DAY
        if not is_new and not revised:
            continue
        if is_new and revised and now.date() >= day + 3 * DAY:
            continue  # It has moved on to the day of its revision.
        title = paper["title"] + ("" if is_new else ", Revised")
        versions = f'<version version="v1"><date>{_rfc822(appeared)}</date></version>'
        if not is_new:
            versions += f'<version version="v2"><date>{_rfc822(day)}</date></version>'
        records.append(
            f"<record><header><identifier>oai:arXiv.org:{paper['id']}</identifier>"
            f"<datestamp>{day}</datestamp><setSpec>cs:cs:LG</setSpec></header><metadata>"
            '<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">'
            f"<id>{paper['id']}</id><submitter>Ada Invented</submitter>{versions}"
            f"<title>{escape(title)}</title><authors>Ada Invented</authors>"
            f"<categories>cs.LG</categories><abstract>{escape(paper['summary'])}</abstract>"
            "</arXivRaw></metadata></record>"
        )
    return records


def _rfc822(day: dt.date) -> str:
    return f"{day:%a, %d %b %Y} 10:00:00 GMT"


class Answer:
    """What the server says to one request."""

    def __init__(self, status: int = 200, body: bytes | str | Any = b"", **headers: str) -> None:
        self.status = status
        if isinstance(body, str):
            body = body.encode()
        elif not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.body: bytes = body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.cut: int | None = None
        """Bytes after which the connection breaks."""


def cut(answer: Answer, after: int) -> Answer:
    answer.cut = after
    return answer


class Publishers:
    """All publishers in one server; tests put mishaps in front of their answers."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.mishaps: deque[tuple[str, Answer]] = deque()
        """Each spoils one request whose address holds the text."""
        self.before_answer: Callable[[], None] = lambda: None
        self.page = 2
        """Records in one part of an OAI-PMH list."""
        self.tokens: dict[str, tuple[dt.date, int]] = {}
        self.limit = 5000
        self.gone: set[str] = set()
        self.moved: dict[str, str] = {}
        self.extra: dict[str, Answer] = {}
        """Address -> an answer of its own."""
        self.counts: Counter[str] = Counter()
        self.base = ""

    def spoil(self, holding: str, *answers: Answer) -> None:
        """Let the next requests whose address holds the text go wrong."""
        self.mishaps.extend((holding, answer) for answer in answers)

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        self.asked.append(path)
        self.headers.append(headers)
        self.before_answer()
        for mishap in self.mishaps:
            if mishap[0] in path:
                self.mishaps.remove(mishap)
                return mishap[1]
        if path in self.extra:
            return self.extra[path]
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/api/daily_papers":
            return self._daily(query)
        if parts.path == "/oai":
            return self._oai(query)
        if parts.path.startswith("/rss/"):
            return self._rss()
        if parts.path.startswith(("/repos/", "/repositories/")):
            return self._repository(parts.path, headers)
        return Answer(404, "nothing here")

    def _daily(self, query: dict[str, str]) -> Answer:
        day = dt.date.fromisoformat(query["date"])
        if day > self.clock.instant.date():
            return Answer(400, {"error": "date is in the future"})
        limit, page = int(query.get("limit", 50)), int(query.get("p", 0))
        papers = hf_list(day, self.clock.instant)[limit * page : limit * (page + 1)]
        return Answer(200, papers, Content_Type="application/json")

    def _oai(self, query: dict[str, str]) -> Answer:
        if "resumptionToken" in query:
            if query["resumptionToken"] not in self.tokens:
                return self._oai_page('<error code="badResumptionToken">it has expired</error>')
            day, at = self.tokens.pop(query["resumptionToken"])
        else:
            assert query["metadataPrefix"] == "arXivRaw"
            assert query["from"] == query["until"]
            day, at = dt.date.fromisoformat(query["from"]), 0
        records = oai_records(day, self.clock.instant)
        if not records:
            return self._oai_page('<error code="noRecordsMatch"/>')
        shown = "".join(records[at : at + self.page])
        token = ""
        if len(records) > self.page:
            if at + self.page < len(records):
                token = f"{day}|{at + self.page}"
                self.tokens[token] = (day, at + self.page)
            shown += f"<resumptionToken>{token}</resumptionToken>"
        return self._oai_page(f"<ListRecords>{shown}</ListRecords>")

    def _oai_page(self, inner: str) -> Answer:
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            f"<responseDate>{self.clock.instant:%Y-%m-%dT%H:%M:%SZ}</responseDate>"
            f"<request>http://oaipmh.arxiv.org/oai</request>{inner}</OAI-PMH>"
        )
        return Answer(200, body, Content_Type="text/xml")

    def _rss(self) -> Answer:
        day = self.clock.instant.date()
        items = "".join(
            f"<item><title>{paper['title']}</title><link>https://arxiv.org/abs/{paper['id']}</link>"
            f"<description>arXiv:{paper['id']}v1 Announce Type: new \nAbstract: "
            f"{paper['summary']}</description><guid>oai:arXiv.org:{paper['id']}v1</guid>"
            "<category>cs.LG</category></item>"
            for paper in (papers_of(day) if day.weekday() < 5 else [])
        )
        body = (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>cs.LG updates on arXiv.org'
            f"</title><link>http://rss.arxiv.org/rss/cs.LG</link><pubDate>{day:%a, %d %b %Y} "
            f"00:00:00 -0400</pubDate>{items}</channel></rss>"
        )
        return Answer(200, body, Content_Type="application/rss+xml")

    def _repository(self, path: str, headers: dict[str, str]) -> Answer:
        limits = {
            "x-ratelimit-remaining": str(self.limit),
            "x-ratelimit-reset": str(int(self.clock.instant.timestamp()) + 1800),
        }
        if self.limit <= 0:
            answer = Answer(403, {"message": "API rate limit exceeded for 127.0.0.1."})
            answer.headers |= limits
            return answer
        name = path.removeprefix("/repos/")
        if name in self.gone:
            answer = Answer(404, {"message": "Not Found"})
        elif name in self.moved:
            answer = Answer(301, {"message": "Moved Permanently"})
            number = chance_of(self.moved[name]) % 10**6
            self.extra[f"/repositories/{number}"] = self._facts(self.moved[name])
            answer.headers["Location"] = f"{self.base}/repositories/{number}"
        else:
            answer = self._facts(name)
            if headers.get("if-none-match") == answer.headers["ETag"]:
                self.counts["unchanged"] += 1
                unchanged = Answer(304)
                unchanged.headers |= limits
                return unchanged
        self.limit -= 1
        limits["x-ratelimit-remaining"] = str(self.limit)
        answer.headers |= limits
        return answer

    def _facts(self, name: str) -> Answer:
        stars = chance_of(name) % 1000 + self.clock.instant.date().toordinal() % 3
        facts = {
            "full_name": name,
            "stargazers_count": stars,
            "archived": chance_of("archived", name) % 9 == 0,
            "language": "Python",
            "license": {"spdx_id": "MIT"},
        }
        return Answer(200, facts, ETag=f'"{stars}"')


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    publishers: Publishers

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.publishers.answer(self.path, headers)
        body = answer.body
        self.send_response(answer.status)
        if "gzip" in headers.get("accept-encoding", "") and len(body) > 500 and answer.cut is None:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if answer.cut is None:
            self.wfile.write(body)
            return
        self.wfile.write(body[: answer.cut])
        self.wfile.flush()
        # Closing with linger 0 sends RST: the connection is cut, not ended.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self.publishers.clock.instant, usegmt=True)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(clock: Clock) -> Iterator[Publishers]:
    """Publishers on a free port; `base` is their address."""
    publishers = Publishers(clock)
    handler = type(
        "Handler", (_Handler,), {"publishers": publishers, "disable_nagle_algorithm": True}
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    publishers.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield publishers
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
