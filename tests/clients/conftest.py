"""A server of the shipped data, for clients from outside."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kmn_ld import releases
from kmn_ld.releases import Release
from tests.web.served import serving


@pytest.fixture(scope="package")
def built(shipped: Release) -> Path:
    """A folder with a release of the shipped sources."""
    return shipped.folder.parent


@pytest.fixture(scope="package")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the release."""
    with serving(built, tmp_path_factory.mktemp("served") / "temporary") as served:
        yield f"http://127.0.0.1:{served.port}"


@pytest.fixture(scope="package")
def release(built: Path) -> str:
    """The id of the release."""
    return releases.current(built).id
