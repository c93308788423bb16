import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic

import pytest

from kmn_ld import releases
from kmn_ld.config import Settings
from kmn_ld.errors import BuildError, ConfigError, EngineError, LedgerError
from kmn_ld.web import serving as serving_module
from kmn_ld.web.serving import STOP_SECONDS, Loader, limits, serve
from tests.web import made_up
from tests.web.served import PATIENCE, answers, free_port, serving, start, until

CROSS = "/sparql?query=SELECT+*+%7B%3Fa+%3Fb+%3Fc+.+%3Fd+%3Fe+%3Ff%7D&format="
MEBIBYTE = 1024 * 1024
FAST = 3.0
"""Seconds within which a document must answer, on a machine that others use too."""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "releases").mkdir()
    many = " ".join(f'<id/region/r{number}> skos:note "{number}" .' for number in range(120))
    made_up.write(tmp_path / "releases", more=many, padding=12_000_000)
    return tmp_path / "releases"


def test_the_loader_travels_to_another_process():
    loader = Loader(Settings(port=8100), Path("runtime"))
    assert pickle.loads(pickle.dumps(loader)) == loader


def test_bodies_are_bounded_by_the_longest_query_in_its_longest_encoding():
    assert limits(Settings(query_max_bytes=1000)).body_bytes == 3000 + 64 * 1024


def test_without_a_release_nothing_is_served(tmp_path):
    with pytest.raises(BuildError):
        serve(Settings(releases=tmp_path))


def _remove_the_content(release):
    release.path(releases.CONTENT).unlink()


def _cut_the_content(release):
    release.path(releases.CONTENT).write_bytes(b"<a:a> <a:")


def _spoil_the_ledger(release):
    release.path(releases.LEDGER).write_text("nonsense\n", encoding="utf-8")


def _spoil_the_manifest(release):
    release.path(releases.MANIFEST).write_text("{}", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (_remove_the_content, EngineError),
        (_cut_the_content, EngineError),
        (_spoil_the_ledger, LedgerError),
        (_spoil_the_manifest, BuildError),
    ],
)
def test_a_release_that_cannot_be_opened_is_a_clear_error(folder, spoil, error):
    spoil(releases.current(folder))
    announced = []
    with pytest.raises(error) as caught:
        serve(Settings(releases=folder, port=free_port()), announced.append)
    assert caught.value.exit_code == 1
    assert announced == []


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"x")])
def test_a_damaged_store_on_disk_is_a_clear_error(folder, damage):
    tables = sorted(releases.current(folder).path(releases.STORE).glob("*.sst"))
    damage(tables[0])
    with pytest.raises(EngineError) as caught:
        serve(Settings(releases=folder, port=free_port(), memory_triples=0))
    assert caught.value.key == "store-unreadable"


def test_a_release_that_kills_who_opens_it_is_a_clear_error(folder, monkeypatch):
    monkeypatch.setattr(serving_module, "open_store", lambda *_: os._exit(9))
    with pytest.raises(EngineError) as caught:
        serve(Settings(releases=folder, port=free_port()))
    assert caught.value.details["reason"] == "crash"


def test_a_taken_port_is_a_clear_error(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError) as caught:
            serve(Settings(releases=folder, port=port))
    assert caught.value.key == "port-taken"
    assert caught.value.details["port"] == port


def test_a_server_answers_and_leaves_nothing_behind(folder, tmp_path):
    with serving(folder, tmp_path / "tmp", workers=2) as served:
        assert served.get("/doc/network.ttl")[0] == 200
        assert served.get(CROSS + "csv")[0] == 200
        assert served.get("/dump/padding.nt") == (200, b"#" * 11_999_999 + b"\n")
        assert list(served.temporary.iterdir()) != []
        assert served.stop() == 0
        assert list(served.temporary.iterdir()) == []


