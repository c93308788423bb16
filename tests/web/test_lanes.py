import asyncio
import threading

import pytest

from kmn_ld.web.front import Limits
from kmn_ld.web.lanes import Lane
from tests.web.fronting import Wsgi, around, held


def test_beyond_threads_and_queue_the_answer_is_503_at_once(runner):
    wsgi = Wsgi(status="503 Service Unavailable")
    limits = Limits(threads=2, query_threads=1, waiting=0)
    asgi = around(wsgi, runner, limits)

    async def one_more():
        return await asgi.request("GET", "/c")

    runner.run(held(asgi, wsgi, ["/a", "/b"], one_more))
    assert [error.key for error in _errors(wsgi)] == ["server-busy"]


def _errors(wsgi):
    return [entry["kmn_ld.error"] for entry in wsgi.environs if "kmn_ld.error" in entry]


@pytest.mark.parametrize(
    "spelling", ["/sparql?query=x", "/%73parql?query=y", "/sparql/x", "/queries/x.csv?a=b"]
)
def test_queries_hold_only_their_own_threads(runner, spelling):
    wsgi = Wsgi()
    asgi = around(wsgi, runner)

    async def hold():
        wsgi.held.clear()
        first = asyncio.ensure_future(asgi.request("GET", spelling))
        await asyncio.to_thread(wsgi.entered.acquire, timeout=10)
        await asgi.request("GET", "/sparql?query=z")
        refused = len(_errors(wsgi))
        document = asyncio.ensure_future(asgi.request("GET", "/doc/network"))
        await asyncio.to_thread(wsgi.entered.acquire, timeout=10)
        await asyncio.to_thread(wsgi.entered.acquire, timeout=10)
        wsgi.held.set()
        await asyncio.gather(first, document)
        return refused

    assert runner.run(hold()) == 1
    assert [entry["PATH_INFO"] for entry in wsgi.environs][-1] == "/doc/network"


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/health"])
def test_health_answers_whatever_the_documents_lane_does(runner, path):
    wsgi = Wsgi()
    limits = Limits(threads=1, query_threads=1, waiting=0)
    asgi = around(wsgi, runner, limits)

    async def ask_for_health():
        health = asyncio.ensure_future(asgi.request("GET", path))
        assert await asyncio.to_thread(wsgi.entered.acquire, timeout=10)
        wsgi.held.set()
        return await health

    assert runner.run(held(asgi, wsgi, ["/a"], ask_for_health)).status == 200
    assert _errors(wsgi) == []


def test_a_refusal_is_written_in_a_thread_of_its_own(runner):
    threads = []

    def wsgi(environ, start_response):
        threads.append(threading.current_thread().name)
        start_response("413 Content Too Large", [])
        return [b""]

    assert around(wsgi, runner).post("/a", b"x" * 1001).status == 413
    assert threads == ["refusals_0"]


def test_where_even_refusals_are_too_many_the_answer_is_503_without_flask(runner, monkeypatch):
    monkeypatch.setattr(Lane, "is_full", True)
    wsgi = Wsgi()
    sent = around(wsgi, runner).get("/a")
    assert (sent.status, sent.headers["retry-after"], sent.body) == (503, "5", b"")
    assert wsgi.environs == []


def test_a_lane_counts_what_runs_and_what_waits(runner):
    lane = Lane("documents", threads=1, waiting=1)
    release = threading.Event()

    async def fill():
        one = asyncio.ensure_future(lane.run(release.wait, 10))
        await asyncio.sleep(0)
        assert not lane.is_full
        other = asyncio.ensure_future(lane.run(release.wait, 10))
        await asyncio.sleep(0)
        assert lane.is_full
        release.set()
        await asyncio.gather(one, other)
        assert not lane.is_full

    runner.run(fill())
    lane.close()
