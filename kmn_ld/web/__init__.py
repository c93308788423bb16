"""Turns HTTP requests into calls, and results into representations."""

from functools import partial

from flask import Flask

from kmn_ld.config import Settings
from kmn_ld.engine import Engine, open_engine
from kmn_ld.web import (
    archive,
    descriptions,
    dumps,
    failures,
    health,
    logs,
    metrics,
    pages,
    query_page,
    resources,
    responses,
    search,
    sparql,
    targets,
    templating,
)
from kmn_ld.web.library import openapi, views
from kmn_ld.web.live import EXTENSION, Live, leave

__all__ = ["create_app"]


def create_app(settings: Settings | None = None, *, engine: Engine | Live | None = None) -> Flask:
    """Make the application.

    `engine` is an engine of the caller's, or engine and release together (`Live`); without it the
    current release is opened. Raises BuildError where there is none, ConfigError.
    """
    settings = settings or Settings.from_env()
    logs.configure(settings)
    app = Flask(__name__, static_folder=None)
    app.config.update(USE_X_SENDFILE=True, MAX_FORM_MEMORY_SIZE=None)
    app.url_map.merge_slashes = False
    if engine is None:
        engine = Live.over(settings.releases, partial(open_engine, settings))
    app.extensions[EXTENSION] = engine if isinstance(engine, Live) else Live.of(engine, settings)
    for area in (pages, resources, sparql, query_page, descriptions, dumps, health, metrics):
        app.register_blueprint(area.bp)
    for area in (views, openapi, search):
        app.register_blueprint(area.bp)
    archive.register(app, settings)
    descriptions.register(app, settings)
    failures.register(app)
    targets.register(app)
    templating.register(app, settings)
    app.after_request(responses.finish)
    app.teardown_appcontext(leave)
    return app
