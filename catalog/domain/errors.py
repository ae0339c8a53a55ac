"""What goes wrong in ways that a user can mend: what, why, and how to go on."""

from catalog.domain.exit_codes import ExitCode


class CatalogError(Exception):
    """Something the user can mend.

    `what` says what could not be done, `why` the reason, `mend` how to go on.
    """

    exit_code = ExitCode.FAILED
    """Exit code of the command that it ends."""

    def __init__(self, what: str, *, why: str, mend: str) -> None:
        super().__init__(what, why, mend)
        self.what = what
        self.why = why
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.what}\n  why:  {self.why}\n  mend: {self.mend}"

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way through a process pool."""
        return (_rebuild, (type(self), self.what, self.why, self.mend))


def _rebuild(kind: type[CatalogError], what: str, why: str, mend: str) -> CatalogError:
    return kind(what, why=why, mend=mend)


class LockedError(CatalogError):
    """Another command is writing to the catalog."""

    exit_code = ExitCode.LOCKED
