import pyoxigraph as ox
import pytest

from kmn_ld.engine import convert, load_store, loading, write_sorted

LINES = [f'<https://example.org/{n}> <https://example.org/p> "ä{n}"@de .' for n in range(10)]


@pytest.fixture
def triples(tmp_path):
    path = tmp_path / "a.nt"
    assert write_sorted(reversed(LINES), path) == 10
    return path


def test_lines_are_sorted_and_end_with_a_line_feed(triples):
    assert triples.read_bytes() == ("\n".join(sorted(LINES)) + "\n").encode()


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
