"""Queries to another engine that take long, and leave room for others."""

from concurrent.futures import ThreadPoolExecutor, as_completed

import pytest

from kmn_ld.engine import PublicQuery, open_engine
from kmn_ld.errors import EngineError, TooManyQueries
from tests.engine.scripted import answering, holding, reply

PART = """\
HTTP/1.1 200 OK\r
Content-Type: application/n-triples\r
Content-Length: 99\r
\r
<x:a> """


@pytest.mark.clause("Limits: fair share")
@pytest.mark.parametrize("start", ["", PART], ids=["nothing", "a part"])
def test_slow_queries_to_another_engine_leave_a_slot_for_short_ones(
    release, tmp_path, monkeypatch, start
):
    monkeypatch.setattr("kmn_ld.engine.remote.SHORT_SECONDS", 0.1)
    kept = []

    def slow(connection, server):
        connection.sendall(start.encode())
        kept.append(connection.dup())  # and no end

    def script(connection, server):
        short = reply("", kind="application/n-triples")
        (slow if b"slow" in server.asked[-1] else short)(connection, server)

    with answering(holding(release.id, script)) as server, ThreadPoolExecutor(2) as threads:
        engine = open_engine(server.settings(query_workers=2, query_seconds=30), release, tmp_path)

        def ask(name, client):
            query = PublicQuery(f"CONSTRUCT WHERE {{ ?{name} ?p ?o }}", (), ("nt",))
            return engine.answer(query, client)

        running = [threads.submit(ask, "slow", f"192.0.2.{number}") for number in (1, 2)]
        refused = next(as_completed(running))
        other = running[running.index(refused) - 1]
        with pytest.raises(TooManyQueries, match="too-many-long-queries"):
            refused.result()
        assert ask("short", "192.0.2.3").form == "graph"
        assert not other.done()
        for connection in kept:
            connection.close()
        with pytest.raises(EngineError, match="remote-cut"):
            other.result()
        engine.close()
