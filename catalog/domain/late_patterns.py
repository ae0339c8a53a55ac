"""Regular expressions that are compiled when they are first used.

To compile those of all formats takes a tenth of a short command, which uses few of them.
"""

import re
from typing import Any, AnyStr, cast


class _LatePattern:
    """Stands for a compiled pattern, and takes over each of its methods at the first call."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found


def late_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    r"""Return what `re.compile` returns, without compiling it yet.

    >>> late_pattern(r"\d+").findall("11 March 2025")
    ['11', '2025']
    """
    return cast("re.Pattern[AnyStr]", _LatePattern(text, flags))
