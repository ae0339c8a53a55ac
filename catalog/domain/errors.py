"""Errors that a user can put right: what failed, why, and a hint how to go on."""

from catalog.domain.exit_codes import ExitCode
from catalog.domain.safe_text import printable


class CatalogError(Exception):
    """A failure that the user can put right: what failed, why, and a hint how to go on.

    `what` says what could not be done, `why` the reason, `hint` how to go on.
    """

    exit_code = ExitCode.FAILED
    """Exit code of the command that it ends."""

    def __init__(self, what: str, *, why: str, hint: str) -> None:
        super().__init__(what, why, hint)
        self.what = what
        self.why = why
        self.hint = hint

    def __str__(self) -> str:
        """Write three lines, whatever names of files and answers of servers stand in them."""
        what, why, hint = map(printable, (self.what, self.why, self.hint))
        return f"{what}\n  why:  {why}\n  hint: {hint}"

    def __reduce__(self) -> tuple[object, ...]:
        """Keep all fields when the error is pickled."""
        return (_rebuild, (type(self), self.what, self.why, self.hint))


def _rebuild(kind: type[CatalogError], what: str, why: str, hint: str) -> CatalogError:
    return kind(what, why=why, hint=hint)


class LockedError(CatalogError):
    """Another command holds the lock of the catalog."""

    exit_code = ExitCode.LOCKED
