"""Runs the application behind granian: several processes, one folder for what they spool."""

import logging
import os
import socket
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from kmn_ld import releases
from kmn_ld.config import Settings
from kmn_ld.engine import open_engine
from kmn_ld.engine.confinement import die_with_parent
from kmn_ld.errors import ConfigError
from kmn_ld.web import create_app, logs
from kmn_ld.web.clients import Proxies
from kmn_ld.web.front import Front, Limits
from kmn_ld.web.live import Live

_LOG = logging.getLogger(__name__)

STOP_SECONDS = 10
"""What is still being answered or sent when the server is told to stop has so long to end."""

_LONGEST_ENCODING = 3
"""A byte of a query takes up to three characters in a form (`%C3`)."""


@dataclass(frozen=True)
class Loader:
    """Makes the application in a server process; travels to it as a value."""

    settings: Settings
    runtime: Path

    def __call__(self) -> Front:
        """Open the current release and return the ASGI application over it.

        Called in a server process, which ends when the one that started it is killed.
        """
        die_with_parent(os.getppid())
        return load(self.settings, self.runtime)


def load(settings: Settings, runtime: Path) -> Front:
    """Return the ASGI application over the current release, which follows new ones."""
    logs.configure(settings)
    live = Live.over(settings.releases, partial(open_engine, settings, folder=runtime))
    front = Front(
        create_app(settings, engine=live),
        limits=limits(settings),
        proxies=Proxies(settings.proxies),
        generation=lambda: live.generation,
        spool=runtime,
    )
    front.on_close = live.close
    live.watch()
    return front


HEADER_SECONDS = 5
"""Time a client has to send the head of a request."""
MOST_CONNECTIONS = 8192
"""Connections that a server process holds at once; more wait to be accepted."""


def limits(settings: Settings) -> Limits:
    """Return the limits of one server process."""
    return Limits(
        query_threads=settings.query_workers,
        body_bytes=_LONGEST_ENCODING * settings.query_max_bytes + 64 * 1024,
        cache_bytes=settings.cache_mb * 1024 * 1024,
    )


def serve(settings: Settings) -> None:
    """Serve the current release until the process is told to stop.

    Raises BuildError where there is no release, ConfigError where the address is taken.
    """
    logs.configure(settings)
    release = releases.current(settings.releases)
    port = _free_port(settings)
    with tempfile.TemporaryDirectory(prefix="kmn-ld-") as runtime:
        server = Granian(
            "kmn-ld",
            address=settings.host,
            port=port,
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
        _LOG.info("Release %s on http://%s:%s", release.id, settings.host, port)
        server.serve(target_loader=Loader(settings, Path(runtime)), wrap_loader=False)


def _free_port(settings: Settings) -> int:
    """Return the port to listen on, for 0 a free one.

    The server processes share the port (SO_REUSEPORT), which would let a second server of the
    same user take it too without a word; so it is tried without sharing first.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError as error:
            raise ConfigError(
                "port-taken", host=settings.host, port=settings.port, reason=error.strerror
            ) from error
        port: int = trial.getsockname()[1]
    return port
