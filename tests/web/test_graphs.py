import re
from pathlib import Path

import pytest

from kmn_ld.build.progress import Silent
from kmn_ld.build.releasing import build_dataset
from kmn_ld.config import Settings
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.formats import BY_NAME, DOCUMENT
from kmn_ld.vocab import BASE, GRAPH, PREFIXES
from kmn_ld.web import create_app

TYPE = f"<{PREFIXES['rdf']}type>"
QUADS = (
    "".join(
        f"<{BASE}id/x/{number:04}> {TYPE} <https://example.org/Kind> <{GRAPH}things> .\n"
        f'<{BASE}id/x/{number:04}> <https://example.org/p> "x"@de <{GRAPH}things> .\n'
        for number in range(600)
    )
    + f"<{BASE}id/x/odd> <https://example.org/1> <a:b> <{GRAPH}odd> .\n"
)

QUADS += f"<{BASE}id/x/chain> <a:p> _:n0 .\n" + "".join(
    f"_:n{number} <a:p> _:n{number + 1} .\n" for number in range(400)
)


class NeverWhole(TrustedStore):
    """A store of which no graph may be read as a whole."""

    def graph(self, iri):
        raise AssertionError(iri)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("graphs")
    (folder / "set.nq").write_text(QUADS, encoding="utf-8")
    settings = Settings(releases=folder / "releases")
    return settings, build_dataset(settings, folder / "set.nq", Silent())


@pytest.fixture(scope="module")
def visitor(built):
    settings, outcome = built
    engine = NeverWhole(open_store(outcome.release, settings.memory_triples))
    return create_app(settings, engine=engine).test_client()


@pytest.mark.parametrize("name", DOCUMENT)
def test_a_graph_is_sent_as_a_file_of_the_release(visitor, built, name):
    suffix, media_type = BY_NAME[name].suffix, BY_NAME[name].media_types[0]
    entry = built[1].release.files[f"graph/things.{suffix}"]
    by_suffix = visitor.get(f"/graph/things.{suffix}")
    by_header = visitor.get("/graph/things", headers={"Accept": media_type})
    for response in (by_suffix, by_header):
        assert response.status_code == 200
        assert Path(response.headers["X-Sendfile"]).name == f"things.{suffix}"
        assert response.headers["Content-Length"] == str(entry.bytes)
        assert response.headers["ETag"] == f'"{entry.sha256[:32]}"'
        assert response.content_type == BY_NAME[name].content_type
        assert response.headers["Content-Language"] == "de"
    assert "Vary" not in by_suffix.headers
    assert by_header.headers["Vary"] == "Accept, Accept-Language"


def test_a_known_graph_is_not_sent_again(visitor):
    tag = visitor.get("/graph/things.ttl").headers["ETag"]
    again = visitor.get("/graph/things.ttl", headers={"If-None-Match": tag})
    assert (again.status_code, again.headers["ETag"]) == (304, tag)


def test_the_page_counts_all_and_lists_some(visitor):
    page = visitor.get("/graph/things.html?lang=en").text
    assert re.search(r"Triples in this graph: 1\W?200\.", page)
    assert "500 things are named here" in page
    assert page.count('href="/doc/x/') == 500
    assert "/doc/x/0000" in page


@pytest.mark.parametrize("path", ["/graph/odd", "/doc/x/odd"])
def test_a_format_that_cannot_express_a_graph_or_thing_is_406_with_the_others(visitor, path):
    response = visitor.get(f"{path}.rdf")
    assert response.status_code == 406
    assert response.json["predicate"] == "https://example.org/1"
    assert f'<{path}.ttl>; rel="alternate"' in response.headers["Link"]
    assert visitor.get(f"{path}.ttl").status_code == 200


def test_overviews_are_no_representation(visitor):
    assert visitor.get("/graph/things.json").status_code == 404


@pytest.mark.parametrize("suffix", ["html", *(BY_NAME[name].suffix for name in DOCUMENT)])
def test_a_long_chain_of_blank_nodes_is_a_description_too(visitor, suffix):
    assert visitor.get(f"/doc/x/chain.{suffix}").status_code == 200
