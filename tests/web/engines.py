"""The application over the made-up release, answered by each engine that we know."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask

from kmn_ld import releases
from kmn_ld.build import Silent
from kmn_ld.build.pushing import push_release
from kmn_ld.config import Settings
from kmn_ld.engine import open_engine
from kmn_ld.web import create_app
from kmn_ld.web.direct import Direct
from kmn_ld.web.live import EXTENSION, Live
from tests.engine.others import ENGINES, running
from tests.engine.waiting import eventually
from tests.web import made_up

ALL = ("direct", "embedded", *ENGINES)
"""Ways to the same answers: past Flask, through it, and by other engines."""


@contextmanager
def application(name: str, folder: Path, **settings: object) -> Iterator[Flask]:
    """Serve the made-up release by an engine; others are started and given it first."""
    made_up.write(folder)
    known = {"releases": folder, **settings}
    if name == "direct":
        with _opened(Settings(**known)) as app, _past_flask(app):
            yield app
        return
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


@contextmanager
def _past_flask(app: Flask) -> Iterator[None]:
    """Have plain queries answered as in a server, so that clients of the application see it."""
    live: Live = app.extensions[EXTENSION]
    direct, flask = Direct(live, 2), app.wsgi_app
    assert eventually(lambda: live.current.engine.ensure_ready() is None)

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        answer = runner.run(direct.answer(environ, body))
        if answer is None:
            return flask(environ, start_response)
        file = [("X-Sendfile", str(answer.file))] if answer.file else []
        headers = [(name.decode(), value.decode()) for name, value in answer.headers]
        start_response(f"{answer.status} OK", headers + file)
        return [answer.body]

    with asyncio.Runner() as runner:
        app.wsgi_app = application
        yield
    direct.close()
