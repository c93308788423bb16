"""Counts of several processes are one; none falls when a process ends."""

import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kmn_ld.engine.tally import BOUNDS, Tally

_COUNTING = """
import sys
from pathlib import Path
from kmn_ld.engine.tally import Tally
tally = Tally(Path(sys.argv[1]))
tally.add("seen", "x", amount=2)
tally.change("now", by=5)
print("counted", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that has counted and lives until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", _COUNTING, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"counted\n"
    yield process
    process.kill()
    process.communicate()


def test_counts_of_all_processes_are_summed(tmp_path, other):
    tally = Tally(tmp_path)
    tally.add("seen", "x")
    tally.add("seen", "y")
    tally.change("now", by=1)
    assert tally.totals() == {("seen", "x"): 3, ("seen", "y"): 1, ("now",): 6}


def test_a_killed_process_leaves_its_counters_but_not_its_gauges_and_no_file(tmp_path, other):
    tally = Tally(tmp_path)
    tally.add("seen", "x")
    other.kill()
    other.wait()
    assert tally.totals() == tally.totals() == {("seen", "x"): 3}
    assert len(list(tmp_path.glob("counts-*"))) == 1


def test_what_ended_before_the_first_look_is_not_lost(tmp_path):
    for _ in range(3):
        Tally(tmp_path).add("seen")  # nobody keeps it
    assert Tally(tmp_path).totals() == {("seen",): 3}


def test_what_a_process_counted_until_it_ended_is_not_lost(tmp_path, monkeypatch):
    tally, flock = Tally(tmp_path), fcntl.flock
    (own,) = tmp_path.glob("counts-*")
    ending = [Tally(tmp_path)]

    def end_just_before(file, operation):
        is_other = operation & fcntl.LOCK_NB and not os.path.samestat(os.fstat(file), own.stat())
        if is_other and ending:
            ending.pop().add("seen")  # its last count; nobody keeps it any more
        return flock(file, operation)

    monkeypatch.setattr(fcntl, "flock", end_just_before)
    assert tally.totals() == {("seen",): 1}
    assert not ending


def test_without_a_folder_the_counts_are_those_of_one_tally():
    one, another = Tally(), Tally()
    one.add("seen")
    another.add("seen")
    assert one.totals() == {("seen",): 1}


def test_a_gauge_takes_the_value_that_it_is_given():
    tally = Tally()
    tally.replace("now", value=5)
    tally.replace("now", value=2)
    tally.change("now", by=-1)
    assert tally.totals() == {("now",): 1}


@pytest.mark.parametrize(
    ("seconds", "bound"), [(0, 0.005), (0.005, 0.005), (0.0051, 0.01), (1e6, float("inf"))]
)
def test_a_duration_is_counted_in_its_bucket(seconds, bound):
    tally = Tally()
    tally.observe("time", "x", seconds=seconds)
    assert tally.totals() == {("time_bucket", "x", str(bound)): 1, ("time_sum", "x"): seconds}


def test_buckets_rise_and_end_with_all():
    assert list(BOUNDS) == sorted(BOUNDS)
    assert BOUNDS[-1] == float("inf")


def test_no_count_of_several_threads_is_lost():
    tally = Tally()
    threads = [
        threading.Thread(target=lambda: [tally.add("seen") for _ in range(2000)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.totals() == {("seen",): 8000}


def test_a_tally_holds_one_descriptor_until_it_is_gone(tmp_path):
    before = len(list(Path("/proc/self/fd").iterdir()))
    tally = Tally(tmp_path)
    assert (
        len(list(Path("/proc/self/fd").iterdir())) <= before + 2
    )  # the file, and the mapping's own
    tally.add("seen")
    del tally
    assert len(list(Path("/proc/self/fd").iterdir())) == before
