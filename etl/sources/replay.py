"""A stream whose beginning was looked at, whole again."""

import io
from typing import BinaryIO


class Replay(io.RawIOBase):
    """The bytes that were read already, then the rest of the stream."""

    def __init__(self, begun: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._begun = memoryview(begun)
        self._rest = rest

    def readable(self) -> bool:
        """True: it is for nothing else."""
        return True

    def readinto(self, target: "memoryview") -> int:  # type: ignore[override]
        """Fill `target` as far as one read gets."""
        data: bytes | memoryview
        if self._begun:
            data, self._begun = self._begun[: len(target)], self._begun[len(target) :]
        else:
            data = self._rest.read(len(target))
        target[: len(data)] = data
        return len(data)


def peeked(stream: BinaryIO, size: int) -> tuple[bytes, BinaryIO]:
    """The first `size` bytes, less only where there are no more, and the stream with them."""
    begun = bytearray()
    while len(begun) < size and (chunk := stream.read(size - len(begun))):
        begun += chunk
    data = bytes(begun)
    return data, io.BufferedReader(Replay(data, stream), 1 << 17)
