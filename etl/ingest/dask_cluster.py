"""Run extraction on a Dask cluster; imported only when one is asked for.

https://distributed.dask.org/en/stable/api.html#distributed.Client.get_executor
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from catalog.domain.errors import CatalogError
from catalog.installed import adding

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 30
"""Seconds to wait for the scheduler, and for the first of its workers."""

RETRIES = 3
"""Times that a portion is tried again where its worker fails; one that dies counts as well."""


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Open an executor on the cluster whose scheduler is at `address`, e.g. tcp://host:8786.

    Raises:
        CatalogError: distributed is not installed, or no scheduler answers, or it has no workers.

    """
    client = _client(address)
    try:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise CatalogError(
                f"cannot extract on {address}",
                why=f"no worker came within {PATIENCE} seconds",
                hint=f"start some, in the same environment: dask worker {address}",
            ) from error
        # Not pure: the cluster forgets what has been fetched, and memory stays flat.
        executor: Executor = client.get_executor(  # type: ignore[no-untyped-call]
            pure=False, retries=RETRIES
        )
        yield executor
    finally:
        client.close()  # type: ignore[no-untyped-call]


def _client(address: str) -> "Client":
    try:
        from distributed import Client
    except ImportError as error:
        raise CatalogError(
            f"cannot extract on {address}",
            why="distributed, which talks to Dask clusters, is not installed",
            hint=f"here and where the workers are, {adding('dask')}",
        ) from error
    try:
        return Client(  # type: ignore[no-untyped-call]
            address, timeout=PATIENCE, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise CatalogError(
            f"cannot extract on {address}",
            why=f"no scheduler answers: {error}",
            hint="check the address, as in --executor tcp://host:8786, and that one runs there",
        ) from error
