import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kmn_ld.config import Settings
from kmn_ld.engine import EmbeddedEngine, open_engine
from kmn_ld.engine.pool import Pool
from kmn_ld.releases import Release
from tests.engine.handmade import EXTRA, made_by_hand


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return made_by_hand(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return made_by_hand(tmp_path_factory.mktemp("many"), EXTRA)


@pytest.fixture(scope="module")
def engine(release: Release) -> Iterator[EmbeddedEngine]:
    opened = open_engine(Settings(), release)
    yield opened
    opened.close()


@pytest.fixture
def make(tmp_path: Path, many: Release) -> Iterator[Callable[..., Pool]]:
    """Make pools of workers, which end with the test; those at leisure soon end by themselves."""
    pools: list[Pool] = []

    def made(release: Release = many, **settings: int) -> Pool:
        pools.append(Pool(Settings(**settings), release, tmp_path, idle_seconds=0.2))
        return pools[-1]

    yield made
    for pool in pools:
        pool.close()


@pytest.fixture
def catcher() -> Iterator["Catcher"]:
    """A local server that only notices who connects."""
    with Catcher() as opened:
        yield opened


class Catcher:
    """Listens on a free port of this machine and answers nobody."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)

    @property
    def url(self) -> str:
        host, port = self._socket.getsockname()
        return f"http://{host}:{port}/"

    @property
    def was_reached(self) -> bool:
        """Whether anybody has connected; the kernel keeps connections until they are asked for."""
        try:
            self._socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def __enter__(self) -> "Catcher":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
