"""Extract in this process for few abstracts, on all cores or a cluster for many."""

import gc
import os
import platform
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack, contextmanager
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

import msgspec

from catalog.domain.errors import CatalogError
from catalog.domain.exit_codes import ExitCode
from catalog.domain.records import Extraction
from catalog.garbage_collection import RARE
from etl.extract.reader import ChosenReader, Texts
from etl.plugins import choose_reader

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

MANY = 2_000
"""Abstracts in one batch from which on starting other processes pays."""

STREAMED = 2 * MANY
"""Abstracts of a stream that are held at a time; as many are extracted ahead."""

PORTION = 250
"""Abstracts that are sent to another process at a time: enough to hide the way there."""

KINDNESS = 5
"""What is added to the niceness of processes that extract: the one that loads has no second, and
what it waits for they do while it waits."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Extraction]).decode

Item = TypeVar("Item")


class Extractor:
    """Reads abstracts, on an executor where there are many; results keep their order."""

    def __init__(
        self,
        jobs: int | None = None,
        executor: Executor | None = None,
        reader: ChosenReader | None = None,
    ) -> None:
        self.reader = reader or choose_reader()
        self.jobs = jobs or os.cpu_count() or 1
        self._executor = executor
        self._pool: Executor | None = None
        self._ahead: dict[tuple[str, str | None], tuple[_Portion, int]] = {}
        self._older: list[tuple[str, str | None]] = []
        """What `_ahead` holds from before the last call of `prefetch`."""

    @property
    def asks(self) -> bool:
        """Whether the reader asks elsewhere."""
        return self.reader.inquiry is not None

    def ask(self, texts: Iterable[tuple[str, str | None]]) -> None:
        """Ask elsewhere what reading these abstracts needs, and keep the answers.

        It may take long, and writes: call it outside of transactions.
        """
        self.reader.ask(list(texts))

    def prefetch(self, coming: Iterable[tuple[str, str | None]]) -> None:
        """Begin to extract from abstracts that will be requested next, in other processes."""
        texts = list(coming)
        self._older = list(self._ahead)
        if executor := self._others(len(texts)):
            for texts_of_one in _portions(texts):
                portion = _Portion(executor, self.reader, texts_of_one)
                for place, text in enumerate(texts_of_one):
                    self._ahead[text] = (portion, place)

    def __call__(self, texts: Texts) -> list[Extraction]:
        """Extract from each abstract."""
        try:
            return self._extracted(texts)
        except BrokenExecutor as error:
            raise CatalogError(
                "cannot extract",
                why="one of the processes that extract was killed, perhaps for want of memory",
                hint="run the same command again, with --jobs 1 to need less memory",
            ) from error
        except (CatalogError, KeyboardInterrupt):
            raise
        except BaseException as error:
            if self._executor is None:
                raise
            raise _cluster_failed(error) from error

    def stream(
        self, items: Iterable[Item], text: Callable[[Item], tuple[str, str | None]]
    ) -> Iterator[tuple[Item, Extraction]]:
        """Yield items with their extractions, in order and in constant memory.

        With one job each item is answered before the next but one is taken.
        """
        rest, size = iter(items), STREAMED if self.jobs > 1 else 1
        batch = list(islice(rest, size))
        self.prefetch([text(item) for item in batch])
        while batch:
            following = list(islice(rest, size))
            self.prefetch([text(item) for item in following])
            texts = [text(item) for item in batch]
            self.ask(texts)
            yield from zip(batch, self(texts), strict=True)
            self.forget()
            batch = following

    def _extracted(self, texts: Texts) -> list[Extraction]:
        missing = [text for text in texts if text not in self._ahead]
        executor = self._others(len(missing))
        found: Iterator[Extraction]
        if executor is None:
            found = iter(self.reader(missing))
        else:
            portions = [_Portion(executor, self.reader, portion) for portion in _portions(missing)]
            found = chain.from_iterable(portion.extractions for portion in portions)
        return [self._taken(text) if text in self._ahead else next(found) for text in texts]

    def _taken(self, text: tuple[str, str | None]) -> Extraction:
        portion, place = self._ahead[text]
        return portion.extractions[place]

    def forget(self) -> None:
        """Drop what was prefetched before the last call of `prefetch`."""
        for text in self._older:
            del self._ahead[text]
        self._older = []

    def _others(self, size: int) -> Executor | None:
        """Return the executor for this number of abstracts; None for this process."""
        if not self.reader.reader.is_local:
            return None
        if self._executor is not None:
            return self._executor
        if self.jobs > 1 and size > MANY and self._pool is None:
            self._pool = _pool(self.jobs)
        return self._pool if size > PORTION else None

    def close(self) -> None:
        """Stop the processes that were started here."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


