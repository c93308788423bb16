import pytest

from kmn_ld.engine.interface import PublicQuery
from kmn_ld.engine.remote_dataset import NOTHING, dataset_of, graphs_of
from kmn_ld.engine.remote_endpoint import Dataset
from kmn_ld.errors import QuerySyntaxError
from kmn_ld.vocab import GRAPH
from tests.engine.handmade import DATA, SHAPES, release_of

WHOLE = Dataset(("x:default",), ("x:one", "x:two"))
EX = "https://example.org/"


def _of(text: str, **parameters: object) -> tuple[list[str], list[str]]:
    found, _ = dataset_of(PublicQuery(text, (), (), **parameters), WHOLE)
    return list(found.default), list(found.named)


def test_without_a_word_about_graphs_it_is_the_whole_release():
    assert _of("SELECT * { ?from ?named 'FROM <x:a>' }") == (["x:default"], ["x:one", "x:two"])


@pytest.mark.parametrize(
    ("clauses", "default", "named"),
    [
        (f"FROM <{EX}a>", [EX + "a"], [NOTHING]),
        (f"from named <{EX}a>", [NOTHING], [EX + "a"]),
        (f"FROM <{EX}a> FROM ex:a FROM NAMED ex:a FROM NAMED ex:a", [EX + "a"], [EX + "a"]),
        (f"FROM <{EX}a> FROM <{EX}b> FROM NAMED ex:c", [EX + "a", EX + "b"], [EX + "c"]),
        ("FROM ex: FROM NAMED ex:a\\,b", [EX], [EX + "a,b"]),
        ("FROM <a> FROM NAMED <../c>", [EX + "base/a"], [EX + "c"]),
        (r"FROM <https://example.org/\u00fc>", [EX + "ü"], [NOTHING]),
        ("FROM :a", ["x:a"], [NOTHING]),
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "SELECT * %s WHERE { ?s ?p '}' }",
        "SELECT (COUNT(*) AS ?from) %s { ?s ?p ?o } ORDER BY ?from",
        "ASK %s { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p [] } %s WHERE { ?s ?p ?o }",
        "DESCRIBE ex:from <x:from> %s",
    ],
)
def test_from_clauses_are_read_wherever_they_stand(form, clauses, default, named):
    """SPARQL 1.1 Query, 13.2; relative IRIs: 4.1.1."""
    prologue = f"BASE <{EX}base/> PREFIX ex: <{EX}> PREFIX : <x:> PREFIX from: <x:from>\n"
    assert _of(prologue + form % clauses) == (default, named)
    _, text = dataset_of(PublicQuery(prologue + form % clauses, (), ()), WHOLE)
    assert text.split() == (prologue + form % "").split()


def test_relative_iris_count_from_our_base_as_inside():
    assert _of("ASK FROM <graph/network> {}") == ([GRAPH + "network"], [NOTHING])
    assert _of("BASE <graph/> ASK FROM NAMED <network> {}") == ([NOTHING], [GRAPH + "network"])


def test_parameters_of_the_protocol_win_over_from():
    """SPARQL 1.1 Protocol, 2.1.4."""
    found = _of("ASK FROM <x:a> FROM NAMED <x:b> {}", default_graphs=("x:c",), named_graphs=())
    assert found == (["x:c"], [NOTHING])
    query = PublicQuery("ASK FROM <x:a>{}", (), (), ("x:c",), ())
    assert dataset_of(query, WHOLE)[1].split() == ["ASK", "{}"]


def test_no_graph_at_all_is_not_taken_for_all():
    assert _of("ASK {}", default_graphs=(), named_graphs=("x:b",)) == ([NOTHING], ["x:b"])


@pytest.mark.parametrize("text", ["SELECT * FROMex:a {}", "SELECT * FROM NAMEDex:a {}"])
def test_a_clause_without_a_blank_is_refused_rather_than_overlooked(text):
    with pytest.raises(QuerySyntaxError) as caught:
        _of("PREFIX ex: <x:> " + text)
    assert caught.value.details["column"] > 16


def test_graphs_are_those_of_the_manifest_or_of_the_content(tmp_path):
    lines = f"<a:b> <a:b> <a:b> <{SHAPES}> .\n<a:b> <a:b> <a:b> .\n<a:b> <a:b> 'x' <{DATA}> .\n"
    release = release_of(tmp_path, {"content.nq": lines.replace("'", '"').encode()})
    assert graphs_of(release) == [DATA, SHAPES]
    release.manifest.__dict__["graphs"] = {"x:b": 1, "x:a": 2}
    assert graphs_of(release) == ["x:a", "x:b"]
