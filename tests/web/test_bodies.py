import asyncio

import pytest

from kmn_ld.web import bodies
from kmn_ld.web.front import Limits
from tests.web.fronting import Wsgi, around


@pytest.mark.parametrize(
    ("pieces", "headers"),
    [((b"x" * 1001,), {}), ((b"x" * 600, b"x" * 600), {}), ((), {"Content-Length": "1001"})],
)
def test_a_body_over_the_limit_is_413_in_the_shape_of_every_error(asgi, pieces, headers):
    sent = asgi.post("/sparql", *pieces, headers=headers)
    assert sent.status == 413
    assert sent.headers["content-type"] == "application/problem+json"
    assert b"1000" in sent.body


def test_people_get_a_page_from_the_front_layer_too(asgi):
    sent = asgi.post("/sparql", b"x" * 1001, headers={"Accept": "text/html"})
    assert sent.status == 413
    assert sent.headers["content-type"].startswith("text/html")


def test_a_body_of_just_the_limit_is_taken(runner):
    wsgi = Wsgi()
    assert around(wsgi, runner).post("/a", b"x" * 1000).status == 200


def test_a_body_that_breaks_off_is_a_bad_request(asgi):
    sent = asgi.post("/sparql", b"x", cut=True)
    assert sent.status == 400
    assert b":body-broken" in sent.body


def test_a_body_that_does_not_arrive_in_time_is_an_error(asgi, runner, monkeypatch):
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.01)

    async def stalled():
        sent = []

        async def receive():
            await asyncio.Event().wait()

        async def send(message):
            sent.append(message)

        scope = {"path": "/sparql", "raw_path": b"/sparql", "query_string": b"", "method": "POST"}
        rest = {"type": "http", "headers": [], "scheme": "http", "http_version": "1.1"}
        await asgi.application({**scope, **rest}, receive, send)
        return sent

    assert runner.run(stalled())[0]["status"] == 408


def test_all_bodies_together_are_bounded_and_free_again_afterwards(runner):
    wsgi = Wsgi()
    limits = Limits(body_bytes=1000, all_bodies_bytes=1500)
    asgi = around(wsgi, runner, limits)

    async def two_at_once():
        wsgi.held.clear()
        first = asyncio.ensure_future(asgi.request("POST", "/a", (b"x" * 1000,)))
        assert await asyncio.to_thread(wsgi.entered.acquire, timeout=10)
        await asgi.request("POST", "/b", (b"x" * 600,))
        wsgi.held.set()
        await first
        await asgi.request("POST", "/c", (b"x" * 1000,))

    runner.run(two_at_once())
    errors = [getattr(entry.get("kmn_ld.error"), "key", "") for entry in wsgi.environs]
    assert errors == ["", "server-busy", ""]


def test_a_body_of_a_client_that_left_counts_no_more(runner):
    asgi = around(Wsgi(), runner)
    asgi.post("/a", b"x" * 900, cut=True)
    assert asgi.application._bodies.held == 0
