"""Settings that all sources of a configuration share, and the ranges of numbers."""

from typing import Annotated

from msgspec import Meta, Struct

Days = Annotated[int, Meta(ge=0, le=36_500)]
Hours = Annotated[int, Meta(ge=1, le=24 * 366)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Count = Annotated[int, Meta(ge=1, le=1_000_000)]


class SourceSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A source's table in the configuration; each kind adds settings of its own."""

    kind: str
    """Name of a `SyncSource`; that of the table, unless it says another."""
    enabled: bool = True
    stale_after_hours: Hours = 36
    """Age of the last success from which on `catalog status` complains."""
