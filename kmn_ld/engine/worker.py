"""A query worker: a process that may be killed at any moment, and knows one release.

    python -m kmn_ld.engine.worker '{"socket": 5, "parent": 123, "release": "…", …}'

It is started by `stock` and told what to do over a socket (`frames`).
"""

import json
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pyoxigraph as ox

from kmn_ld import releases
from kmn_ld.engine import frames
from kmn_ld.engine.confinement import confine, cut_off, die_with_parent, trim_heap, use_one_arena
from kmn_ld.engine.evaluation import evaluate
from kmn_ld.engine.interface import PublicQuery
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.repeating import is_repeatable
from kmn_ld.errors import KmnError, QueryOutOfMemory
from kmn_ld.formats import GRAPHS, SOLUTIONS

_GROWTH = 32 * 1024 * 1024
"""Bytes of resident memory above its rest at which a worker is to be replaced."""
_GROWTH_ON_DISK = 128 * 1024 * 1024
"""The same where the release stays on disk: its blocks are kept in memory, to be read again."""
_LONG = 0.1
"""Seconds of processor time from which a query yields to others."""
_MOMENT = 0.0002
"""How often to look whether a thread has ended, in seconds."""
_YIELDING = 19
"""Nice value of a thread that yields: it gets what others leave, and a little beside them."""
_WARM_UP = (
    "SELECT * WHERE { ?s ?p ?o } LIMIT 1",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1",
    'ASK { FILTER(CONTAINS("service", "s")) }',
    "no query",
)


@dataclass(frozen=True)
class Order:
    """What a worker is started with: descriptor, process id, folder, quads, bytes, bytes."""

    socket: int
    parent: int
    release: str
    memory_triples: int
    memory: int
    stack: int


def main(argument: str) -> None:
    """Run a worker until its socket closes."""
    order = Order(**json.loads(argument))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's to handle
    die_with_parent(order.parent)
    is_cut_off = cut_off()
    use_one_arena()
    connection = socket.socket(fileno=order.socket)
    with _failing_aloud(connection):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF})  # for threads of the store
        release = releases.read(Path(order.release))
        store = open_store(release, order.memory_triples)
        tables = len(list(release.path(releases.STORE).glob("*.sst")))
        files = tables if release.manifest.quads > order.memory_triples else 0
        if files and not is_cut_off:
            raise RuntimeError("a release on disk needs a kernel with seccomp filters")
        threading.stack_size(order.stack)
        _Worker(connection, store, order, files).run()


@contextmanager
def _failing_aloud(connection: socket.socket) -> Iterator[None]:
    """Tell the server why this worker cannot go on; `reason` names no place of this machine."""
    try:
        yield
    except (KmnError, OSError, RuntimeError, MemoryError) as error:
        reason = getattr(error, "key", None) or getattr(error, "strerror", None) or str(error)
        failure = {"error": "EngineError", "key": "worker-start", "details": {"reason": reason}}
        report = frames.json_frame(frames.FAILURE, **failure, spent=True, cause=str(error))
        connection.sendall(report)
        raise SystemExit(1) from error


