"""Runs the application behind granian: several processes, one folder for what they spool."""

import gc
import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from kmn_ld import releases
from kmn_ld.config import Settings
from kmn_ld.engine import Opening
from kmn_ld.engine.confinement import die_with_parent
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.tally import Tally
from kmn_ld.errors import EngineError
from kmn_ld.releases import Release
from kmn_ld.web import archive, create_app, listening, logs, runtime
from kmn_ld.web.clients import Proxies
from kmn_ld.web.direct import Direct
from kmn_ld.web.front import Front, Limits
from kmn_ld.web.live import Live, read_ledger

_LOG = logging.getLogger(__name__)

STOP_SECONDS = 10
"""What is still being answered or sent when the server is told to stop has so long to end."""

_LONGEST_ENCODING = 3
"""A byte of a query takes up to three characters in a form (`%C3`)."""


@dataclass(frozen=True)
class Loader:
    """Makes the application in a server process; travels to it as a value."""

    settings: Settings
    spool: Path

    def __call__(self) -> Front:
        """Open the current release and return the ASGI application over it.

        Called in a server process, which ends when the one that started it is killed. A fork has
        the parent's handlers of signals, which would do nothing here until granian sets its own.
        """
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C: the parent sends SIGTERM
        die_with_parent(os.getppid())
        front = load(self.settings, self.spool)
        _spare_what_stays()
        return front


def load(settings: Settings, spool: Path) -> Front:
    """Return the ASGI application over the current release, which follows new ones."""
    logs.configure(settings)
    live = Live.over(settings.releases, Opening(settings, spool), Tally(spool))
    app = create_app(settings, engine=live)
    front = Front(
        app,
        limits=limits(settings),
        proxies=Proxies(settings.proxies),
        generation=lambda: live.generation,
        tally=live.tally,
    )
    front.direct = Direct(live, settings.query_workers)
    front.on_close = partial(_close, live, app)
    live.watch()
    return front


def _close(live: Live, app: Flask) -> None:
    live.close()
    archive.close(app)


def _spare_what_stays() -> None:
    """Keep the garbage collector from what lives as long as the process, and call it less often.

    Walking through modules, release and kept answers took up to 0.1 s, in the midst of a request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


HEADER_SECONDS = 5
"""Time a client has to send the head of a request."""
_COLLECT_AFTER = (20_000, 50, 100)
"""New objects after which the collector looks at the youngest, and rounds for each older age."""
MOST_CONNECTIONS = 8192
"""Connections that a server process holds at once; more wait to be accepted."""


def limits(settings: Settings) -> Limits:
    """Return the limits of one server process."""
    return Limits(
        query_threads=settings.query_workers,
        body_bytes=_LONGEST_ENCODING * settings.query_max_bytes + 64 * 1024,
        cache_bytes=settings.cache_mb * 1024 * 1024,
    )


def serve(settings: Settings, announce: Callable[[str], None] = lambda url: None) -> None:
    """Serve the current release until the process is told to stop.

    `announce` is called with the URL when nothing stands in the way of serving. Raises BuildError
    where there is no release, EngineError or LedgerError where it cannot be opened, ConfigError
    where the address cannot be listened on.
    """
    logs.configure(settings)
    release = releases.current(settings.releases)
    address = listening.find(settings.host, settings.port)
    _demand_that_it_opens(release, settings)
    with runtime.folder() as folder:
        server = Granian(
            "kmn-ld",
            address=address.host,
            port=address.port,
            interface=Interfaces.ASGI,
            workers=settings.workers,
            websockets=False,
            log_level=LogLevels.warning,
            http=HTTPModes.http1,  # guessing the protocol would wait for ever on a silent client
            http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
            backpressure=MOST_CONNECTIONS,
            respawn_failed_workers=True,
            workers_kill_timeout=STOP_SECONDS,
        )
        announce(address.url)
        _LOG.info("Release %s on %s port %s", release.id, address.host, address.port)
        server.serve(target_loader=Loader(settings, folder), wrap_loader=False)


def _demand_that_it_opens(release: Release, settings: Settings) -> None:
    """Open a release once before server processes try to, again and again.

    In a process of its own: this one forks the others, so it stays small and without threads.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as trial:
        try:
            trial.submit(_open, release, settings, os.getpid()).result()
        except BrokenProcessPool as error:
            raise EngineError("store-unreadable", path=release.folder, reason="crash") from error


def _open(release: Release, settings: Settings, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C is told once, by the parent
    die_with_parent(parent)
    read_ledger(release)
    open_store(release, settings.memory_triples)
