import os
import signal
import subprocess
import sys
import tempfile

import pytest

from kmn_ld.errors import ConfigError
from kmn_ld.web import runtime
from tests.web.served import PATIENCE, until

_KILLED = """
import os, signal
from kmn_ld.web import runtime
with runtime.folder() as folder:
    (folder / "result-x").write_text("x")
    os.kill(os.getpid(), signal.SIGKILL)
"""

_FORKED = """
import os, signal, sys
from kmn_ld.web import runtime
with runtime.folder() as folder:
    if os.fork() == 0:
        sys.stdin.read()
        os._exit(0)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """The folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def leftover(temporary):
    """The folder of a server that was killed."""
    subprocess.run([sys.executable, "-c", _KILLED], env={"TMPDIR": str(temporary)}, check=False)
    (left,) = temporary.iterdir()
    assert (left / "result-x").exists()
    return left


def test_a_folder_is_there_for_its_block_alone(temporary):
    with runtime.folder() as folder:
        assert folder.parent == temporary
        (folder / "result-x").write_text("x")
    assert list(temporary.iterdir()) == []


def test_what_a_killed_server_left_is_removed_by_the_next(leftover, temporary):
    with runtime.folder() as folder:
        assert list(temporary.iterdir()) == [folder]


def test_the_folder_of_a_living_server_stays(temporary):
    with runtime.folder() as first, runtime.folder() as second:
        assert sorted(temporary.iterdir()) == sorted([first, second])


def test_the_folder_stays_while_a_process_lives_that_the_killed_server_forked(temporary):
    """The child waits for its standard input to close; the server is killed before."""
    command = [sys.executable, "-c", _FORKED]
    with subprocess.Popen(command, env={"TMPDIR": str(temporary)}, stdin=subprocess.PIPE) as child:
        assert child.wait(PATIENCE) == -signal.SIGKILL
        (left,) = temporary.iterdir()
        runtime.remove_leftovers(temporary)
        assert left.exists()
    assert until(lambda: runtime.remove_leftovers(temporary) or not left.exists())


def test_a_link_is_not_followed(leftover, temporary):
    moved = temporary / "elsewhere"
    leftover.rename(moved)
    leftover.symlink_to(moved)
    runtime.remove_leftovers(temporary)
    assert (moved / "result-x").exists()
    assert leftover.is_symlink()


def test_a_linked_lock_is_not_followed(leftover, temporary):
    outside = temporary / "outside"
    outside.touch()
    (leftover / "lock").unlink()
    (leftover / "lock").symlink_to(outside)
    runtime.remove_leftovers(temporary)
    assert (leftover / "result-x").exists()


def test_the_folder_of_another_user_stays(leftover, temporary, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: leftover.stat().st_uid + 1)
    runtime.remove_leftovers(temporary)
    assert (leftover / "result-x").exists()


def test_a_folder_without_a_lock_stays(temporary):
    (temporary / "kmn-ld-server-x").mkdir()
    runtime.remove_leftovers(temporary)
    assert (temporary / "kmn-ld-server-x").exists()


def test_where_no_folder_can_be_made_the_error_is_clear(temporary, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / "missing"))
    with pytest.raises(ConfigError) as caught, runtime.folder():
        raise AssertionError
    assert caught.value.key == "temporary-unwritable"
