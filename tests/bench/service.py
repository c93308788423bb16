"""How the SPARQL service bears repetition, hostile neighbours, large results and slow readers."""

import http.client
import socket
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

from kmn_ld import releases
from kmn_ld.engine.stock import IDLE_SECONDS
from tests.bench import load, networks, processes
from tests.bench.measures import (
    JSON,
    MIX,
    Row,
    alternate,
    compare,
    dataset,
    median,
    mix_texts,
    times,
)

HOSTILE = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }",
    "SELECT * WHERE { ?a ?p ?b . ?c ?q ?d } ORDER BY ?b ?d",
    "SELECT DISTINCT ?a ?f WHERE { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }",
)
"""Queries that never end by themselves."""
_NEIGHBOUR = "127.0.0.2"
"""Address of the hostile client: limits count clients by address."""
_WHOLE = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_LARGE = 750_000
"""Triples of a result of about 100 MB."""
_SLOW_READERS, _BYTES_PER_SECOND = 10, 10_000
_SMALL_QUERIES = 20
_ROUNDS = 3


def sparql_mix(folder: Path, triples: int, goal: str) -> list[Row]:
    """Compare the query mix when each text is new, so that no cache helps."""
    with both(dataset(folder, triples), folder) as (native, ours):
        runs = _runs({"native": native, "ours": ours}, mix(triples), folder, unique=True)
    return compare(f"SPARQL mix, {triples:,} triples", runs, goal)


def repeated_mix(folder: Path, triples: int, goal: str) -> list[Row]:
    """Compare the query mix when each text was asked before: the service answers from its cache."""
    with both(dataset(folder, triples), folder) as (native, ours):
        runs = _runs({"native": native, "ours": ours}, mix(triples), folder)
    return compare(f"repeated SPARQL mix, {triples:,} triples", runs, goal)


def point_queries(folder: Path, triples: int) -> list[Row]:
    """Compare the 99th percentile of point queries whose texts all differ."""
    with both(dataset(folder, triples), folder) as (native, ours):
        runs = _runs({"native": native, "ours": ours}, _points(triples), folder, unique=True)
    late = [one.p99 / other.p99 for one, other in zip(runs["ours"], runs["native"], strict=True)]
    what = f"point query, {triples:,} triples: 99th percentile"
    return [
        Row(what, times(late), "≤ 5 ×"),
        Row("… milliseconds", _percentiles(runs)),
    ]


def hostile_neighbour(folder: Path, triples: int) -> list[Row]:
    """Compare the rate of point queries beside a client of hostile ones with the undisturbed."""
    target = dataset(folder, triples)
    ratios = []
    with processes.ours(target, settings={}) as (url, _):
        for _ in range(_ROUNDS):
            alone = _drive_points(url, triples, folder)
            with _hostile(url):
                beside = _drive_points(url, triples, folder)
            ratios.append(beside.rate / alone.rate)
    what = f"point queries beside a hostile client, {triples:,} triples, against undisturbed"
    return [Row(what, times(ratios), "≥ 0.5 ×")]


def large_result(folder: Path) -> list[Row]:
    """Compare a CONSTRUCT of about 100 MB, and look at memory and threads of the front end."""
    target = dataset(folder, _LARGE)
    settings = {"KMN_LD_QUERY_SECONDS": "300", "KMN_LD_SPOOL_MB": "2000"}
    with (
        processes.native(releases.current(target).path("store"), folder) as native,
        processes.ours(target, settings=settings) as (url, pid),
    ):
        return _large_times(native, f"{url}/sparql", pid) + _slow_readers(url, pid)


def not_modified(folder: Path, triples: int) -> list[Row]:
    """Compare 304 answers to point queries with the native server's DESCRIBE of the same things."""
    count = triples // networks.TRIPLES_PER_ORGANISATION
    describe = [
        _query(f"DESCRIBE <https://example.org/id/org/{n}>") for n in range(min(count, 400))
    ]
    with both(dataset(folder, triples), folder) as (native, ours):
        tagged = [f"{path} {_tag(ours, path)}" for path in describe]
        runs = alternate(
            {
                "native": lambda: load.drive(
                    native, [f"/query{path}" for path in describe], folder, accept="text/turtle"
                ),
                "ours": lambda: load.drive(
                    ours, [f"/sparql{path}" for path in tagged], folder, accept="text/turtle"
                ),
            }
        )
    return compare(f"304 against native DESCRIBE, {triples:,} triples", runs, "≥ 0.8 ×")


