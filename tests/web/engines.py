"""The application over the made-up release, answered by each engine that we know."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from kmn_ld import releases
from kmn_ld.build import Silent
from kmn_ld.build.pushing import push_release
from kmn_ld.config import Settings
from kmn_ld.engine import open_engine
from kmn_ld.web import create_app
from tests.engine.others import ENGINES, running
from tests.web import made_up

ALL = ("embedded", *ENGINES)


@contextmanager
def application(name: str, folder: Path, **settings: object) -> Iterator[Flask]:
    """Serve the made-up release by an engine; others are started and given it first."""
    made_up.write(folder)
    known = {"releases": folder, **settings}
    if name == "embedded":
        with _opened(Settings(**known)) as app:
            yield app
        return
    with running(name, folder / ".engine") as other:
        opened = other.settings(**known)
        push_release(opened, Silent())
        with _opened(opened) as app:
            yield app


@contextmanager
def _opened(settings: Settings) -> Iterator[Flask]:
    engine = open_engine(settings, releases.current(settings.releases))
    try:
        yield create_app(settings, engine=engine)
    finally:
        engine.close()