class _Worker:
    """Answers request by request, in a thread whose stack is deep enough for any query.

    A query that takes long has its thread yield to those of other workers. A thread never gets its
    rank back (setpriority(2)), so the next request is answered by a fresh one.
    """

    def __init__(
        self, connection: socket.socket, store: ox.Store, order: Order, files: int
    ) -> None:
        self._connection = connection
        self._reader = frames.FrameReader(connection)
        self._files = files
        self._store = store
        self._order = order
        self._page = resource.getpagesize()
        self._memory = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        self._rest = 0  # bytes that are resident before the first request
        self._thread = 0
        self._started = 0.0
        self._yields = False
        self._is_open = True

    def run(self) -> None:
        """Answer until the socket closes; in the main thread, which alone handles signals."""
        signal.signal(signal.SIGPROF, self._yield)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF})
        while self._is_open:
            self._yields = False
            thread = threading.Thread(target=self._answer_all)
            thread.start()
            thread.join()
            wait_until_gone(self._thread)

    def _begin(self) -> None:
        with _failing_aloud(self._connection):
            self._warm_up()
            confine(self._order.memory, self._files)
        self._rest = self._resident()
        os.dup2(1, 2)  # a query that ends the process makes the runtime complain, to nobody's use
        self._connection.sendall(frames.frame(frames.READY))

    def _answer_all(self) -> None:
        """Answer requests until one has taken long."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF})
        self._thread = threading.get_native_id()
        self._is_open = False  # unless there is more to do at the end
        if not self._rest:
            self._begin()
        while not self._yields:
            try:
                _, request = self._reader.read()
            except EOFError:
                return
            self._started = monotonic()
            signal.setitimer(signal.ITIMER_PROF, _LONG)
            self._answer(frames.read_request(request))
            signal.setitimer(signal.ITIMER_PROF, 0)
        self._is_open = True

    def _yield(self, *_: object) -> None:
        if monotonic() - self._started < _LONG:
            return  # the signal was meant for the request before
        self._yields = True
        with suppress(ProcessLookupError):  # the thread has just ended
            os.setpriority(os.PRIO_PROCESS, self._thread, _YIELDING)

    def _answer(self, query: PublicQuery) -> None:
        sink = _SocketSink(self._connection, query.text)
        try:
            evaluate(self._store, query, sink)
        except KmnError as error:
            sink.fail(error, self._is_spent())
        except MemoryError:
            limit = self._order.memory // 2**20
            sink.fail(QueryOutOfMemory("query-memory", limit=limit), spent=True)
        else:
            sink.end(self._is_spent())

    def _warm_up(self) -> None:
        """Touch every part of the way once: no file can be opened afterwards."""
        for text in _WARM_UP:
            for solutions, graphs in zip(SOLUTIONS * 2, GRAPHS, strict=False):
                query = PublicQuery(text, (solutions,), (graphs,))
                try:
                    evaluate(self._store, query, _NoSink())
                except KmnError:
                    continue

    def _resident(self) -> int:
        return int(os.pread(self._memory, 128, 0).split()[1]) * self._page

    def _is_spent(self) -> bool:
        """Whether the query has left more memory behind than can be given back."""
        most = _GROWTH_ON_DISK if self._files else _GROWTH
        if self._resident() - self._rest <= most:
            return False
        trim_heap()
        return self._resident() - self._rest > most


def wait_until_gone(thread: int) -> None:
    """Wait until the kernel has let go of a thread that is ending; its next one takes its stack.

    A second stack beside it would take from the memory that queries may use, or not be granted.
    """
    with suppress(ProcessLookupError):
        while True:
            os.getpriority(os.PRIO_PROCESS, thread)
            sleep(_MOMENT)


class _NoSink:
    def begin(self, format_name: str, form: str) -> None:
        pass

    def write(self, data: bytes) -> int:
        return len(data)


class _SocketSink:
    """Sends a result in pieces; a small one travels whole, with its head and its end."""

    def __init__(self, connection: socket.socket, text: str) -> None:
        self._connection = connection
        self._text = text
        self._out = b""  # frames that wait for the first piece
        self._piece = bytearray()

    def begin(self, format_name: str, form: str) -> None:
        repeatable = is_repeatable(self._text)
        head = {"format": format_name, "form": form, "repeatable": repeatable}
        self._out = frames.json_frame(frames.HEAD, **head)

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        while rest:
            room = frames.PIECE - len(self._piece)
            self._piece += rest[:room]
            rest = rest[room:]
            if len(self._piece) >= frames.PIECE:
                self._send()
        return len(data)

    def end(self, spent: bool) -> None:
        self._send(frames.json_frame(frames.END, spent=spent))

    def fail(self, error: KmnError, spent: bool) -> None:
        details: dict[str, Any] = {
            name: value if isinstance(value, int) else str(value)
            for name, value in error.details.items()
        }
        self._piece.clear()
        self._out = b""
        self._send(
            frames.json_frame(
                frames.FAILURE,
                error=type(error).__name__,
                key=error.key,
                details=details,
                spent=spent,
            )
        )

    def _send(self, last: bytes = b"") -> None:
        """Send what waits, the piece uncopied, and a last frame."""
        head = self._out
        if self._piece:
            head += frames.header(frames.DATA, len(self._piece))
        parts: list[bytes | bytearray] = [head, self._piece, last]
        sent = self._connection.sendmsg(parts)
        for part in parts:
            if sent < len(part):
                self._connection.sendall(memoryview(part)[sent:])
            sent = max(sent - len(part), 0)
        self._piece = bytearray()
        self._out = b""


if __name__ == "__main__":
    main(sys.argv[1])
