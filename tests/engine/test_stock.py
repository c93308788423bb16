import subprocess
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from time import monotonic

import pytest

from kmn_ld.engine.stock import Stock, Worker
from kmn_ld.errors import EngineError
from kmn_ld.releases import Release
from tests.engine.waiting import eventually, is_running


@pytest.fixture
def make(release: Release) -> Iterator[Callable[[], Stock]]:
    stocks: list[Stock] = []

    def made() -> Stock:
        order = {
            "release": str(release.folder),
            "memory_triples": 500_000,
            "memory": 2**28,
            "stack": 2**26,
        }
        stocks.append(Stock(order, idle_seconds=0.2))
        return stocks[-1]

    yield made
    for stock in stocks:
        stock.close()


def take(stock: Stock, deadline: float) -> Worker:
    return stock.wait(stock.queue(), deadline)


def test_one_worker_is_there_before_anybody_asks(make):
    stock = make()
    assert eventually(lambda: len(stock.process_ids()) == 1)


def test_a_worker_is_lent_to_one_taker_only(make):
    stock = make()
    one, other = take(stock, monotonic() + 10), take(stock, monotonic() + 10)
    assert one.process.pid != other.process.pid
    stock.put_back(one)
    assert take(stock, monotonic() + 10) is one
    stock.put_back(one)
    stock.discard(other)


def test_a_worker_that_is_soon_free_saves_another(make, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("kmn_ld.engine.stock.PATIENCE", 10)
    stock = make()
    worker = take(stock, monotonic() + 10)
    with ThreadPoolExecutor(3) as threads:
        takers = [threads.submit(take, stock, monotonic() + 20) for _ in range(3)]
        for number in range(3):
            assert eventually(lambda count=3 - number: len(stock._takers) == count)
            stock.put_back(worker)
            [taker] = [done for done in wait(takers, 10, FIRST_COMPLETED).done if done in takers]
            takers.remove(taker)
            assert taker.result() is worker
    assert len(stock.process_ids()) == 1
    stock.put_back(worker)


def test_a_taker_whose_worker_went_to_one_that_waits_longer_gets_another(
    make, monkeypatch: pytest.MonkeyPatch
):
    stock = make()
    busy = take(stock, monotonic() + 10)
    with ThreadPoolExecutor(2) as threads:
        monkeypatch.setattr("kmn_ld.engine.stock.PATIENCE", 10)
        patient = threads.submit(take, stock, monotonic() + 10)
        assert eventually(lambda: len(stock._takers) == 1)
        monkeypatch.setattr("kmn_ld.engine.stock.PATIENCE", 0.01)
        other = threads.submit(take, stock, monotonic() + 10)
        workers = {busy, patient.result(), other.result()}
    assert len(workers) == 3
    assert len(stock.process_ids()) == 3
    discard_all(stock, workers)


def discard_all(stock: Stock, workers: Iterable[Worker]) -> None:
    for worker in workers:
        stock.discard(worker)


def test_a_worker_is_ready_after_its_first_word(make):
    stock = make()
    worker = take(stock, monotonic() + 10)
    worker.wait_until_ready(monotonic() + 10)
    worker.wait_until_ready(monotonic() + 10)
    assert worker.is_ready
    stock.put_back(worker)


def test_a_discarded_worker_is_dead_and_replaced(make):
    stock = make()
    worker = take(stock, monotonic() + 10)
    stock.discard(worker)
    assert eventually(lambda: not is_running(worker.process.pid))
    assert eventually(lambda: len(stock.process_ids()) == 1)
    assert stock.process_ids() != [worker.process.pid]


def test_a_worker_that_comes_too_late_is_an_error(make):
    stock = make()
    worker = take(stock, monotonic() + 10)
    with pytest.raises(EngineError, match="worker-late"):
        take(stock, monotonic())
    stock.put_back(worker)


def test_a_system_that_starts_no_process_is_an_error(make, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    stock = make()
    with pytest.raises(EngineError, match="worker-start"):
        take(stock, monotonic() + 10)
    monkeypatch.undo()
    stock.put_back(take(stock, monotonic() + 10))


def test_nothing_is_left_after_closing(make):
    stock = make()
    workers = [take(stock, monotonic() + 10) for _ in range(3)]
    stock.put_back(workers[0])
    stock.close()
    stock.put_back(workers[1])
    stock.discard(workers[2])
    assert eventually(lambda: not any(is_running(worker.process.pid) for worker in workers))
    assert stock.process_ids() == []
    with pytest.raises(EngineError, match="engine-closed"):
        take(stock, monotonic() + 10)


def test_closing_at_once_leaves_nothing_either(make):
    stock = make()
    stock.close()
    assert eventually(lambda: not stock._thread.is_alive())
    assert stock.process_ids() == []
