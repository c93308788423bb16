"""A query's turn as an event loop takes it: what it waits for itself, and what a thread does."""

import asyncio
import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic

import pytest

from kmn_ld.engine import PublicAnswer, PublicQuery
from kmn_ld.engine.limits import Limits
from kmn_ld.engine.pool import Pool
from kmn_ld.engine.tally import Tally
from kmn_ld.errors import (
    EngineError,
    QueryOutOfMemory,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
    TooManyQueries,
)
from kmn_ld.formats import GRAPHS, SOLUTIONS
from tests.engine.asking import ask
from tests.engine.handmade import ENDLESS, EX
from tests.engine.waiting import eventually, is_ready

CLIENT = "192.0.2.1"
SMALL = f"SELECT ?o {{ <{EX}n1> <{EX}p> ?o }}"
LARGE = f"SELECT * {{ ?a <{EX}p> ?b . ?c <{EX}p> ?d }}"


def begin(pool: Pool, text: str, client: str = CLIENT):
    return pool.begin(PublicQuery(text, SOLUTIONS, GRAPHS), client)


class Threads:
    """Notes what is called in a thread."""

    def __init__(self) -> None:
        self.calls = 0

    async def __call__(self, wait) -> PublicAnswer:
        self.calls += 1
        return await asyncio.to_thread(wait)


def answered(pool: Pool, text: str, threads: Threads | None = None) -> PublicAnswer:
    return asyncio.run(begin(pool, text).answer(threads or Threads()))


@pytest.fixture
def pool(make) -> Pool:
    made = make(query_seconds=3)
    assert eventually(lambda: is_ready(made))
    return made


def assert_everything_is_given_back(pool: Pool, folder) -> None:
    """A client may have all its slots again, and a worker answers."""
    watcher = Limits(folder, total=4, per_client=2)
    with watcher.slot(CLIENT, monotonic()), watcher.slot(CLIENT, monotonic()):
        pass
    watcher.close()
    assert not list(folder.glob("result-*"))
    assert ask(pool, "ASK {}").body


def test_a_small_result_needs_no_thread(pool):
    threads = Threads()
    answer = answered(pool, SMALL, threads)
    assert threads.calls == 0
    same = ask(pool, SMALL)
    assert (answer.body, answer.digest, answer.format) == (same.body, same.digest, same.format)
    assert len(json.loads(answer.body)["results"]["bindings"]) == 1


def test_a_failure_of_the_query_needs_no_thread(pool):
    threads = Threads()
    with pytest.raises(QuerySyntaxError):
        answered(pool, "SELECT", threads)
    assert threads.calls == 0


def test_a_large_result_is_whole_and_is_collected_in_a_thread(pool):
    threads = Threads()
    answer = answered(pool, LARGE, threads)
    assert threads.calls == 1
    assert answer.path is not None
    assert answer.path.stat().st_size == answer.length > 2**20
    assert answer.digest == ask(pool, LARGE).digest


def test_a_query_that_takes_long_is_watched_by_a_thread_to_its_deadline(pool, tmp_path):
    threads = Threads()
    with pytest.raises(QueryTimeout):
        answered(pool, ENDLESS, threads)
    assert threads.calls == 1
    assert_everything_is_given_back(pool, tmp_path)


def test_a_worker_that_dies_while_the_loop_waits_is_the_documented_error(pool, tmp_path):
    async def killed() -> PublicAnswer:
        asked = asyncio.ensure_future(begin(pool, ENDLESS).answer(Threads()))
        await asyncio.sleep(0)  # to where it waits
        for pid in pool.process_ids():
            os.kill(pid, signal.SIGKILL)
        return await asked

    with pytest.raises(QueryOutOfMemory):
        asyncio.run(killed())
    assert_everything_is_given_back(pool, tmp_path)


def test_a_client_that_is_given_up_leaves_nothing_behind(pool, tmp_path):
    async def cancelled() -> None:
        asked = asyncio.ensure_future(begin(pool, ENDLESS).answer(Threads()))
        await asyncio.sleep(0)
        asked.cancel()
        await asked

    before = pool.process_ids()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
    assert eventually(lambda: not set(before) & set(pool.process_ids()))
    assert_everything_is_given_back(pool, tmp_path)


