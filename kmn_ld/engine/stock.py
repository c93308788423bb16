"""Keeps query workers: one warm at rest, more on demand, none for long that has nothing to do."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Condition, Event, Lock, Thread
from time import monotonic

from kmn_ld.engine.frames import FAILURE, PIECE, READY, FrameReader
from kmn_ld.engine.tally import Tally
from kmn_ld.errors import EngineError

_LOG = logging.getLogger(__name__)

_AT_REST = 1
IDLE_SECONDS = 15.0
"""Seconds after which a worker beyond the one at rest ends."""
PATIENCE = 0.05
"""Seconds to wait for a busy worker before another is started, which takes longer than that."""
_REAP = 0.05
"""How often to look whether a killed process is gone, in seconds; it can take a while to free."""

LEAST = 0.001
"""Shortest timeout, in seconds: 0 would mean that the socket does not wait at all."""


@dataclass(eq=False)
class Worker:
    """A worker process and the socket to it; `idle_since` on the clock of `monotonic`.

    `killed_for` is the reason why it ended in the midst of a query, empty where it did not.
    """

    process: subprocess.Popen[bytes]
    connection: socket.socket
    frames: FrameReader
    is_ready: bool = False
    idle_since: float = field(default_factory=monotonic)
    killed_for: str = ""

    def wait_until_ready(self, deadline: float) -> None:
        """Wait for a fresh worker's first word.

        Raises EngineError where it says that it cannot start, else as `FrameReader.read`.
        """
        if self.is_ready:
            return
        self.connection.settimeout(max(deadline - monotonic(), LEAST))
        kind, content = self.frames.read()
        if kind == FAILURE:
            report = json.loads(content)
            _LOG.error("A query worker could not start: %s", report["cause"])
            raise EngineError(report["key"], **report["details"])
        self.is_ready = kind == READY

    def kill(self) -> None:
        """Stop the process at once; it is gone when `process` says so."""
        self.process.send_signal(signal.SIGKILL)
        self.connection.close()


def _nobody() -> None:
    """Stand in for who is told, until somebody waits."""


@dataclass(eq=False)
class Taker:
    """Who wants a worker, and what came of it; `tell` is called then, from any thread."""

    worker: Worker | None = None
    error: EngineError | None = None
    tell: Callable[[], object] = _nobody
    since: float = field(default_factory=monotonic)

    @property
    def is_served(self) -> bool:
        """Whether there is an outcome."""
        return self.worker is not None or self.error is not None

    def serve(self, worker: Worker | None, error: EngineError | None = None) -> None:
        """Give it the outcome."""
        self.worker, self.error = worker, error
        self.tell()


class Stock:
    """The workers of this process.

    Its thread starts and reaps them. It lives as long as they do, because the kernel kills a
    worker when the thread that started it ends (engine, section 2).
    """

    def __init__(
        self,
        order: dict[str, object],
        idle_seconds: float = IDLE_SECONDS,
        tally: Tally | None = None,
    ) -> None:
        self._tally = tally or Tally()
        self._order = order
        self._idle_seconds = idle_seconds
        self._lock = Lock()
        self._work = Condition(self._lock)  # the thread waits for it
        self._idle: deque[Worker] = deque()
        self._ended: list[Worker] = []
        self._takers: deque[Taker] = deque()  # those that wait, the longest first
        self._wanted = _AT_REST  # workers to be started
        self._starting = 0
        self._workers: set[Worker] = set()  # those that run
        self._is_closed = False
        self._thread = Thread(target=self._keep, name="kmn-ld-query-workers", daemon=True)
        self._thread.start()

    def queue(self) -> Taker:
        """Ask for a worker that nobody else has, and do not wait for it; it may still be starting.

        Who asks has to `wait`, or to `leave`. Raises EngineError where the stock is closed.
        """
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.process.poll() is None:
                    return Taker(worker)
                self._end(worker)
            if self._is_closed:
                raise EngineError("engine-closed")
            taker = Taker()
            self._takers.append(taker)
            self._want_for_takers(0 if self._workers else 1)
        return taker

    def tell(self, taker: Taker, tell: Callable[[], object]) -> bool:
        """Return whether a taker is served already; else it is told when it is."""
        with self._lock:
            if not taker.is_served:
                taker.tell = tell
            return taker.is_served

    def wait(self, taker: Taker, deadline: float) -> Worker:
        """Return the worker that a taker gets.

        Raises EngineError where there is none before the deadline, or none can be started.
        """
        if not taker.is_served:
            self._wait(taker, deadline)
        return self._outcome(taker)

    def wait_ready(self, taker: Taker, deadline: float) -> Worker:
        """Return a worker that waits for a request; one that is slow to start is left to start.

        Raises EngineError as `wait`, and where the worker ends before it is ready.
        """
        worker = self.wait(taker, deadline)
        try:
            worker.wait_until_ready(deadline)
        except TimeoutError as error:
            self.put_back(worker)
            raise EngineError("worker-late") from error
        except EngineError:
            self.discard(worker)
            raise
        except (EOFError, ConnectionError) as error:
            self.discard(worker)
            _LOG.error("A query worker ended before it was ready")
            raise EngineError("worker-start", reason="exit") from error
        return worker

    def leave(self, taker: Taker) -> None:
        """Give up what `queue` was asked for."""
        with self._lock:
            if not taker.is_served:
                self._takers.remove(taker)
        if taker.worker is not None:
            self.put_back(taker.worker)

    def ensure_ready(self, deadline: float) -> None:
        """Raise EngineError unless a worker runs that has been ready, or becomes so in time."""
        with self._lock:
            if any(w.is_ready and w.process.poll() is None for w in self._workers):
                return
        self.put_back(self.wait_ready(self.queue(), deadline))

    def put_back(self, worker: Worker) -> None:
        """Take a worker back that has answered, or has not been asked."""
        with self._lock:
            if self._is_closed:
                self._end(worker)
                return
            worker.idle_since = monotonic()
            if not self._serve(worker):
                self._idle.append(worker)

    def discard(self, worker: Worker, reason: str = "") -> None:
        """Kill a worker, and replace it where none would be left.

        The reason is counted: "deadline", "memory", "result" (it is too large), "crowd" (too
        many queries take long), or "died" where the worker was gone before.
        """
        worker.killed_for = reason
        with self._lock:
            self._end(worker)

    def process_ids(self) -> list[int]:
        """Return the ids of the worker processes, busy and idle."""
        with self._lock:
            return [worker.process.pid for worker in self._workers]

    def close(self) -> None:
        """End all workers: idle ones now, the others when they are put back or discarded."""
        with self._lock:
            self._is_closed = True
            self._wanted = 0
            while self._idle:
                self._end(self._idle.pop())
            nothing_runs = not self._workers
            self._work.notify()
            self._disappoint(EngineError("engine-closed"))
        if nothing_runs:
            self._thread.join()

    def _wait(self, taker: Taker, deadline: float) -> None:
        served = Event()
        is_served = self.tell(taker, served.set)
        pause = max(taker.since + PATIENCE - monotonic(), 0)
        # again and again: the worker that one taker wants goes to the one that waits the longest
        while not is_served and (left := deadline - monotonic()) > 0:
            is_served = served.wait(min(pause, left))
            pause = PATIENCE
            if not is_served:
                with self._lock:
                    self._want_for_takers(1)

    def _want_for_takers(self, most: int) -> None:
        """Want more workers where fewer are on their way than takers wait."""
        missing = len(self._takers) - self._wanted - self._starting
        if (more := min(missing, most)) > 0:
            self._want(more)

    def _serve(self, worker: Worker) -> bool:
        """Hand a worker to who waits the longest, if anybody does."""
        if not self._takers:
            return False
        self._takers.popleft().serve(worker)
        return True

    def _disappoint(self, error: EngineError) -> None:
        while self._takers:
            self._takers.popleft().serve(None, error)

    def _outcome(self, taker: Taker) -> Worker:
        with self._lock:
            if taker.worker is not None:
                return taker.worker
            if taker.error is None:
                self._takers.remove(taker)
        raise taker.error or EngineError("worker-late")

    def _want(self, more: int) -> None:
        self._wanted += more
        self._work.notify()

    def _end(self, worker: Worker) -> None:
        worker.kill()
        self._workers.remove(worker)
        self._tally.change("workers", by=-1)
        self._ended.append(worker)
        coming = len(self._workers) + self._starting + self._wanted
        self._want(0 if self._is_closed else max(_AT_REST - coming, 0))

    def _keep(self) -> None:
        """Run the thread: start what is wanted, reap what has ended, end what is idle for long."""
        dying: list[Worker] = []
        is_last_round = False
        while not is_last_round:
            with self._lock:
                self._work.wait_for(self._has_work, _REAP if dying else self._idle_seconds)
                self._retire()
                dying += self._ended
                self._ended.clear()
                wanted, self._wanted = self._wanted, 0
                self._starting += wanted
                is_last_round = self._is_gone()
            for _ in range(wanted):
                self._start()
            dying = [worker for worker in dying if not self._is_reaped(worker)]
        for worker in dying:
            worker.process.wait()
            self._is_reaped(worker)

    def _is_reaped(self, worker: Worker) -> bool:
        """Return whether the process is gone; then count why it was killed.

        What it asked for beyond its memory makes the process abort (engine, section 2).
        """
        status = worker.process.poll()
        if status is not None and worker.killed_for:
            is_abort = worker.killed_for == "died" and status == -signal.SIGABRT
            self._tally.add("worker_kills", "memory" if is_abort else worker.killed_for)
        return status is not None

    def _has_work(self) -> bool:
        return bool(self._ended or self._wanted or self._is_gone())

    def _is_gone(self) -> bool:
        return self._is_closed and not self._workers and not self._starting

    def _retire(self) -> None:
        longest = monotonic() - self._idle_seconds
        while len(self._idle) > _AT_REST and self._idle[0].idle_since <= longest:
            self._end(self._idle.popleft())

    def _start(self) -> None:
        try:
            worker = _start_worker(self._order)
        except OSError as error:
            _LOG.error("A query worker could not be started: %s", error)
            with self._lock:
                self._starting -= 1
                self._disappoint(EngineError("worker-start", reason=error.strerror))
            return
        with self._lock:
            self._starting -= 1
            self._workers.add(worker)
            self._tally.add("workers_started")
            self._tally.change("workers", by=1)
            if self._is_closed:
                self._end(worker)
                return
            if not self._serve(worker):
                self._idle.appendleft(worker)


def _start_worker(order: dict[str, object]) -> Worker:
    ours, theirs = socket.socketpair()
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * PIECE)
    with theirs, ExitStack() as on_failure:
        on_failure.callback(ours.close)
        argument = json.dumps({**order, "socket": theirs.fileno(), "parent": os.getpid()})
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "kmn_ld.engine.worker", argument],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        on_failure.pop_all()
    return Worker(process, ours, FrameReader(ours))
