import pyoxigraph as ox
import pytest

from kmn_ld.engine import convert, load_store, loading
from kmn_ld.errors import SourceError

LINES = [f'<https://example.org/{n}> <https://example.org/p> "ä{n}"@de .' for n in range(10)]


@pytest.fixture
def triples(tmp_path):
    path = tmp_path / "a.nt"
    path.write_text("".join(f"{line}\n" for line in sorted(LINES)), encoding="utf-8")
    return path


@pytest.mark.parametrize("on_disk", [True, False])
def test_pieces_add_up_and_progress_is_told(triples, tmp_path, monkeypatch, on_disk):
    monkeypatch.setattr(loading, "_PIECE", 4)
    told = []
    store = load_store([(triples, "nt")], tmp_path / "store" if on_disk else None, told.append)
    assert (len(store), told) == (10, [4, 8, 10])


def test_triples_go_to_the_default_graph_and_quads_to_theirs(triples, tmp_path):
    quads = tmp_path / "a.nq"
    quads.write_text("<a:a> <a:b> <a:c> <a:g> .\n", encoding="utf-8")
    store = load_store([(quads, "nq"), (triples, "nt")])
    graphs = [quad.graph_name for quad in store]
    assert graphs.count(ox.DefaultGraph()) == 10
    assert ox.NamedNode("a:g") in graphs


@pytest.mark.parametrize("name", ["ttl", "jsonld", "rdf"])
def test_converted_files_hold_the_same_triples(triples, tmp_path, name):
    target = tmp_path / f"a.{name}"
    convert(triples, target, name)
    kinds = {
        "ttl": ox.RdfFormat.TURTLE,
        "jsonld": ox.RdfFormat.JSON_LD,
        "rdf": ox.RdfFormat.RDF_XML,
    }
    quads = set(ox.parse(path=str(target), format=kinds[name]))
    assert quads == set(ox.parse(path=str(triples), format=ox.RdfFormat.N_TRIPLES))


def test_trig_names_the_graph(triples, tmp_path):
    target = tmp_path / "a.trig"
    convert(triples, target, "trig", "https://example.org/g")
    quads = list(ox.parse(path=str(target), format=ox.RdfFormat.TRIG))
    assert len(quads) == 10
    assert {quad.graph_name for quad in quads} == {ox.NamedNode("https://example.org/g")}


def test_what_a_format_cannot_express_leaves_no_file(triples, tmp_path):
    with triples.open("a") as more:
        more.write("<a:a> <a:b/1> <a:c> .\n")
    with pytest.raises(SourceError) as caught:
        convert(triples, tmp_path / "a.rdf", "rdf")
    assert caught.value.details["predicate"] == "a:b/1"
    assert not (tmp_path / "a.rdf").exists()
