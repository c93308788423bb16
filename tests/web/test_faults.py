"""Things that break at bad moments, in a real server: what clients see is the documented answer.

The table of failures in docs/conformance.md names these tests.
"""

import contextlib
import http.client
import json
import os
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kmn_ld import releases
from tests.engine.waiting import is_running
from tests.web import made_up
from tests.web.served import PATIENCE, Served, answers, serving, until

SMALL = "/sparql?query=ASK%7B%7D&format=json"
CROSS = "/sparql?query=SELECT+*+%7B%3Fa+%3Fb+%3Fc+.+%3Fd+%3Fe+%3Ff%7D&format=json"
"""Every pair of statements: some megabytes."""
FLOOD = CROSS.replace("%7D", "+.+%3Fg+%3Fh+%3Fi%7D")
"""Every three of them: flows until a limit ends it."""
ENDLESS = (
    "/sparql?query=SELECT(COUNT(*)AS%3Fn)%7B%3Fa%3Fb%3Fc.%3Fd%3Fe%3Ff.%3Fg%3Fh%3Fi."
    "%3Fj%3Fk%3Fl.%3Fm%3Fn1%3Fo%7D"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "releases").mkdir()
    many = " ".join(f'<id/region/r{number}> skos:note "{number}" .' for number in range(120))
    made_up.write(tmp_path / "releases", more=many)
    return tmp_path / "releases"


def test_before_its_answer_a_worker_that_dies_is_503_and_the_next_query_is_answered(
    folder, tmp_path
):
    with serving(folder, tmp_path / "tmp") as served, _asked(served, ENDLESS) as asked:
        assert until(lambda: _takes_time(served))
        _kill(_workers(served))
        status, problem = asked.result()
        assert (status, problem["type"].rpartition(":")[2]) == (503, "query-memory")
        assert served.get(SMALL)[0] == 200


def test_while_its_answer_is_spooled_a_worker_that_dies_is_503_and_nothing_of_it_stays(
    folder, tmp_path
):
    with serving(folder, tmp_path / "tmp") as served:
        at_rest = served.disk_used()
        with _asked(served, FLOOD) as asked:
            assert until(lambda: served.disk_used() > at_rest + 2**20)
            _kill(_workers(served))
            status, problem = asked.result()
        assert (status, problem["status"]) == (503, 503)
        assert until(lambda: served.disk_used() == at_rest)
        assert served.get(SMALL)[0] == 200


def test_while_its_answer_is_sent_a_worker_that_dies_is_not_noticed(folder, tmp_path):
    with serving(folder, tmp_path / "tmp") as served:
        whole = len(served.get(CROSS)[1])
        with contextlib.closing(served.connect()) as connection:
            connection.request("GET", CROSS)
            response = connection.getresponse()
            _kill(_workers(served))
            assert len(response.read()) == whole == int(response.headers["Content-Length"])


@pytest.mark.parametrize("target", [ENDLESS, FLOOD])
def test_while_a_query_runs_a_server_process_that_dies_ends_the_connection_without_an_answer(
    folder, tmp_path, target
):
    with serving(folder, tmp_path / "tmp") as served:
        (process,) = _children(served.process.pid)
        with contextlib.closing(served.connect()) as connection:
            connection.request("GET", target)
            assert until(lambda: _takes_time(served))
            workers = _workers(served)
            os.kill(process, signal.SIGKILL)
            with pytest.raises((http.client.HTTPException, ConnectionError)):
                connection.getresponse()
        assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
        assert until(lambda: answers(served))
        assert served.get(SMALL)[0] == 200


@pytest.mark.parametrize("target", [ENDLESS, FLOOD])
def test_while_a_query_runs_a_server_that_dies_ends_the_connection_and_all_that_it_started(
    folder, tmp_path, target
):
    with serving(folder, tmp_path / "tmp") as served:
        with contextlib.closing(served.connect()) as connection:
            connection.request("GET", target)
            assert until(lambda: _takes_time(served))
            started = _descendants(served.process.pid)
            os.kill(served.process.pid, signal.SIGKILL)
            with pytest.raises((http.client.HTTPException, ConnectionError)):
                connection.getresponse()
        assert len(started) >= 2
        assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))


