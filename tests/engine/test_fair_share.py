"""Many queries at once, in real workers: who asks much leaves room for who asks little."""

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from time import monotonic

import pytest

from kmn_ld.engine.limits import Limits
from kmn_ld.errors import QueryTimeout, TooManyQueries
from tests.engine.asking import ask
from tests.engine.handmade import ENDLESS, EX
from tests.engine.waiting import eventually, is_ready, is_refused, nice_values

LONG = (
    f"SELECT (COUNT(*) AS ?n) {{ ?a <{EX}p> ?b . ?c <{EX}p> ?d . ?e <{EX}p> ?f FILTER(?b < ?f) }}"
)
MANY = f"SELECT * {{ ?a <{EX}p> ?b . ?c <{EX}p> ?d }}"


def test_a_query_that_takes_long_yields_to_others(make):
    pool = make(query_seconds=5)
    ask(pool, "ASK {}")
    [worker] = pool.process_ids()
    assert nice_values(worker) == {0}
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(ask, pool, ENDLESS)
        assert eventually(lambda: 19 in nice_values(worker), seconds=4)
        assert isinstance(running.exception(), QueryTimeout)


@pytest.mark.clause("Limits: fair share")
def test_heavy_queries_of_many_addresses_leave_a_slot_for_short_ones(make):
    pool = make(query_workers=2, query_seconds=60)
    with ThreadPoolExecutor(2) as threads:
        heavy = threads.submit(ask, pool, ENDLESS, "192.0.2.1")
        assert eventually(lambda: any(nice_values(pid) == {0, 19} for pid in pool.process_ids()))
        second = threads.submit(ask, pool, ENDLESS, "192.0.2.2")
        refused = next(f for f in as_completed([heavy, second]) if f.exception())
        with pytest.raises(TooManyQueries, match="too-many-long-queries"):
            refused.result()
        assert ask(pool, "ASK {}", "192.0.2.3").form == "boolean"
        assert not (second if refused is heavy else heavy).done()
        for pid in pool.process_ids():
            os.kill(pid, signal.SIGKILL)


@pytest.mark.clause("Limits: fair share")
def test_a_long_query_alone_runs_to_its_deadline(make, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kmn_ld.engine.turn.SHORT_SECONDS", 0.0)
    pool = make(query_seconds=2)
    assert eventually(lambda: is_ready(pool))
    assert ask(pool, MANY).form == "solutions"
    with pytest.raises(QueryTimeout):
        ask(pool, ENDLESS)


def test_the_query_after_a_long_one_has_its_full_rank_in_the_same_worker(make):
    pool = make()
    ask(pool, "ASK {}")
    before = pool.process_ids()
    assert ask(pool, LONG).seconds > 0.1
    assert ask(pool, "ASK {}").body
    assert pool.process_ids() == before
    assert eventually(lambda: nice_values(before[0]) == {0})


def test_a_client_over_its_limit_is_refused_while_another_is_answered(make):
    pool = make(queries_per_client=1, query_seconds=3)
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(ask, pool, ENDLESS, "192.0.2.1")
        assert eventually(lambda: is_refused(pool, "192.0.2.1"))
        assert ask(pool, "ASK {}", "192.0.2.2").body
        assert isinstance(running.exception(), QueryTimeout)
    assert ask(pool, "ASK {}", "192.0.2.1").body


def test_limits_hold_over_all_processes_of_a_service(
    make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("kmn_ld.engine.turn.SHORT_SECONDS", 60)
    one, other = make(query_workers=2, query_seconds=3), make(query_workers=2, query_seconds=3)
    watcher = Limits(tmp_path, total=2, per_client=2)
    with ThreadPoolExecutor(2) as threads:
        running = [
            threads.submit(ask, one, ENDLESS, "192.0.2.1"),
            threads.submit(ask, other, ENDLESS, "192.0.2.2"),
        ]
        assert eventually(lambda: is_full(watcher))
        monkeypatch.setattr("kmn_ld.engine.limits._WAIT", 0.01)
        assert is_refused(one, "192.0.2.3")
        assert is_refused(other, "192.0.2.3")
        assert all(isinstance(query.exception(), QueryTimeout) for query in running)
    watcher.close()


def is_full(limits: Limits) -> bool:
    try:
        with limits.slot("192.0.2.9", monotonic()):
            return False
    except TooManyQueries:
        return True


def test_many_clients_are_served_at_once(make):
    pool = make()
    texts = [f"SELECT ?o {{ <{EX}n{number}> <{EX}p> ?o }}" for number in range(120)]
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda text: ask(pool, text, text[14:40]), texts))
    values = [json.loads(answer.body)["results"]["bindings"][0]["o"]["value"] for answer in answers]
    assert values == [f"{number:0100}" for number in range(120)]
