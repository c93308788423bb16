from collections.abc import Iterator

import pytest

from kmn_ld.config import Settings
from kmn_ld.engine import EmbeddedEngine, open_engine
from kmn_ld.releases import Release
from tests.engine.handmade import made_by_hand


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return made_by_hand(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def engine(release: Release) -> Iterator[EmbeddedEngine]:
    opened = open_engine(Settings(), release)
    yield opened
    opened.close()
