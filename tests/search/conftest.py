import pytest

from tests.search import made_up


@pytest.fixture(scope="package")
def index(tmp_path_factory):
    """An index over the made-up things."""
    return made_up.write(tmp_path_factory.mktemp("search") / "search.sqlite")