def rdflib_endpoint(folder: Path, triples: int) -> list[Row]:
    """Compare the uncached query mix with rdflib-endpoint on rdflib's own store."""
    target = dataset(folder, triples)
    dump = folder / f"network-{triples}.nq"
    with processes.rdflib_endpoint(dump) as theirs, processes.ours(target) as (url, _):
        runs = _runs({"native": theirs, "ours": f"{url}/sparql"}, mix(triples), folder, unique=True)
    ratios = [a.rate / b.rate for a, b in zip(runs["ours"], runs["native"], strict=True)]
    rates = {name: median([run.rate for run in found]) for name, found in runs.items()}
    return [
        Row(f"SPARQL mix, {triples:,} triples, against rdflib-endpoint", times(ratios)),
        Row("… requests per second", f"{rates['ours']:,.0f}/s; it {rates['native']:,.1f}/s"),
    ]


def mix(triples: int) -> list[str]:
    """Return query strings of the mix, with 40 organisations in turn."""
    count = triples // networks.TRIPLES_PER_ORGANISATION
    return [
        _query(text.replace("%N%", str(number * count // 40)))
        for number in range(40)
        for text in mix_texts()
    ]


@contextmanager
def both(target: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Serve a release natively and by us; yield both query URLs."""
    store = releases.current(target).path("store")
    with processes.native(store, folder) as native, processes.ours(target) as (url, _):
        yield native, f"{url}/sparql"


def _runs(
    urls: dict[str, str], queries: list[str], folder: Path, *, unique: bool = False
) -> dict[str, list[load.Load]]:
    paths = {name: [urllib.parse.urlsplit(url).path + q for q in queries]
             for name, url in urls.items()}  # fmt: skip
    return alternate(
        {
            name: lambda name=name, url=url: load.drive(
                url, paths[name], folder, accept=JSON, unique=unique, seconds=5
            )
            for name, url in urls.items()
        }
    )


def _points(triples: int) -> list[str]:
    text = next(MIX.glob("01-*.rq")).read_text("utf-8")
    count = triples // networks.TRIPLES_PER_ORGANISATION
    return [_query(text.replace("%N%", str(number))) for number in range(min(count, 400))]


def _drive_points(url: str, triples: int, folder: Path) -> load.Load:
    paths = [f"/sparql{query}" for query in _points(triples)]
    return load.drive(url, paths, folder, accept=JSON, unique=True, seconds=5, connections=1)


def _query(text: str) -> str:
    return f"?query={urllib.parse.quote(text)}"


def _tag(endpoint: str, query: str) -> str:
    request = urllib.request.Request(endpoint + query, headers={"Accept": "text/turtle"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(answer.headers["ETag"])


def _percentiles(runs: dict[str, list[load.Load]]) -> str:
    late = {name: median([run.p99 for run in found]) for name, found in runs.items()}
    return f"{late['ours']:.1f} ms; native {late['native']:.1f} ms"


@contextmanager
def _hostile(url: str) -> Iterator[None]:
    """Keep a client busy with hostile queries, always as many at once as it may."""
    address = urllib.parse.urlsplit(url)
    stop = Event()

    def ask(number: int) -> None:
        while not stop.is_set():
            connection = http.client.HTTPConnection(
                address.hostname or "", address.port, timeout=60, source_address=(_NEIGHBOUR, 0)
            )
            with suppress(OSError, http.client.HTTPException):
                connection.request("GET", "/sparql" + _query(HOSTILE[number % len(HOSTILE)]))
                connection.getresponse().read()
            connection.close()

    with ThreadPoolExecutor(2) as clients:
        for number in range(2):
            clients.submit(ask, number)
        time.sleep(1)
        try:
            yield
        finally:
            stop.set()


def _large_times(native: str, ours: str, pid: int) -> list[Row]:
    _download(ours)
    before = _front_memory(pid)
    ratios, peaks = [], []
    for _ in range(_ROUNDS):
        theirs, size = _download(native)
        seconds, length = _download(ours)
        peaks.append(_front_memory(pid) - before)
        ratios.append(seconds / theirs)
        if length != size:
            raise RuntimeError(f"{length} bytes of {size}")
    return [
        Row(f"CONSTRUCT of {size / 1e6:.0f} MB, whole, against native", times(ratios), "≤ 1.2 ×"),
        Row("… memory of the front end grows by", f"{max(peaks) / 2**20:.1f} MiB", "< 20 MiB"),
    ]


def _download(endpoint: str) -> tuple[float, int]:
    """Return seconds and bytes of the whole store as N-Triples."""
    request = urllib.request.Request(
        endpoint + _query(_WHOLE), headers={"Accept": "application/n-triples"}
    )
    begin, size = time.perf_counter(), 0
    with urllib.request.urlopen(request, timeout=600) as answer:
        while piece := answer.read(1 << 20):
            size += len(piece)
    return time.perf_counter() - begin, size


def _slow_readers(url: str, pid: int) -> list[Row]:
    """Have ten clients read at 10 kB/s, and ask small things beside them."""
    address = urllib.parse.urlsplit(url)
    readers: list[socket.socket] = []
    alone = [_seconds_of_small(url) for _ in range(_SMALL_QUERIES)]
    threads, workers = _threads(pid), _workers(pid)
    try:
        for number in range(_SLOW_READERS):
            readers.append(_open_reader(address, f"127.0.1.{number + 1}"))
        time.sleep(IDLE_SECONDS + 1)  # what the queries needed more of is gone
        beside = []
        for _ in range(_SMALL_QUERIES):
            _read_a_little(readers)
            beside.append(_seconds_of_small(url))
        held = f"{_threads(pid) - threads} threads, {_workers(pid) - workers} workers"
    finally:
        for reader in readers:
            reader.close()
    late = f"{median(beside) * 1e3:.1f} ms; undisturbed {median(alone) * 1e3:.1f} ms"
    return [
        Row(f"{_SLOW_READERS} clients that read such a result at 10 kB/s hold", held, "none"),
        Row("… a small query beside them", late),
    ]


def _open_reader(address: urllib.parse.SplitResult, source: str) -> socket.socket:
    """Ask for the whole store and wait for the first bytes of the answer."""
    reader = socket.create_connection(
        (address.hostname or "", address.port or 80), timeout=300, source_address=(source, 0)
    )
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
    request = f"GET /sparql{_query(_WHOLE)} HTTP/1.1\r\nHost: {address.netloc}\r\n"
    reader.sendall(f"{request}Accept: application/n-triples\r\n\r\n".encode())
    reader.recv(1)
    return reader


def _read_a_little(readers: list[socket.socket]) -> None:
    """Read a tenth of a second's worth from each."""
    for reader in readers:
        reader.recv(_BYTES_PER_SECOND // 10)
    time.sleep(0.1)


def _seconds_of_small(url: str) -> float:
    begin = time.perf_counter()
    urllib.request.urlopen(f"{url}/sparql{_query('ASK { ?s ?p ?o }')}", timeout=30).read()
    return time.perf_counter() - begin


def _front_memory(pid: int) -> int:
    """Return the memory of the server and its processes without query workers."""
    return sum(size for process, size in processes.memory_of_tree(pid).items()
               if not processes.is_worker(process))  # fmt: skip


def _threads(pid: int) -> int:
    """Return the number of threads of the server processes without query workers."""
    return sum(len(list(Path(f"/proc/{process}/task").iterdir()))
               for process in processes.memory_of_tree(pid)
               if not processes.is_worker(process))  # fmt: skip


def _workers(pid: int) -> int:
    return sum(map(processes.is_worker, processes.memory_of_tree(pid)))
