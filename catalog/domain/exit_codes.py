"""Exit codes of the commands."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes that tell a shell, a scheduler or monitoring how a command ended.

    >>> ExitCode.LOCKED, ExitCode.LOCKED.meaning
    (<ExitCode.LOCKED: 75>, 'another command holds the lock')
    """

    DONE = 0, "done"
    FAILED = 1, "failed and nothing changed; for `status` and `db check`: the answer is no"
    WRONG_USAGE = 2, "wrong usage"
    DONE_WITH_PROBLEMS = 3, "done except for the problems listed"
    LOCKED = 75, "another command holds the lock"
    INTERRUPTED = 130, "interrupted"

    meaning: str

    def __new__(cls, code: int, meaning: str) -> "ExitCode":
        """Keep a code's meaning beside its number."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member