_SLOW = """
import sys, threading
from pathlib import Path
from kmn_ld.config import Settings
from kmn_ld.web import serving

def load(settings, spool):
    (spool / "loading").touch()
    threading.Event().wait()

serving.load = load
serving.serve(Settings(releases=Path(sys.argv[1]), port=int(sys.argv[2]), workers=1))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_still_loading_stops_at_once(folder, tmp_path, number):
    (tmp_path / "tmp").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOW, str(folder), str(free_port())],
        env={"TMPDIR": str(tmp_path / "tmp")},
        start_new_session=True,
    )
    assert until(lambda: list(tmp_path.glob("tmp/*/loading")))
    before = monotonic()
    os.killpg(process.pid, number)
    assert process.wait(PATIENCE) in {0, 1}
    assert monotonic() - before < STOP_SECONDS / 2
    assert list((tmp_path / "tmp").iterdir()) == []


def _server_processes(served):
    path = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children")
    return [int(child) for child in path.read_text().split()]


def test_a_server_process_that_is_killed_is_replaced(folder, tmp_path):
    with serving(folder, tmp_path / "tmp", workers=1) as served:
        (killed,) = _server_processes(served)
        os.kill(killed, signal.SIGKILL)
        assert until(lambda: _server_processes(served) not in ([], [killed]))
        assert until(lambda: answers(served))


def test_hanging_up_replaces_the_server_processes_and_drops_no_request(folder, tmp_path):
    with serving(folder, tmp_path / "tmp", workers=1) as served:
        (before,) = _server_processes(served)
        served.process.send_signal(signal.SIGHUP)
        statuses = []

        def is_replaced():
            statuses.append(served.get("/doc/network.ttl")[0])
            return before not in _server_processes(served)

        assert until(is_replaced)
        assert set(statuses) == {200}


def test_killing_the_server_ends_its_processes_and_the_next_removes_its_folder(folder, tmp_path):
    with serving(folder, tmp_path / "tmp", workers=1) as served:
        (child,) = _server_processes(served)
        (left,) = served.temporary.iterdir()
        served.process.kill()
        assert until(lambda: not Path(f"/proc/{child}").exists())
    with serving(folder, tmp_path / "tmp", workers=1) as served:
        assert left not in list(served.temporary.iterdir())


def test_a_second_server_does_not_share_the_port(folder, tmp_path):
    with serving(folder, tmp_path / "tmp") as served:
        second = start(folder, served.port, tmp_path / "tmp")
        assert "port-taken" in second.communicate(timeout=20)[1]
        assert second.returncode == 1


def test_a_new_release_is_picked_up_and_no_request_is_dropped(folder, tmp_path):
    with serving(folder, tmp_path / "tmp", workers=2) as served:
        stop, statuses = threading.Event(), []

        def ask_all_the_time():
            with contextlib.closing(served.connect()) as connection:
                while not stop.is_set():
                    connection.request("GET", "/doc/network", headers=_uncached(len(statuses)))
                    response = connection.getresponse()
                    response.read()
                    statuses.append(response.status)

        clients = [threading.Thread(target=ask_all_the_time) for _ in range(3)]
        for client in clients:
            client.start()
        made_up.write(folder, more="<id/region/neu> a kmn:RegionalAssociation .")
        found = [until(lambda: served.get("/doc/region/neu.ttl")[0] == 200) for _ in range(10)]
        stop.set()
        for client in clients:
            client.join()
        assert all(found)
        assert len(statuses) > 30
        assert set(statuses) == {200}


@pytest.mark.exhaustive
def test_stalled_downloads_disturb_nobody(folder, tmp_path):
    with serving(folder, tmp_path / "tmp") as served, contextlib.ExitStack() as stalled:
        for _ in range(20):
            stalled.enter_context(served.stall("/dump/padding.nt"))
        _others_get_through(served)


@pytest.mark.exhaustive
def test_stalled_results_disturb_nobody(folder, tmp_path):
    with serving(folder, tmp_path / "tmp") as served, contextlib.ExitStack() as stalled:
        for _ in range(20):
            stalled.enter_context(served.stall(CROSS + "json"))
        _others_get_through(served)
        assert served.get(CROSS + "csv")[0] == 200
        assert served.disk_used() <= Settings().spool_per_client_mb * MEBIBYTE


def test_results_that_nobody_fetches_take_no_more_disk_than_the_limits_say(folder, tmp_path):
    limits = {"result_max_bytes": 20 * MEBIBYTE, "spool_per_client_mb": 50, "spool_mb": 80}
    one, other, third = ({"X-Forwarded-For": f"192.0.2.{number}"} for number in (1, 2, 3))
    result = CROSS + "json"  # 14 MiB
    with (
        serving(
            folder, tmp_path / "tmp", workers=2, trusted_proxies="127.0.0.1", **limits
        ) as served,
        contextlib.ExitStack() as stalled,
    ):
        at_rest = served.disk_used()
        for client in (one, one, one, other, other):
            stalled.enter_context(served.stall(result, client["X-Forwarded-For"]))
        status, said = served.get(result, one)
        assert (status, b"50 MiB" in said) == (429, True)
        status, said = served.get(result, third)
        assert (status, b"80 MiB" in said) == (503, True)
        assert served.get("/sparql?query=ASK%7B%7D", one)[0] == 200
        assert 60 * MEBIBYTE < served.disk_used() - at_rest < 80 * MEBIBYTE
        stalled.close()
        assert until(lambda: served.disk_used() == at_rest)
        assert [served.get(result, client)[0] for client in (one, one, one, one)] == [200] * 4


def _uncached(number):
    """Return headers that no answer in the cache was made for."""
    return {"Accept": f"text/turtle, text/html, x/{number}"}


def _others_get_through(served):
    for number in range(50):
        for path in ("/doc/network", "/health/ready", "/"):
            before = monotonic()
            assert served.get(path, _uncached(number))[0] == 200
            assert monotonic() - before < FAST


@pytest.mark.exhaustive
def test_documents_get_through_while_queries_run_into_their_limit(folder, tmp_path):
    endless = (
        "/sparql?query=SELECT(COUNT(*)AS%3Fn)%7B%3Fa%3Fb%3Fc.%3Fd%3Fe%3Ff.%3Fg%3Fh%3Fi."
        "%3Fj%3Fk%3Fl.%3Fm%3Fn1%3Fo%7D"
    )
    with serving(folder, tmp_path / "tmp") as served:
        statuses = []
        clients = [
            threading.Thread(target=lambda: statuses.append(served.get(endless)[0]))
            for _ in range(12)
        ]
        for client in clients:
            client.start()
        _others_get_through(served)
        for client in clients:
            client.join()
        assert len(statuses) == 12
        assert set(statuses) <= {429, 503}
        assert 503 in statuses
