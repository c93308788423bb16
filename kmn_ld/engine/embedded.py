"""The engine in this process: our own queries here, everybody's in killable workers."""

import atexit
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pyoxigraph as ox

from kmn_ld.config import Settings
from kmn_ld.engine.interface import Begun, PublicAnswer, PublicQuery
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.pool import Pool
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.releases import Release


def result_folder() -> Path:
    """Make a folder for slots and results; it is removed at the end of the process."""
    folder = Path(mkdtemp(prefix="kmn-ld-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    return folder


def open_embedded(
    settings: Settings, release: Release, folder: Path | None = None
) -> "EmbeddedEngine":
    """Open a release and start its first worker (see `open_engine`)."""
    folder = folder or result_folder()
    store = open_store(release, settings.memory_triples)
    return EmbeddedEngine(store, Pool(settings, release, folder))


class EmbeddedEngine(TrustedStore):
    """Answers over one release (protocol `Engine`)."""

    def __init__(self, store: ox.Store, pool: Pool) -> None:
        super().__init__(store)
        self._pool = pool

    def answer(self, query: PublicQuery, client: str) -> PublicAnswer:
        """Answer a query from outside (see `Engine`)."""
        return self._pool.answer(query, client)

    def begin(self, query: PublicQuery, client: str) -> Begun | None:
        """Begin to answer a query from outside in an event loop (see `Engine`)."""
        return self._pool.begin(query, client)

    def ensure_ready(self) -> None:
        """Raise EngineError where queries from outside could not be answered."""
        self._pool.ensure_ready()

    def close(self) -> None:
        """End the workers; what runs comes to its end first."""
        self._pool.close()
