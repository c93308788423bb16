"""One server for the tests of a process.

`pytest tests/fuzz --hypothesis-profile=long` sends ever new inputs, and more of them.
"""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.fuzz.service import Fuzzed, fuzzed

settings.register_profile("long", max_examples=50_000, database=None, print_blob=True)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    with fuzzed(tmp_path_factory.mktemp("fuzz")) as opened:
        yield opened
