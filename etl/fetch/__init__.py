"""The network: HTTP requests to publishers, SMTP for digests; nothing else opens a socket."""

from etl.fetch.errors import FetchError
from etl.fetch.http import Answer, Fetcher, Limits, fetcher
from etl.fetch.waiting import Pace
from etl.fetch.world import World

__all__ = ["Answer", "FetchError", "Fetcher", "Limits", "Pace", "World", "fetcher"]
