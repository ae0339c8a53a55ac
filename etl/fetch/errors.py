"""Errors of requests to other machines."""

import datetime as dt

from catalog.domain.errors import CatalogError


class FetchError(CatalogError):
    """A request that failed after all attempts.

    `status` is the answer's, if there was one; `resume_at` the end of the pause that the publisher
    asked for.
    """

    def __init__(
        self,
        what: str,
        *,
        why: str,
        hint: str,
        status: int | None = None,
        resume_at: dt.datetime | None = None,
    ) -> None:
        super().__init__(what, why=why, hint=hint)
        self.status = status
        self.resume_at = resume_at


class UncertainError(FetchError):
    """A connection that broke while a mail was being sent: it may have been accepted or not."""
