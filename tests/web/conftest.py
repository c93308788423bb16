import asyncio

import pytest

from tests.web.fronting import around


@pytest.fixture
def runner():
    with asyncio.Runner() as opened:
        yield opened


@pytest.fixture
def asgi(app, runner):
    """The real application behind the front layer."""
    return around(app, runner)
