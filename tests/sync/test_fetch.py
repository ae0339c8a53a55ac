"""Tests of HTTP requests: retries, pauses, limits, redirects."""

import datetime as dt
import gzip

import pytest

from etl.fetch import FetchError, Limits, Pace, fetcher
from etl.fetch.waiting import retry_after, server_time
from tests.sync.publishers import Answer, cut

LIMITS = Limits(attempts=4, size=10_000)


@pytest.fixture
def ready(world):
    with fetcher(contact="ada@example.org", version="1.2", world=world, limits=LIMITS) as found:
        yield found


@pytest.fixture
def page(publishers):
    publishers.extra["/page"] = Answer(200, "x" * 900)
    return f"{publishers.base}/page"


def test_it_says_who_asks(ready, page, publishers):
    ready.get(page)
    assert publishers.headers[0]["user-agent"] == "paper-catalog/1.2 (ada@example.org)"


def test_compressed_answers_are_unpacked(ready, page):
    assert ready.get(page).body == b"x" * 900


@pytest.mark.parametrize(
    "mishap",
    [Answer(503), Answer(500), Answer(502), Answer(429), cut(Answer(200, "y" * 900), 10)],
    ids=["503", "500", "502", "429", "cut"],
)
def test_what_may_pass_is_tried_again_after_longer_and_longer_pauses(
    ready, page, publishers, clock, mishap
):
    publishers.spoil("/page", *[mishap] * 3)
    assert ready.get(page).status == 200
    assert len(publishers.asked) == 4
    assert clock.slept == sorted(clock.slept)
    assert clock.slept[0] >= 1
    assert clock.slept[-1] >= 2 * clock.slept[0]


def test_attempts_come_to_an_end(ready, page, publishers):
    publishers.spoil("/page", *[Answer(503)] * 9)
    with pytest.raises(FetchError, match="answered 503"):
        ready.get(page)
    assert len(publishers.asked) == 4


def test_pauses_have_jitter(publishers, clock, page):
    from etl.fetch import World

    def slept(chance):
        clock.slept.clear()
        publishers.spoil("/page", Answer(503))
        world = World(
            now=clock.now, monotonic=clock.monotonic, sleep=clock.sleep, chance=lambda: chance
        )
        with fetcher(contact="c", version="1", world=world, limits=LIMITS) as found:
            found.get(page)
        return clock.slept[0]

    assert slept(0.0) < slept(0.9)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("17", 17), ("Mon, 10 Mar 2025 06:01:40 GMT", 100)],
    ids=["seconds", "a date"],
)
def test_retry_after_counts_first(ready, page, publishers, clock, header, seconds):
    publishers.spoil("/page", Answer(429, Retry_After=header))
    ready.get(page)
    assert clock.slept == [seconds]


def test_a_retry_after_of_hours_is_not_waited_for(ready, page, publishers, clock):
    publishers.spoil("/page", Answer(503, Retry_After="7200"))
    with pytest.raises(FetchError) as error:
        ready.get(page)
    assert clock.slept == []
    assert error.value.resume_at == clock.instant + dt.timedelta(hours=2)


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_what_will_not_pass_is_not_tried_again(ready, page, publishers, status):
    publishers.spoil("/page", Answer(status))
    with pytest.raises(FetchError, match=str(status)):
        ready.get(page)
    assert len(publishers.asked) == 1


def test_an_answer_that_is_too_large_is_refused(ready, page, publishers):
    publishers.extra["/page"] = Answer(200, b"\0" * 20_000)
    with pytest.raises(FetchError, match="larger than 10,000 bytes"):
        ready.get(page)


def test_redirects_within_a_scheme_are_followed(ready, page, publishers):
    publishers.extra["/old"] = Answer(301, Location="/page")
    answer = ready.get(f"{publishers.base}/old")
    assert answer.body == ready.get(page).body
    assert answer.address.endswith("/old")


@pytest.mark.parametrize(
    "location",
    ["https://127.0.0.1/page", "file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:alert(1)"],
)
def test_redirects_to_another_scheme_are_refused(ready, publishers, location):
    publishers.extra["/old"] = Answer(302, Location=location)
    with pytest.raises(FetchError, match=r"another scheme|not a valid address"):
        ready.get(f"{publishers.base}/old")
    assert len(publishers.asked) == 1


