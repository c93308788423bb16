"""Queries that stop other engines (design: engine, sections 1 and 10): each has a fixed outcome.

While one runs, another client gets its answers; afterwards processes and memory are as before.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import pytest

from kmn_ld.config import Settings
from kmn_ld.engine import PublicAnswer, PublicQuery
from kmn_ld.engine.pool import Pool
from kmn_ld.errors import QueryOutOfMemory, QueryRefused, QueryTimeout, ResultTooLarge
from kmn_ld.formats import GRAPHS, SOLUTIONS
from kmn_ld.releases import Release
from tests.engine.handmade import EX, made_by_hand
from tests.engine.waiting import eventually, is_ready, resident_mebibytes

pytestmark = pytest.mark.exhaustive

SECONDS = 2
DATA = "".join(
    f'<{EX}n{thing}> <{EX}p{number}> "value {thing} {number}" .\n'
    for thing in range(2500)
    for number in range(4)
)
LENGTH = 64_000
THREE = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i ."


def nested(head: str, opening: str, inner: str, closing: str, tail: str = "") -> str:
    depth = LENGTH // (len(opening) + len(closing))
    return f"{head}{opening * depth}{inner}{closing * depth}{tail}"


def repeated(head: str, piece: str, tail: str) -> str:
    return f"{head}{piece * (LENGTH // len(piece))}{tail}"


def doubling(step: str) -> str:
    binds = "".join(step.replace("NEW", f"?x{n + 1}").replace("OLD", f"?x{n}") for n in range(9))
    return f'SELECT (STRLEN(?x9) AS ?n) {{ BIND("aaaaaaaaaaaaaaaa" AS ?x0) {binds} }}'


COSTLY = (QueryTimeout, QueryOutOfMemory, ResultTooLarge)
"""Never answered; which limit strikes first depends on the machine."""
ANSWERED = (PublicAnswer, QueryTimeout)
"""Answered by a machine that is fast enough."""

TABLE = {
    "cartesian COUNT": (f"SELECT (COUNT(*) AS ?n) {{ {THREE} }}", QueryTimeout),
    "cartesian ORDER BY": (f"SELECT * {{ {THREE} }} ORDER BY ?a ?i", COSTLY),
    "cartesian DISTINCT": (f"SELECT DISTINCT ?a ?d ?g {{ {THREE} }}", COSTLY),
    "cartesian GROUP BY": (f"SELECT ?a ?d (COUNT(*) AS ?n) {{ {THREE} }} GROUP BY ?a ?d", COSTLY),
    "GROUP_CONCAT": (f"SELECT (GROUP_CONCAT(?c) AS ?n) {{ {THREE} }}", COSTLY),
    "endless rows": (f"SELECT * {{ {THREE} }}", COSTLY),
    "endless triples": (f"CONSTRUCT {{ ?a ?e ?i }} {{ {THREE} }}", COSTLY),
    "DESCRIBE of all": ("DESCRIBE * { ?s ?p ?o . ?a ?b ?c }", COSTLY),
    "loop with FILTER": (
        'SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(STR(?a) = CONCAT(STR(?d), "x")) }',
        COSTLY,
    ),
    "path with both ends open": (
        "SELECT * { ?x (!<a:>|^!<b:>)* ?y . ?y (!<a:>|^!<b:>)* ?z . ?z (!<a:>|^!<b:>)* ?w }",
        COSTLY,
    ),
    "negated paths": (
        "SELECT (COUNT(*) AS ?n) { ?x (!<a:>|!^<b:>)+ ?y . ?z (!<a:>)+ ?w }",
        QueryTimeout,
    ),
    "five OPTIONALs": (
        "SELECT (COUNT(*) AS ?n) {"
        + "".join(f"OPTIONAL {{ ?a{n} ?b{n} ?c{n} }}" for n in range(5))
        + "}",
        COSTLY,
    ),
    "300 patterns around a subject": (
        "SELECT * {" + "".join(f"?s <{EX}p{n % 4}> ?o{n} ." for n in range(300)) + "}",
        COSTLY,
    ),
    "chain of 2000 patterns": (
        "SELECT * {" + "".join(f"?s{n} ?p{n} ?s{n + 1} ." for n in range(2000)) + "}",
        COSTLY,
    ),
    "path of 833 steps": (f"SELECT * {{ ?s {'/'.join([f'<{EX}p1>'] * 833)} ?o }}", COSTLY),
    "3000 OPTIONALs": (f"SELECT * {{ {'OPTIONAL { ?s ?p ?o }' * 3000} }}", COSTLY),
    "3000 sub-SELECTs": (
        f"SELECT * {{ {'{SELECT*{' * 3000} ?s ?p ?o {'}}' * 3000} }}",
        ANSWERED,
    ),
    "nested groups": (nested("ASK ", "{", "", "}"), ANSWERED),
    "nested OPTIONAL": (nested("ASK {", "OPTIONAL{", "", "}", "}"), ANSWERED),
    "nested EXISTS": (nested("ASK {FILTER ", "EXISTS{FILTER ", "(1)", "}", "}"), ANSWERED),
    "nested parentheses": (nested("ASK {FILTER", "(", "1", ")", "}"), ANSWERED),
    "nested functions": (nested("ASK {FILTER(", "STR(", "1", ")", ")}"), ANSWERED),
    "nested lists": (nested("ASK {", "(", "1", ")", " <a:> 1}"), ANSWERED),
    "nested blank nodes": (nested("ASK {", "[<a:>", "[]", "]", "}"), ANSWERED),
    "nested triple terms": (nested("ASK {?s ?p ", "<<(?s ?p ", "?o", ")>>", "}"), ANSWERED),
    "nested path": (nested("ASK {?s ", "(", "<a:>", ")*", " ?o}"), ANSWERED),
    "negations in a row": (repeated("ASK {FILTER(", "!", "1)}"), ANSWERED),
    "sums in a row": (repeated("ASK {FILTER(1", "+1", ")}"), ANSWERED),
    "disjunctions in a row": (repeated("ASK {FILTER(1", "||1", ")}"), ANSWERED),
    "UNIONs in a row": (repeated("ASK {{}", "UNION{}", "}"), ANSWERED),
    "filters in a row": (repeated("ASK {", "FILTER(1)", "}"), ANSWERED),
    "CONCAT that doubles": (
        doubling(f"BIND(CONCAT({','.join(['OLD'] * 16)}) AS NEW)"),
        (QueryOutOfMemory, QueryTimeout),  # it yields, so on a busy machine the time ends first
    ),
    "REPLACE that doubles": (
        doubling('BIND(REPLACE(OLD, "a", "aaaaaaaaaaaaaaaa") AS NEW)'),
        (QueryOutOfMemory, QueryTimeout),
    ),
    "product of VALUES": (
        "SELECT (COUNT(*) AS ?n) {"
        + "".join(f"VALUES ?v{n} {{ {'1 ' * 300} }}" for n in range(8))
        + "}",
        COSTLY,
    ),
    "evil regular expression": (
        'SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(REGEX(?o, "(x+x+)+y")) }',
        PublicAnswer,
    ),
    "large regular expression": (
        'SELECT * { ?s ?p ?o FILTER(REGEX(?o, "((a{1000}){1000}){1000}")) }',
        (PublicAnswer, QueryTimeout, QueryOutOfMemory),
    ),
    "SERVICE": ("SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }", QueryRefused),
    "LOAD": ("LOAD <http://127.0.0.1:9/>", QueryRefused),
    "FROM an address": ("SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }", PublicAnswer),
    "FROM a file": ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", PublicAnswer),
}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return made_by_hand(tmp_path_factory.mktemp("hostile"), DATA)


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runtime")


def opened(release: Release, folder: Path, seconds: int) -> Iterator[Pool]:
    settings = Settings(query_seconds=seconds, query_memory_mb=256, result_max_bytes=20_000_000)
    pool = Pool(settings, release, folder, idle_seconds=0.2)
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def pool(many: Release, runtime: Path) -> Iterator[Pool]:
    yield from opened(many, runtime, SECONDS)


@pytest.fixture(scope="module")
def other(many: Release, runtime: Path) -> Iterator[Pool]:
    """The same service once more, as in its second server process."""
    yield from opened(many, runtime, 10)


def outcome(pool: Pool, text: str) -> object:
    try:
        return pool.answer(PublicQuery(text, SOLUTIONS, GRAPHS), "192.0.2.1")
    except Exception as error:
        return error


def point(pool: Pool, number: int) -> float:
    """Ask as another client; return the seconds that the right answer took."""
    text = f'SELECT ?s {{ ?s <{EX}p1> "value {number} 1" }}'
    answer = pool.answer(PublicQuery(text, ["csv"], []), "192.0.2.2")
    assert answer.body == f"s\r\n{EX}n{number}\r\n".encode()
    return answer.seconds


def ask_until(pool: Pool, hostile: Future[object]) -> list[float]:
    seconds = [point(pool, 0)]
    while not hostile.done():
        seconds.append(point(pool, len(seconds) % 2500))
    return seconds


@pytest.mark.parametrize(("text", "expected"), TABLE.values(), ids=list(TABLE))
def test_a_hostile_query_harms_nobody(pool: Pool, other: Pool, text: str, expected):
    assert eventually(lambda: is_ready(pool) and is_ready(other))
    before = [point(pool, 1), point(other, 1)]
    started = monotonic()
    with ThreadPoolExecutor(1) as threads:
        hostile = threads.submit(outcome, pool, text)
        seconds = ask_until(other, hostile)
    assert monotonic() - started < SECONDS + 1
    assert isinstance(hostile.result(), expected)
    assert max(before + seconds) < SECONDS
    assert eventually(lambda: len(pool.process_ids()) == len(other.process_ids()) == 1)
    assert eventually(lambda: max(map(resident_mebibytes, pool.process_ids())) < 100)