class _Portion:
    """Abstracts that were sent to another process."""

    def __init__(self, executor: Executor, reader: ChosenReader, texts: Texts) -> None:
        self._future: Future[bytes] = executor.submit(
            extract_portion, reader.name, reader.version, texts
        )

    @cached_property
    def extractions(self) -> list[Extraction]:
        """The extractions, in order."""
        return _decode(self._future.result())


def extract_portion(name: str, version: str, texts: Texts) -> bytes:
    """Extract in another process or on another machine; return MessagePack, faster than pickle.

    Raises:
        CatalogError: there is no such reader there, or it is of another version than here.

    """
    reader = choose_reader(name)
    if version != reader.version:
        raise CatalogError(
            "cannot extract on this cluster",
            why=f"{platform.node()} has version {reader.version} of {name}, this is {version}",
            hint="install the same version of paper-catalog here and where the workers are",
        )
    return _encode(reader(texts))


def _cluster_failed(error: BaseException) -> CatalogError:
    """Explain why the cluster failed; its library raises errors of its own."""
    hint = "look at the logs of the workers, and run the same command again: it goes on from there"
    if isinstance(error, ImportError):
        hint = "install the same version of paper-catalog here and where the workers are"
    why = str(error).strip() or type(error).__name__
    return CatalogError("cannot extract on the cluster", why=why.splitlines()[0], hint=hint)


def _portions(texts: Texts) -> list[Texts]:
    return [texts[i : i + PORTION] for i in range(0, len(texts), PORTION)]


def _pool(jobs: int) -> Executor:
    """Start processes that share nothing with this one, which has a database open."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin_process)


def _begin_process() -> None:
    """Ignore Ctrl-C, and end when the parent process does, even by `kill -9`."""
    import multiprocessing

    gc.set_threshold(RARE, *gc.get_threshold()[1:])
    if hasattr(os, "nice"):  # not on Windows
        os.nice(KINDNESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: "BaseProcess") -> None:
    parent.join()
    os._exit(ExitCode.FAILED)


class Unread:
    """A substitute for an extractor that reads nothing; `catalog reextract` does it later."""

    asks = False

    def __call__(self, texts: Texts) -> list[Extraction]:
        """Return an empty extraction for each abstract."""
        return [Extraction()] * len(texts)

    def prefetch(self, coming: Iterable[tuple[str, str | None]]) -> None:
        """Do nothing."""

    def forget(self) -> None:
        """Do nothing."""

    def ask(self, texts: Iterable[tuple[str, str | None]]) -> None:
        """Do nothing."""


@contextmanager
def extractor(
    jobs: int | None = None, address: str | None = None, reader: ChosenReader | None = None
) -> Iterator[Extractor]:
    """Open an extractor whose processes end with the block; with `address` on a Dask cluster."""
    with ExitStack() as stack:
        executor = None
        if address is not None:
            from etl.ingest.dask_cluster import cluster

            executor = stack.enter_context(cluster(address))
        found = Extractor(jobs, executor, reader)
        stack.callback(found.close)
        yield found
