from kmn_ld import queries, releases
from kmn_ld.build.examples import describe_examples
from kmn_ld.engine import TrustedStore
from kmn_ld.engine.opening import open_store
from kmn_ld.vocab import BASE


def _kept(workplace):
    folder = releases.current(workplace.releases).path(releases.QUERIES)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_release_holds_the_examples_of_its_sources(workplace):
    examples = workplace.sources / "queries" / "examples"
    assert len(_kept(workplace)) > 20
    assert _kept(workplace) == {path.name: path.read_bytes() for path in examples.glob("*.rq")}
    listed = releases.current(workplace.releases).files
    assert {f"{releases.QUERIES}/{name}" for name in _kept(workplace)} <= set(listed)


def test_a_changed_example_makes_a_new_release(workplace):
    assert "Nothing has changed" in workplace.run("build").output
    path = workplace.sources / "queries" / "examples" / "pillars.rq"
    path.write_text(path.read_text("utf-8") + "# more\n", encoding="utf-8")
    assert workplace.run("build").exit_code == 0
    assert _kept(workplace)["pillars.rq"].endswith(b"# more\n")


def test_each_query_is_described_as_tools_look_for_it(workplace):
    """SHACL, 5.2; the query of SIB's editor for the examples of an endpoint."""
    store = open_store(releases.current(workplace.releases), 10**9)
    rows = TrustedStore(store).rows(
        "PREFIX sh: <http://www.w3.org/ns/shacl#>"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
        "SELECT ?sq ?comment ?query { ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;"
        " sh:select|sh:ask|sh:construct|sh:describe ?query }"
    )
    library = {
        query.iri: query.text
        for path in queries.find(workplace.sources / "queries" / "examples")
        for query in [queries.read_library(path)]
    }
    assert len(library) > 20
    assert {row["sq"].value: row["query"].value for row in rows} == library
    assert len(rows) == 2 * len(library)


def test_the_descriptions_stand_in_their_graph_and_name_the_parameters(workplace):
    store = TrustedStore(open_store(releases.current(workplace.releases), 10**9))
    day = f"{BASE}queries/coordination-on-a-day#day"
    graph = store.graph(f"{BASE}graph/queries")
    said = {
        (one.predicate.value.rpartition("#")[2], one.object.value)
        for one in graph
        if one.subject.value == day
    }
    assert said == {
        ("type", "http://www.w3.org/ns/shacl#Parameter"),
        ("path", f"{BASE}queries#day"),
        ("optional", "true"),
        ("datatype", "http://www.w3.org/2001/XMLSchema#date"),
        ("defaultValue", "2010-03-01"),
        ("name", "Tag"),
        ("name", "day"),
    }


def test_a_query_without_a_whole_header_is_not_described(tmp_path):
    folder = tmp_path / "queries" / "examples"
    folder.mkdir(parents=True)
    (folder / "bad.rq").write_text("SELECT * {}", encoding="utf-8")
    assert describe_examples(tmp_path) == []
