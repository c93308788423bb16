"""The application over a release of the shipped sources, with workers as in operation."""

import pytest

from kmn_ld import releases
from kmn_ld.build.progress import Silent
from kmn_ld.build.releasing import build_release
from kmn_ld.config import Settings
from kmn_ld.engine import open_engine
from kmn_ld.web import create_app
from kmn_ld.web.live import Current, Live
from tests.build.conftest import REPOSITORY


@pytest.fixture(scope="session")
def shipped(tmp_path_factory):
    """Settings whose current release is one of the shipped sources."""
    folder = tmp_path_factory.mktemp("library") / "releases"
    folder.mkdir()
    settings = Settings(sources=REPOSITORY, releases=folder)
    build_release(settings, Silent())
    return settings


@pytest.fixture(scope="session")
def shelf(shipped, tmp_path_factory):
    """The application itself."""
    release = releases.current(shipped.releases)
    engine = open_engine(shipped, release, tmp_path_factory.mktemp("results"))
    yield create_app(shipped, engine=Live(Current.of(engine, release)))
    engine.close()


@pytest.fixture
def reader(shelf):
    """A client of it."""
    return shelf.test_client()