@pytest.mark.parametrize("killed", ["server", "server process"])
def test_while_an_answer_is_sent_a_server_that_dies_leaves_a_part_that_is_known_as_one(
    folder, tmp_path, killed
):
    with serving(folder, tmp_path / "tmp") as served:
        (process,) = _children(served.process.pid)
        with contextlib.closing(served.stall(CROSS)) as stalled:
            head = stalled.recv(4096)
            os.kill(served.process.pid if killed == "server" else process, signal.SIGKILL)
            rest = _read_to_its_end(stalled)
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        assert len(rest) < length
        assert until(lambda: not Path(f"/proc/{process}").exists())


def test_without_the_folder_of_its_release_what_is_in_memory_answers_and_the_rest_is_503(
    folder, tmp_path
):
    with serving(folder, tmp_path / "tmp") as served:
        assert served.get(SMALL)[0] == 200
        shutil.rmtree((folder / "current").resolve())
        assert served.get("/sparql?query=ASK%7B%3Fs%3Fp%3Fo%7D")[0] == 200
        assert served.get("/doc/network.ttl")[0] == 200
        workers = _workers(served)
        _kill(workers)
        assert until(lambda: not any(map(is_running, workers)))
        status, body = served.get("/sparql?query=ASK%7B%3Fa%3Fb%3Fc%7D")
        assert (status, json.loads(body)["type"].rpartition(":")[2]) == (503, "worker-start")
        assert served.get("/health/ready")[0] == 503
        assert served.get("/doc/region/r1.ttl")[0] == 200
        made_up.write(folder, more="<id/region/neu> a kmn:RegionalAssociation .")
        assert until(lambda: served.get("/doc/region/neu.ttl")[0] == 200)
        assert until(lambda: served.get(SMALL)[0] == 200)


def test_without_the_folder_of_a_release_on_disk_open_files_answer(folder, tmp_path):
    with serving(folder, tmp_path / "tmp", memory_triples=0) as served:
        assert served.get(SMALL)[0] == 200
        shutil.rmtree(releases.current(folder).folder)
        status, body = served.get("/sparql?query=ASK%7B%3Fs%3Fp%3Fo%7D")
        assert (status, json.loads(body)["boolean"]) == (200, True)
        assert served.get("/doc/network.ttl")[0] == 200


def test_without_the_folder_for_results_small_ones_are_answered_and_large_ones_are_503(
    folder, tmp_path
):
    with serving(folder, tmp_path / "tmp") as served:
        (runtime,) = served.temporary.iterdir()
        shutil.rmtree(runtime)
        status, body = served.get(CROSS)
        assert (status, json.loads(body)["status"]) == (503, 503)
        assert served.get(SMALL)[0] == 200


def test_a_client_that_leaves_in_the_midst_of_its_query_leaves_nothing_behind(folder, tmp_path):
    with serving(folder, tmp_path / "tmp", query_seconds=2) as served:
        at_rest = served.disk_used()
        connection = served.connect()
        connection.request("GET", FLOOD)
        assert until(lambda: served.disk_used() > at_rest)
        connection.close()
        assert until(lambda: served.disk_used() == at_rest)
        assert until(lambda: len(_workers(served)) == 1)


@contextlib.contextmanager
def _asked(served: Served, target: str):
    """Ask in a thread; what comes is status and problem document."""
    with ThreadPoolExecutor(1) as threads:

        def ask():
            status, body = served.get(target)
            return status, json.loads(body)

        yield threads.submit(ask)


def _children(pid: int) -> list[int]:
    try:
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _descendants(pid: int) -> list[int]:
    """Return children of any thread of a process, and theirs."""
    with contextlib.suppress(OSError):
        texts = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
        below = [int(child) for text in texts for child in text.split()]
        return [*below, *(deep for child in below for deep in _descendants(child))]
    return []


def _workers(served: Served) -> list[int]:
    """Return the query workers of all server processes that are no zombies."""
    found = []
    for pid in _descendants(served.process.pid):
        with contextlib.suppress(OSError):
            if b"kmn_ld.engine.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def _takes_time(served: Served) -> bool:
    """Whether a worker has been busy for a while: half a second of processor time."""
    ticks = [0]
    for pid in _workers(served):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks.append(int(fields[11]) + int(fields[12]))
    return max(ticks) > os.sysconf("SC_CLK_TCK") * 0.8


def _kill(pids: list[int]) -> None:
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def _read_to_its_end(connection) -> bytes:
    parts = []
    connection.settimeout(PATIENCE)
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)
