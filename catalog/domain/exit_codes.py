"""The exit codes of the commands."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command tells the shell, a scheduler or monitoring of how it ended.

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
        """Keep what a code means beside its number."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member