def test_redirects_in_a_circle_come_to_an_end(ready, publishers):
    publishers.extra["/old"] = Answer(302, Location="/old")
    with pytest.raises(FetchError, match="more than 5 times"):
        ready.get(f"{publishers.base}/old")


@pytest.mark.parametrize(
    "address", ["http://example.org/", "ftp://example.org", "file:///etc/passwd", "example.org"]
)
def test_only_https_is_asked_and_http_on_this_machine(ready, address):
    with pytest.raises(FetchError, match="does not begin with https"):
        ready.get(address)


def test_a_certificate_that_proves_nothing_is_refused(ready, tmp_path):
    import ssl
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    import trustme

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
            ready.get(f"https://127.0.0.1:{server.server_port}/")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_requests_of_a_group_keep_their_distance(ready, page, clock):
    for _ in range(3):
        ready.get(page, pace=Pace("arxiv", 3.0))
    ready.get(page, pace=Pace("other", 3.0))
    assert clock.slept == [3.0, 3.0]


def test_attempts_keep_their_distance_too(ready, page, publishers, clock):
    publishers.spoil("/page", Answer(503, Retry_After="1"))
    ready.get(page, pace=Pace("arxiv", 3.0))
    assert sum(clock.slept) == 3.0


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "gzip,deflate"])
def test_an_answer_compressed_twice_is_not_unpacked(ready, publishers, coding):
    bomb = gzip.compress(gzip.compress(bytes(1_000_000)))
    publishers.extra["/bomb"] = Answer(200, bomb, **{"Content-Encoding": coding})
    with pytest.raises(FetchError) as raised:
        ready.get(publishers.base + "/bomb")
    assert "which was not asked for" in raised.value.why


@pytest.mark.parametrize(
    ("ours", "theirs", "may"),
    [
        ("https://export.arxiv.org/a", "https://arxiv.org/b", True),
        ("https://arxiv.org/a", "https://export.arxiv.org/b", True),
        ("https://arxiv.org/a", "https://publisher.example/b", True),
        ("https://arxiv.org/a", "https://evil.example/b", False),
        ("https://arxiv.org/a", "https://notarxiv.org/b", False),
        ("https://arxiv.org/a", "https://127.0.0.1/b", False),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8002/b", False),
        ("http://localhost/a", "http://127.0.0.1/b", False),
        ("http://localhost/a", "http://localhost/b", True),
    ],
)
def test_redirects_stay_with_publishers(ours, theirs, may, world):
    hosts = frozenset({"publisher.example"})
    with fetcher(contact="c", version="1", world=world, limits=LIMITS, hosts=hosts) as ready:
        assert ready._may_lead(ours, theirs) is may


def test_a_redirect_to_another_host_is_refused(ready, publishers):
    elsewhere = publishers.base.replace("127.0.0.1", "localhost")
    publishers.extra["/moved"] = Answer(302, b"", Location=f"{elsewhere}/page")
    with pytest.raises(FetchError) as raised:
        ready.get(publishers.base + "/moved")
    assert "a host that no source is configured for" in raised.value.why


def test_a_contact_beyond_ascii_is_sent_encoded(world):
    with fetcher(contact="jürgen@exämple.org", version="1", world=world, limits=LIMITS) as ready:
        agent = ready.client.headers["User-Agent"]
    assert agent == "paper-catalog/1 (j%C3%BCrgen@ex%C3%A4mple.org)"


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("9" * 5_000, 1e7),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 1e7),
        ("Sat, 01 Jan 0001 00:00:00 +2359", 0.0),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("-1", None),
    ],
)
def test_absurd_dates_of_servers_do_no_harm(asked, seconds):
    now = dt.datetime(2025, 3, 11, tzinfo=dt.UTC)
    assert retry_after({"retry-after": asked}, now) == seconds


def test_a_date_beyond_all_years_is_no_clock():
    assert server_time({"date": "Fri, 31 Dec 9999 23:59:59 -2359"}) is None
    assert server_time({"date": "Fri, 31 Dec 99999 23:59:59 GMT"}) is None


def test_rate_exceeded_is_waited_for(ready, page, publishers, clock):
    publishers.spoil("/page", Answer(200, "Rate exceeded.\n"))
    before = clock.monotonic()
    assert ready.get(page).status == 200
    assert ready.get(page).body != b"Rate exceeded.\n"
    waited = clock.monotonic() - before
    assert waited > 0
