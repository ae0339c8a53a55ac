"""The only package that asks other machines: HTTP for publishers, SMTP for digests."""

from etl.fetch.errors import FetchError
from etl.fetch.http import Answer, Fetcher, Limits, fetcher
from etl.fetch.waiting import Pace
from etl.fetch.world import World

__all__ = ["Answer", "FetchError", "Fetcher", "Limits", "Pace", "World", "fetcher"]
