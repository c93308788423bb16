import json
import signal
import subprocess
import sys

import pytest

from tests.engine.conftest import Catcher
from tests.engine.waiting import eventually, is_running

SETUP = """
import json, os, resource, socket, sys, threading
import pyoxigraph as ox
from kmn_ld.engine.confinement import confine, cut_off, die_with_parent, use_one_arena

MEBIBYTE = 2**20

def attempt(action):
    try:
        return repr(action())
    except BaseException as error:
        return type(error).__name__

def ask(text):
    return lambda: [str(row) for row in ox.Store().query(text)]
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SETUP + code, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def result(code: str, *arguments: str) -> list[object]:
    return json.loads(run(code, *arguments).stdout)


WALLS = {
    "system call filter": "cut_off(); confine(512 * MEBIBYTE, 50)",
    "descriptor table": "confine(512 * MEBIBYTE, 0)",
    "both": "cut_off(); confine(512 * MEBIBYTE, 0)",
}


@pytest.mark.parametrize("wall", WALLS.values(), ids=list(WALLS))
@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_service_reaches_nobody_behind_either_wall(catcher: Catcher, wall: str, silent: str):
    text = f"SELECT * {{ SERVICE {silent} <{catcher.url}> {{ ?s ?p ?o }} }}"
    code = f"ox.Store().query('ASK {{}}'); {wall}; print(json.dumps(attempt(ask(sys.argv[1]))))"
    assert result(code, text) in ("OSError", "PermissionError", "['<QuerySolution>']", "[]")
    assert not catcher.was_reached


def test_the_catcher_would_notice(catcher: Catcher):
    text = f"SELECT * {{ SERVICE <{catcher.url}> {{ ?s ?p ?o }} }}"
    code = (
        "threading.Thread(target=attempt, args=(ask(sys.argv[1]),), daemon=True).start();"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", SETUP + code, text], stdin=subprocess.PIPE
    ) as process:
        reached = eventually(lambda: catcher.was_reached)
        process.kill()
    assert reached


def test_no_program_can_be_started_and_no_file_opened():
    code = (
        "cut_off(); confine(512 * MEBIBYTE, 0);"
        "print(json.dumps([attempt(lambda: os.execv(sys.executable, [sys.executable, '-V'])),"
        " attempt(lambda: open('/etc/hostname')), attempt(socket.socket)]))"
    )
    assert result(code) == ["PermissionError", "OSError", "PermissionError"]


def test_exactly_the_files_that_were_granted_can_be_opened():
    code = (
        "confine(512 * MEBIBYTE, 3);"
        "opened = lambda: os.open('/dev/null', os.O_RDONLY) > 0;"
        "print(json.dumps([attempt(opened) for _ in range(5)]))"
    )
    assert result(code) == ["True", "True", "True", "OSError", "OSError"]


def test_memory_beyond_the_limit_is_not_to_be_had():
    code = (
        "use_one_arena(); confine(64 * MEBIBYTE, 0);"
        "print(json.dumps([attempt(lambda: len(bytes(48 * MEBIBYTE))),"
        " attempt(lambda: len(bytes(80 * MEBIBYTE)))]))"
    )
    assert result(code) == [str(48 * 2**20), "MemoryError"]


def test_no_core_is_dumped():
    code = "cut_off(); print(json.dumps(resource.getrlimit(resource.RLIMIT_CORE)))"
    assert result(code) == [0, 0]


def test_a_process_whose_parent_is_another_ends_at_once():
    assert run("die_with_parent(1)").returncode == 1


def test_a_process_dies_with_the_one_that_started_it():
    child = (
        SETUP + "die_with_parent(os.getppid()); print(os.getpid(), flush=True); sys.stdin.read()"
    )
    code = (
        "import subprocess;"
        "process = subprocess.Popen([sys.executable, '-c', sys.argv[1]], stdin=subprocess.PIPE);"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", SETUP + code, child], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.send_signal(signal.SIGKILL)
    assert eventually(lambda: not is_running(pid))
