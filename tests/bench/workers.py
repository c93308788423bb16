"""What the killable workers cost over evaluation in process."""

import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median

import pyoxigraph as ox

from kmn_ld import releases
from kmn_ld.config import Settings
from kmn_ld.engine import PublicQuery, open_engine
from kmn_ld.engine.evaluation import evaluate
from kmn_ld.engine.frames import PIECE
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.spool import Room, Spool
from tests.bench.measures import MIX, Row, dataset

POINT = next(MIX.glob("01-*.rq"))
ROUNDS = 5
_REST = 1.5
"""Seconds between the long runs."""


def overhead(folder: Path, small: int = 20_000, large: int = 750_000) -> list[Row]:
    """Compare point queries and a result of 100 MB through a worker with the same in process."""
    settings = Settings(query_seconds=120)
    rows = _point(dataset(folder, small), settings) + _large(dataset(folder, large), settings)
    return rows


def _point(folder: Path, settings: Settings) -> list[Row]:
    release = releases.current(folder)
    text = POINT.read_text("utf-8").replace("%N%", "7")
    store = open_store(release, settings.memory_triples)
    engine = open_engine(settings, release)
    wish = PublicQuery(text, solutions=("json",), graphs=())
    inside, through = [], []
    try:
        for _ in range(400):  # in turns, so that both meet the same noise
            inside.append(
                _seconds(lambda: store.query(text).serialize(format=ox.QueryResultsFormat.JSON))
            )
            through.append(_seconds(lambda: engine.answer(wish, "bench")))
    finally:
        engine.close()
    added = (median(through) - median(inside)) * 1e3
    figure = f"{added:.2f} ms ({median(inside) * 1e3:.2f} → {median(through) * 1e3:.2f})"
    return [Row("point query: added by the worker", figure, "≤ 0.6 ms")]


def _large(folder: Path, settings: Settings) -> list[Row]:
    """In process the result is made into memory, or spooled and hashed as the pool does (D6a)."""
    release = releases.current(folder)
    wish = PublicQuery("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", solutions=(), graphs=("nt",))
    store = open_store(release, settings.memory_triples)
    engine = open_engine(settings, release)
    sizes: list[int] = []
    room = Room(folder, settings.result_max_bytes, settings.result_max_bytes)

    def in_memory() -> None:
        store.query(wish.text).serialize(BytesIO(), format=ox.RdfFormat.N_TRIPLES)

    def spooled() -> None:
        spool = Spool(room, "bench", settings.result_max_bytes)
        evaluate(store, wish, _Spooled(spool))
        _remove(spool.finish()[1])

    def in_worker() -> None:
        answer = engine.answer(wish, "bench")
        sizes.append(answer.length)
        _remove(answer.path)

    try:
        in_worker()
        times = [[_rested(way) for way in (in_worker, spooled, in_memory)] for _ in range(ROUNDS)]
    finally:
        engine.close()
    megabytes = f"{sizes[0] / 1e6:.0f} MB"
    return [
        Row(f"result of {megabytes}: worker against in process", _ratio(times, 2), "≤ 1.10 ×"),
        Row("… against in process with the same spool and digest", _ratio(times, 1)),
    ]


class _Spooled:
    """A sink that spools in pieces of the size that workers send."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._pieces = bytearray()

    def begin(self, format_name: str, form: str) -> None:
        self._pieces.clear()

    def write(self, data: bytes) -> int:
        self._pieces += data
        if len(self._pieces) >= PIECE:
            self._spool.write(bytes(self._pieces))
            self._pieces.clear()
        return len(data)


def _remove(path: Path | None) -> None:
    if path:
        path.unlink()


def _ratio(times: list[list[float]], way: int) -> str:
    ratios = [row[0] / row[way] for row in times]
    return f"{median(ratios):.2f} × ({min(ratios):.2f}–{max(ratios):.2f})"


def _rested(call: Callable[[], object]) -> float:
    """Time a call when what the one before left behind, a worker that is replaced, is done."""
    time.sleep(_REST)
    return _seconds(call)


def _seconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin
