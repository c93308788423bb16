import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kmn_ld.engine import open_engine, remote_patience
from kmn_ld.engine.remote_patience import Patience
from kmn_ld.errors import EngineError
from tests.engine.handmade import made_by_hand
from tests.engine.scripted import answering, holding, reply, trickle


@pytest.mark.parametrize("key", ["query-timeout", "remote-away"])
def test_after_an_engine_was_away_nothing_is_asked_for_a_while(monkeypatch, key):
    monkeypatch.setattr(remote_patience, "_PAUSE", 0.2)
    patience = Patience()
    with pytest.raises(EngineError), patience.asking():
        raise EngineError(key)
    with pytest.raises(EngineError) as caught, patience.asking():
        pytest.fail("it was asked")
    assert (caught.value.key, caught.value.status) == ("remote-away", 503)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            with patience.asking():
                return
        except EngineError:
            continue
    pytest.fail("it was not asked again")


def test_another_error_of_a_query_stops_no_other():
    patience = Patience()
    with pytest.raises(EngineError), patience.asking():
        raise EngineError("remote-own-query")
    with patience.asking():
        pass


def test_an_engine_that_never_answers_holds_few_threads_and_not_for_long(tmp_path, monkeypatch):
    monkeypatch.setattr(remote_patience, "_WAIT", 0.05)
    release = made_by_hand(tmp_path / "release")
    stalled = holding(release.id, trickle("", "X"))
    with answering(stalled) as server, ThreadPoolExecutor(8) as threads:
        engine = open_engine(server.settings(query_seconds=1), release, tmp_path)
        asked = [threads.submit(engine.rows, "SELECT ?x { ?x ?y ?z }") for _ in range(8)]
        errors = sorted(future.exception().key for future in asked)
        assert errors.count("query-timeout") <= 3
        assert set(errors) == {"query-timeout", "remote-away"}
        started = time.monotonic()
        with pytest.raises(EngineError):
            engine.rows("SELECT ?x { ?x ?y ?z }")
        assert time.monotonic() - started < 0.5
        engine.close()


def test_what_an_engine_refuses_of_ours_is_no_fault_of_a_visitors(tmp_path):
    release = made_by_hand(tmp_path / "release")
    refusing = holding(release.id, reply("Too long", status="400 Bad", kind="text/plain"))
    with answering(refusing) as server:
        engine = open_engine(server.settings(), release, tmp_path)
        with pytest.raises(EngineError) as caught:
            engine.rows("SELECT ?x { ?x ?y ?z }")
        engine.close()
    assert (caught.value.key, caught.value.status) == ("remote-own-query", 503)
    assert caught.value.details == {"reason": "Too long"}