def test_who_is_given_up_while_waiting_for_a_worker_leaves_the_queue(pool, tmp_path):
    async def cancelled() -> None:
        first = asyncio.ensure_future(begin(pool, ENDLESS).answer(Threads()))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(begin(pool, SMALL).answer(Threads()))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        first.cancel()
        await first

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
    assert_everything_is_given_back(pool, tmp_path)


def test_a_result_beyond_the_limit_is_refused_wherever_it_is_noticed(make, tmp_path):
    pool = make(result_max_bytes=50)
    assert eventually(lambda: is_ready(pool))
    with pytest.raises(ResultTooLarge):
        answered(pool, SMALL)
    watcher = Limits(tmp_path, total=4, per_client=2)
    with watcher.slot(CLIENT, monotonic()):
        watcher.close()


def test_queries_that_come_together_wait_for_the_one_worker_without_threads(pool):
    threads = Threads()

    async def together() -> list[PublicAnswer]:
        clients = [f"192.0.2.{number}" for number in range(3)]
        return await asyncio.gather(*[begin(pool, SMALL, c).answer(threads) for c in clients])

    before = pool.process_ids()
    assert len({answer.digest for answer in asyncio.run(together())}) == 1
    assert threads.calls == 0
    assert pool.process_ids() == before


def test_a_busy_worker_is_waited_for_by_a_thread_and_another_one_started(pool):
    threads = Threads()

    async def beside() -> PublicAnswer:
        endless = asyncio.ensure_future(begin(pool, ENDLESS).answer(Threads()))
        await asyncio.sleep(0)
        answer = await begin(pool, SMALL, "192.0.2.2").answer(threads)
        with pytest.raises(QueryTimeout):
            await endless
        return answer

    assert asyncio.run(beside()).body
    assert threads.calls == 1


def test_a_worker_that_is_still_starting_is_waited_for_by_a_thread(make):
    pool, threads = make(), Threads()
    assert answered(pool, SMALL, threads).body
    assert threads.calls == 1


def test_a_worker_that_cannot_start_is_told_each_time(make, release, tmp_path):
    gone = replace(release, folder=tmp_path / "gone")
    pool = make(gone)
    for _ in range(3):
        with pytest.raises(EngineError, match="worker-start"):
            answered(pool, SMALL)


def test_without_a_free_slot_nothing_is_begun_and_nothing_is_counted(make, tmp_path):
    pool = make(query_workers=1)
    other = Limits(tmp_path, total=1, per_client=1)
    with other.slot("192.0.2.9", monotonic()):
        assert begin(pool, SMALL) is None
    other.close()
    assert Tally(tmp_path).totals().get(("queries", "unknown", "429"), 0) == 0
    assert begin(pool, "ASK { " + "#" * 10_000 + "\n}") is None
    assert answered(pool, SMALL).body
    assert Tally(tmp_path).totals()["queries", "solutions", "200"] == 1


def test_a_client_that_has_its_slots_waits_in_a_thread(pool):
    async def third() -> None:
        asked = [asyncio.ensure_future(begin(pool, ENDLESS).answer(Threads())) for _ in range(2)]
        assert begin(pool, SMALL) is None
        for each in asked:
            each.cancel()
        await asyncio.gather(*asked, return_exceptions=True)

    asyncio.run(third())


def test_a_client_whose_long_query_gave_way_is_refused_at_once(pool, tmp_path):
    other = Limits(tmp_path, total=4, per_client=2)
    with pytest.raises(TooManyQueries), other.slot(CLIENT, monotonic()):
        raise TooManyQueries("too-many-long-queries")
    with pytest.raises(TooManyQueries, match="too-soon"):
        begin(pool, SMALL)
    other.close()


def test_a_closed_pool_begins_nothing(make):
    pool = make()
    pool.close()
    with pytest.raises(EngineError, match="engine-closed"):
        begin(pool, SMALL)


def test_loop_and_threads_may_ask_at_once(pool):
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(lambda: [ask(pool, SMALL, "192.0.2.7").digest for _ in range(50)])
        mine = [answered(pool, SMALL).digest for _ in range(50)]
        assert set(mine) == set(asked.result())
