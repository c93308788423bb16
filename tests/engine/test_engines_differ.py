"""What engines of others do in their own way: each line of the table in docs/scaling.md.

Where one of these tests fails because an engine has become better, its line goes.
"""

import json

import pytest

from kmn_ld.build import Silent
from kmn_ld.build.pushing import push_release
from kmn_ld.config import Settings
from kmn_ld.engine import PublicQuery, open_engine
from kmn_ld.releases import activate, current
from kmn_ld.vocab import PREFIXES
from tests.engine.handmade import release_of
from tests.engine.others import running

EX, XSD = "https://example.org/", PREFIXES["xsd"]
ONE, TWO = EX + "graph/one", EX + "graph/two"
CONTENT = f"""\
<{EX}a> <{EX}about> "x"@de <{ONE}> .
<{EX}a> <{EX}area> "POINT (1 2)"^^<{PREFIXES["geo"]}wktLiteral> <{ONE}> .
<{EX}a> <{EX}big> "12345678901234567890123"^^<{XSD}integer> <{ONE}> .
<{EX}a> <{EX}lasts> "P1D"^^<{XSD}duration> <{ONE}> .
<{EX}a> <{EX}list> _:node <{ONE}> .
<{EX}a> <{EX}name> "A"@en <{ONE}> .
<{EX}a> <{EX}name> "Z"@de <{ONE}> .
<{EX}a> <{EX}same> "x" <{ONE}> .
<{EX}a> <{EX}same> "x" <{TWO}> .
"""
DEFAULT = "".join(
    f"{line.rpartition(' <')[0]} .\n" for line in CONTENT.splitlines() if f"<{TWO}>" not in line
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("releases")
    files = {"content.nq": CONTENT.encode(), "default.nt": DEFAULT.encode()}
    release = release_of(made / ".building", files)
    release.folder.rename(made / release.id)
    activate(made, release.id)
    return made


def _asking(settings, folder):
    """Yield a function that returns the rows of a query as text, None where unbound."""
    engine = open_engine(settings, current(folder))

    def ask(text):
        prefixed = f"PREFIX : <{EX}> PREFIX xsd: <{XSD}> {text}"
        body = engine.answer(PublicQuery(prefixed, ("json",), ()), "192.0.2.1").body
        result = json.loads(body)
        names = result["head"]["vars"]
        return [
            tuple(row[name]["value"] if name in row else None for name in names)
            for row in result["results"]["bindings"]
        ]

    yield ask
    engine.close()


@pytest.fixture(scope="module")
def inside(folder):
    yield from _asking(Settings(), folder)


def _other(name, folder, tmp_path_factory):
    with running(name, tmp_path_factory.mktemp(name)) as started:
        settings = started.settings(releases=folder)
        push_release(settings, Silent())
        yield from _asking(settings, folder)


@pytest.fixture(scope="module")
def oxigraph(folder, tmp_path_factory):
    yield from _other("oxigraph", folder, tmp_path_factory)


@pytest.fixture(scope="module")
def virtuoso(folder, tmp_path_factory):
    yield from _other("virtuoso", folder, tmp_path_factory)


def test_a_blank_node_of_a_named_graph_is_another_in_the_default_graph(inside, oxigraph, virtuoso):
    """Each request to a graph store has its own blank nodes."""
    text = "SELECT ?node { :a :list ?node GRAPH ?g { :a :list ?node } }"
    assert [len(ask(text)) for ask in (inside, oxigraph, virtuoso)] == [1, 0, 0]


def test_a_statement_of_two_graphs_of_a_default_graph_counts_twice(inside, oxigraph, virtuoso):
    """SPARQL 1.1 Query, 13.2: an RDF merge has it once."""
    text = f"SELECT (COUNT(*) AS ?n) FROM <{ONE}> FROM <{TWO}> {{ :a :same ?x }}"
    assert [ask(text) for ask in (inside, oxigraph, virtuoso)] == [[("2",)]] * 3


CASES = {
    "counting in a graph that is none finds one": (
        "SELECT (COUNT(*) AS ?n) { GRAPH :none { ?s ?p ?o } }", "0", "1",
    ),
    "booleans that a query makes are numbers": (
        "SELECT (BOUND(?s) AS ?b) { ?s :same ?x }", "true", "1",
    ),
    "whole numbers are divided into whole numbers": (
        "SELECT (1/3 AS ?x) {}", "0.333333333333333333", "0",
    ),
    "texts in several languages come by language first": (
        "SELECT ?x { :a :name ?x } ORDER BY ?x LIMIT 1", "A", "Z",
    ),
    "CONCAT takes what is unbound for nothing": (
        "SELECT (CONCAT(?x, ?u) AS ?y) { :a :same ?x OPTIONAL { :a :none ?u } }", None, "x",
    ),
    "outlines are written without blanks": (
        "SELECT ?x { :a :area ?x }", "POINT (1 2)", "POINT(1 2)",
    ),
    "durations are counted in seconds": (
        "SELECT ?x { :a :lasts ?x }", "P1D", "86400.0",
    ),
    "large integers are decimals": (
        "SELECT (DATATYPE(?x) AS ?t) { :a :big ?x }", XSD + "integer", XSD + "decimal",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_oxigraphs_own_server_answers_as_the_engine_inside(inside, oxigraph, case):
    text, expected, _ = CASES[case]
    assert inside(text) == oxigraph(text) == [(expected,)]


@pytest.mark.parametrize("case", CASES)
def test_virtuoso_has_its_own_way(inside, virtuoso, case):
    text, expected, own = CASES[case]
    assert inside(text) == [(expected,)]
    assert virtuoso(text) == [(own,)]
