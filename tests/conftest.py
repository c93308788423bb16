"""A small made-up release, an engine over it, and the application that answers from both."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kmn_ld import releases
from kmn_ld.build import Silent, build_release
from kmn_ld.config import Settings
from kmn_ld.engine import Engine
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.releases import Release
from kmn_ld.web import create_app
from tests.questions import REPOSITORY
from tests.web import made_up
from tests.web.answering import Answering


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Where NOTHING_SKIPPED is set, as in CI, a test that is skipped has failed."""
    report = yield
    if report.skipped and os.environ.get("NOTHING_SKIPPED"):
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session")
def _releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made-up") / "releases"
    folder.mkdir()
    made_up.write(folder)
    return folder


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the shipped sources, for tests that look at the real data."""
    folder = tmp_path_factory.mktemp("shipped") / "releases"
    folder.mkdir()
    return build_release(Settings(sources=REPOSITORY, releases=folder), Silent()).release


@pytest.fixture
def settings(_releases: Path) -> Settings:
    """Settings whose current release is the made-up one."""
    return Settings(releases=_releases)


@pytest.fixture
def release(settings: Settings) -> Release:
    """The made-up release."""
    return releases.current(settings.releases)


@pytest.fixture
def engine(settings: Settings, release: Release) -> Engine:
    """An engine over the release; it answers public queries with what a test puts into it."""
    return Answering(TrustedStore(open_store(release, settings.memory_triples)))


@pytest.fixture
def app(settings: Settings, engine: Engine) -> Flask:
    """The application over the made-up release."""
    return create_app(settings, engine=engine)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application, without the front layer."""
    return app.test_client()
