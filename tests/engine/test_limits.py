import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from time import monotonic

import pytest

from kmn_ld.engine import limits as module
from kmn_ld.engine.limits import WAITING_SECONDS, Limits
from kmn_ld.errors import EngineError, TooManyQueries
from tests.engine.waiting import eventually


def soon() -> float:
    return monotonic() + 0.05


@pytest.fixture
def limits(tmp_path: Path) -> Iterator[Limits]:
    opened = Limits(tmp_path, total=4, per_client=2)
    yield opened
    opened.close()


@pytest.fixture
def others(tmp_path: Path) -> Iterator[Limits]:
    """The slots as another process sees them: by an open file of its own."""
    opened = Limits(tmp_path, total=4, per_client=2)
    yield opened
    opened.close()


def test_a_client_gets_no_more_than_its_own_slots(limits: Limits, others: Limits):
    with limits.slot("192.0.2.1", soon()), others.slot("192.0.2.1", soon()):
        with pytest.raises(TooManyQueries, match="of-client") as caught:
            limits.slot("192.0.2.1", soon()).__enter__()
        assert caught.value.details == {"limit": 2}
    with limits.slot("192.0.2.1", soon()), limits.slot("192.0.2.1", soon()):
        pass


def test_all_clients_together_get_no_more_than_all_slots(limits: Limits, others: Limits):
    with ExitStack() as held:
        for number in range(4):
            held.enter_context((limits, others)[number % 2].slot(f"192.0.2.{number}", soon()))
        with pytest.raises(TooManyQueries, match="too-many-queries ") as caught:
            limits.slot("192.0.2.9", soon()).__enter__()
        assert caught.value.details == {"limit": 4}
    with limits.slot("192.0.2.9", soon()):
        pass


@pytest.mark.parametrize("clients", [[1, 2, 3, 4], [9, 9]])
def test_a_client_waits_a_second_at_most(limits: Limits, others: Limits, clients: list[int]):
    with ExitStack() as held:
        for number in clients:
            held.enter_context(others.slot(f"192.0.2.{number}", soon()))
        started = monotonic()
        with pytest.raises(TooManyQueries):
            limits.slot("192.0.2.9", started + 60).__enter__()
        assert 0.9 < monotonic() - started < 5


@pytest.mark.parametrize("process", ["this", "another"])
def test_a_slot_that_is_freed_goes_to_who_waits(limits: Limits, others: Limits, process: str):
    holder = limits if process == "this" else others
    with ThreadPoolExecutor(1) as threads, ExitStack() as held:
        for number in range(4):
            held.enter_context(holder.slot(f"192.0.2.{number}", soon()))
        waiting = threads.submit(limits.slot("192.0.2.9", monotonic() + 60).__enter__)
        held.close()
        assert waiting.result(5) is None


@pytest.mark.parametrize("process", ["this", "another"])
def test_a_slot_of_its_own_that_is_freed_goes_to_the_client_that_waits(
    limits: Limits, others: Limits, process: str
):
    holder = limits if process == "this" else others
    with ThreadPoolExecutor(1) as threads, ExitStack() as held:
        for _ in range(2):
            held.enter_context(holder.slot("192.0.2.1", soon()))
        waiting = threads.submit(limits.slot("192.0.2.1", monotonic() + 60).__enter__)
        held.close()
        assert waiting.result(5) is None


def test_no_more_queries_of_a_client_wait_than_may_run(limits: Limits):
    later = monotonic() + 60
    with ThreadPoolExecutor(2) as threads, ExitStack() as held:
        for _ in range(2):
            held.enter_context(limits.slot("192.0.2.1", soon()))
        waiting = [threads.submit(limits.slot("192.0.2.1", later).__enter__) for _ in range(2)]
        assert eventually(lambda: limits._in_line.total() == 2)
        started = monotonic()
        with pytest.raises(TooManyQueries, match="of-client"):
            limits.slot("192.0.2.1", later).__enter__()
        assert monotonic() - started < 0.5
        held.close()
        assert [query.result(5) for query in waiting] == [None, None]
    assert not limits._in_line


def test_one_client_never_holds_all_slots(tmp_path: Path):
    limits = Limits(tmp_path, total=3, per_client=50)
    with limits.slot("192.0.2.1", soon()), limits.slot("192.0.2.1", soon()):
        with pytest.raises(TooManyQueries, match="of-client"):
            limits.slot("192.0.2.1", soon()).__enter__()
        with limits.slot("192.0.2.2", soon()):
            pass
    limits.close()


