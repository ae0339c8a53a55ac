"""What goes wrong on the way to a publisher."""

import datetime as dt

from catalog.domain.errors import CatalogError


class FetchError(CatalogError):
    """Something could not be fetched, after all attempts.

    `status` is the answer's, if there was one; `resume_at` the instant before which the publisher
    asked not to be asked again.
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
    """The connection broke when a mail was under way: it may have been taken or not."""
