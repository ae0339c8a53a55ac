"""An OpenAI-compatible server on this machine, whose answers a test decides."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from msgspec import Struct, field

MARK = re.compile("⟦(\\d+)⟧")
USAGE = {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050}


class Served(Struct, kw_only=True):
    """What the server sends back."""

    text: str = ""
    """Of the answer, where the status is 200."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    usage: dict[str, int] | None = field(default_factory=lambda: dict(USAGE))
    body: str | None = None
    """Instead of a completion."""


Script = Callable[[str], Served]
"""From the message about an abstract to what is answered."""


def answer(message: str, **fields: Any) -> str:
    """Answer that every marked number is an accuracy of the paper's own, or as `fields` says."""
    record = {"kind": "absolute", "metric": "accuracy", "dataset": None, "role": "own", **fields}
    marks = [int(mark) for mark in dict.fromkeys(MARK.findall(message))]
    records = [{"n": mark, **record} for mark in marks]
    return json.dumps({"notes": "", "results": records, "others": []})


def well(message: str) -> Served:
    return Served(text=answer(message))


class ModelServer:
    """The server with what it was asked."""

    def __init__(self) -> None:
        self.script: Script = well
        self.asked: list[dict[str, Any]] = []
        """Bodies of requests, in the order in which they came."""
        self.keys: list[str] = []
        self.at_once = 0
        self.most_at_once = 0
        self.lock = threading.Lock()
        self.base = ""

    @property
    def messages(self) -> list[str]:
        """What was asked about abstracts."""
        return [str(body["messages"][-1]["content"]) for body in self.asked]

    def one_after_the_other(self, *served: Served) -> None:
        """Answer so in turn; the last one from then on."""
        left = list(served)

        def script(_message: str) -> Served:
            with self.lock:
                return left.pop(0) if len(left) > 1 else left[0]

        self.script = script

    def answered(self, body: dict[str, Any], key: str) -> Served:
        with self.lock:
            self.asked.append(body)
            self.keys.append(key)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        found = self.script(str(body["messages"][-1]["content"]))
        time.sleep(found.seconds)
        with self.lock:
            self.at_once -= 1
        return found


def completion(found: Served) -> bytes:
    """The body of an answer as such servers write it."""
    if found.body is not None:
        return found.body.encode()
    message = {"role": "assistant", "content": found.text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    body = {
        "id": "x",
        "object": "chat.completion",
        "created": 1,
        "model": "fake",
        "choices": [choice],
    }
    return json.dumps(body | ({"usage": found.usage} if found.usage else {})).encode()


def in_parts(found: Served) -> bytes:
    """The body of an answer that comes in parts."""
    half = len(found.text) // 2
    parts = [{"role": "assistant", "content": found.text[:half]}, {"content": found.text[half:]}]
    head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "fake"}
    events = [head | {"choices": [{"index": 0, "delta": part}]} for part in parts]
    return "".join(f"data: {json.dumps(e)}\n\n" for e in events).encode() + b"data: [DONE]\n\n"


@contextmanager
def serving() -> Iterator[ModelServer]:
    """Run a server on a free port."""
    state = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(size))
            found = state.answered(body, self.headers.get("Authorization", ""))
            data = in_parts(found) if body.get("stream") else completion(found)
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            kind = "text/event-stream" if body.get("stream") else "application/json"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that has gone is no fault."""

    server = Server(("127.0.0.1", 0), Handler)
    state.base = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