def test_a_single_slot_can_be_had(tmp_path: Path):
    limits = Limits(tmp_path, total=1, per_client=2)
    with limits.slot("192.0.2.1", soon()):
        pass
    limits.close()


SAME = pytest.raises(TooManyQueries)
ANOTHER = nullcontext()


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        ("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::", SAME),
        ("2001:db8:1:2::", "2001:db8:1:3::", ANOTHER),
        ("::ffff:192.0.2.1", "192.0.2.1", SAME),
        ("192.0.2.1", "192.0.2.2", ANOTHER),
        ("somebody", "somebody else", ANOTHER),
        ("", "", SAME),
    ],
)
def test_a_client_is_an_address_or_the_network_of_a_subscriber(
    tmp_path: Path, one: str, other: str, outcome: AbstractContextManager[object]
):
    limits = Limits(tmp_path, total=8, per_client=1)
    with limits.slot(one, soon()), outcome, limits.slot(other, soon()):
        pass
    limits.close()


def test_a_slot_is_free_again_after_a_failure(limits: Limits):
    with pytest.raises(ZeroDivisionError), limits.slot("192.0.2.1", soon()):
        raise ZeroDivisionError
    with limits.slot("192.0.2.1", soon()), limits.slot("192.0.2.1", soon()):
        pass


def test_the_slots_of_a_process_that_was_killed_are_free(tmp_path: Path, limits: Limits):
    code = (
        "import sys, time; from pathlib import Path; from kmn_ld.engine.limits import Limits;"
        "limits = Limits(Path(sys.argv[1]), 4, 2); own = limits._take_own('192.0.2.1', 0);"
        "other = limits._take_own('192.0.2.1', 0); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(TooManyQueries):
            limits.slot("192.0.2.1", soon()).__enter__()
        process.kill()
    with limits.slot("192.0.2.1", soon()):
        pass


def test_closing_waits_for_the_slots_that_are_held(tmp_path: Path):
    limits = Limits(tmp_path, total=4, per_client=2)
    with limits.slot("192.0.2.1", soon()):
        limits.close()
        with pytest.raises(EngineError, match="engine-closed"):
            limits.slot("192.0.2.2", soon()).__enter__()
    with pytest.raises(EngineError, match="engine-closed"):
        limits.slot("192.0.2.2", soon()).__enter__()


@pytest.mark.parametrize(("total", "long"), [(1, 1), (2, 1), (3, 2), (4, 3), (8, 6), (16, 12)])
def test_long_queries_never_hold_all_slots_unless_there_is_but_one(
    tmp_path: Path, total: int, long: int
):
    one, other = (Limits(tmp_path, total=total, per_client=2) for _ in range(2))
    with ExitStack() as held:
        for number in range(long):
            held.enter_context((one, other)[number % 2].long_slot())
        with pytest.raises(TooManyQueries, match="too-many-long-queries") as caught:
            one.long_slot().__enter__()
        assert caught.value.details == {"limit": long, "retry_after": WAITING_SECONDS}
    with one.long_slot():
        pass
    one.close()
    other.close()


@pytest.mark.clause("Limits: fair share")
def test_a_client_whose_long_query_gave_way_waits_in_every_process_and_others_do_not(
    limits: Limits, others: Limits, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(TooManyQueries), limits.slot("192.0.2.1", soon()):
        raise TooManyQueries("too-many-long-queries")
    for one in (limits, others):
        with pytest.raises(TooManyQueries, match="too-soon-after-long-query") as caught:
            one.slot("192.0.2.1", soon()).__enter__()
        assert 0 < caught.value.details["retry_after"] <= WAITING_SECONDS
        with one.slot("192.0.2.2", soon()):
            pass
    later = monotonic() + WAITING_SECONDS
    monkeypatch.setattr(module, "monotonic", lambda: later)
    with limits.slot("192.0.2.1", later + 1):
        pass


def test_a_client_that_asks_too_much_at_once_need_not_wait(limits: Limits):
    with limits.slot("192.0.2.1", soon()):
        with limits.slot("192.0.2.1", soon()), pytest.raises(TooManyQueries, match="of-client"):
            limits.slot("192.0.2.1", soon()).__enter__()
        with limits.slot("192.0.2.1", soon()):
            pass
