import json

import pyoxigraph as ox
import pytest

from kmn_ld.formats import BY_NAME, DOCUMENT
from kmn_ld.vocab import BASE, PREFIXES
from tests.web.made_up import (
    ACTIVE,
    ERASED,
    INACTIVE,
    MERGED,
    MERGED_TWICE,
    NEVER_MINTED,
    OTHER,
    RESERVED,
    SERVICE,
    WITHDRAWN,
    WRONG_DIGITS,
)

HTML = {"Accept": "text/html"}
OXIGRAPH = {
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}


def _triples(response, name):
    parsed = ox.parse(response.data, format=OXIGRAPH[name])
    quads = ox.Dataset(ox.Quad(*quad.triple) for quad in parsed)
    quads.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in quads}


@pytest.mark.parametrize(
    "path",
    ["network", f"org/{ACTIVE}", f"org/{INACTIVE}", f"service/{SERVICE}", "concept/pillar/one"],
)
def test_a_thing_sees_other_to_its_description_by_a_path(client, path):
    response = client.get(f"/id/{path}")
    assert response.status_code == 303
    assert response.headers["Location"] == f"/doc/{path}"


def test_a_suffix_on_the_name_of_a_thing_leads_to_the_document_in_that_format(client):
    response = client.get(f"/id/org/{ACTIVE}.ttl")
    assert response.status_code == 303
    assert response.headers["Location"] == f"/doc/org/{ACTIVE}.ttl"


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("org/K-7X2Q-F96", f"org/{ACTIVE}"),
        (f"org/ {ACTIVE}", f"org/{ACTIVE}"),
        (f"org/{ACTIVE}/", f"org/{ACTIVE}"),
        (f"ORG/{ACTIVE}", f"org/{ACTIVE}"),
        ("org/kbcdfo23", f"org/{OTHER}"),
        (f"org/{BASE}id/org/{ACTIVE}", f"org/{ACTIVE}"),
        ("region/Heide", "region/heide"),
        ("network/", "network"),
        (f"org/{MERGED}", f"org/{ACTIVE}"),
        (f"org/{MERGED_TWICE}", f"org/{ACTIVE}"),
    ],
)
@pytest.mark.parametrize("kind", ["id", "doc"])
def test_other_spellings_and_merged_ids_are_moved_for_good(client, kind, typed, canonical):
    response = client.get(f"/{kind}/{typed}")
    assert response.status_code == 301
    assert response.headers["Location"] == f"/{kind}/{canonical}"
    assert response.headers["Cache-Control"] == "public, max-age=86400"


def test_a_moved_description_keeps_its_suffix(client):
    response = client.get("/doc/org/K7X2QF96.ttl")
    assert response.headers["Location"] == f"/doc/org/{ACTIVE}.ttl"


@pytest.mark.parametrize("kind", ["id", "doc"])
@pytest.mark.parametrize(
    ("key", "status", "error"),
    [
        (WRONG_DIGITS, 404, "thing-check-digits"),
        (NEVER_MINTED, 404, "thing-not-minted"),
        (SERVICE, 404, "thing-not-minted"),
        (RESERVED, 404, "thing-reserved"),
        (WITHDRAWN, 410, "thing-withdrawn"),
        (ERASED, 410, "thing-erased"),
    ],
)
def test_each_state_without_a_description_says_which_it_is(client, kind, key, status, error):
    response = client.get(f"/{kind}/org/{key}")
    assert response.status_code == status
    assert response.json["type"].endswith(f":{error}")


@pytest.mark.parametrize(
    "path",
    [
        "region/nowhere",
        "planet/earth",
        "org",
        "org/x",
        "district/99999",
        "concept/pillar/no",
        "",
        "x",
    ],
)
@pytest.mark.parametrize("kind", ["id", "doc"])
def test_what_is_not_there_is_404(client, kind, path):
    assert client.get(f"/{kind}/{path}").status_code == 404


@pytest.mark.parametrize("name", DOCUMENT)
def test_suffix_and_accept_header_give_the_same_bytes(client, name):
    by_suffix = client.get(f"/doc/org/{ACTIVE}.{BY_NAME[name].suffix}")
    media_type = BY_NAME[name].media_types[0]
    by_header = client.get(f"/doc/org/{ACTIVE}", headers={"Accept": media_type})
    assert by_suffix.content_type == BY_NAME[name].content_type
    assert by_header.content_type == by_suffix.content_type
    assert by_header.data == by_suffix.data
    assert by_header.headers["Content-Location"] == f"/doc/org/{ACTIVE}.{BY_NAME[name].suffix}"


@pytest.mark.parametrize("name", DOCUMENT)
def test_all_formats_hold_the_same_triples(client, name):
    turtle = client.get(f"/doc/org/{ACTIVE}.ttl")
    other = client.get(f"/doc/org/{ACTIVE}.{BY_NAME[name].suffix}")
    assert len(_triples(turtle, "ttl")) == 26
    assert _triples(other, name) == _triples(turtle, "ttl")


def test_who_does_not_ask_for_html_gets_turtle(client):
    assert client.get("/doc/network").content_type == "text/turtle; charset=utf-8"
    assert client.get("/def", headers={"Accept": "*/*"}).mimetype == "text/turtle"
    assert client.get("/doc/network", headers=HTML).mimetype == "text/html"


@pytest.mark.parametrize(
    ("path", "vary"),
    [
        ("/doc/network", "Accept, Accept-Language"),
        ("/doc/network?lang=de", "Accept"),
        ("/doc/network.html", "Accept-Language"),
        ("/doc/network.html?lang=de", None),
        ("/doc/network.ttl", None),
        ("/def", "Accept, Accept-Language"),
        ("/def.ttl", None),
        ("/graph/network.nt", None),
        ("/context.jsonld", None),
    ],
)
def test_vary_names_exactly_what_the_url_leaves_open(client, path, vary):
    assert client.get(path).headers.get("Vary") == vary


def test_links_of_a_description_name_thing_formats_and_licence(client):
    link = client.get(f"/doc/org/{ACTIVE}").headers["Link"]
    assert f'<{BASE}id/org/{ACTIVE}>; rel="cite-as"' in link
    assert f'</doc/org/{ACTIVE}.ttl>; rel="describedby"; type="text/turtle"' in link
    assert f'</doc/org/{ACTIVE}.html>; rel="alternate"; type="text/html"' in link
    assert '<http://dcat-ap.de/def/licenses/dl-by-de/2.0>; rel="license"' in link


def test_the_location_of_a_page_keeps_the_chosen_language(client):
    page = client.get("/doc/network?lang=en", headers=HTML)
    data = client.get("/doc/network?lang=en")
    assert page.headers["Content-Location"] == "/doc/network.html?lang=en"
    assert data.headers["Content-Location"] == "/doc/network.ttl"


def test_every_alternate_of_a_page_names_its_true_type(client):
    page = client.get(f"/doc/org/{ACTIVE}.html").text
    for name in (*DOCUMENT, "html"):
        suffix, media_type = BY_NAME[name].suffix, BY_NAME[name].media_types[0]
        path = f"/doc/org/{ACTIVE}.{suffix}"
        assert f'<link rel="alternate" type="{media_type}" href="{path}">' in page
        assert client.get(path).mimetype == media_type


def test_an_unoffered_type_is_406_and_lists_the_offer(client):
    response = client.get("/doc/network", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.json["offered"]
    assert '</doc/network.ttl>; rel="alternate"; type="text/turtle"' in response.headers["Link"]


@pytest.mark.parametrize("suffix", ["csv", "nq", "xml"])
def test_a_suffix_of_another_kind_of_resource_is_404(client, suffix):
    response = client.get(f"/doc/network.{suffix}")
    assert response.status_code == 404
    assert response.json["type"].endswith(":suffix-unknown")


def test_a_page_shows_names_parts_and_literals_with_their_language(client):
    page = client.get(f"/doc/org/{ACTIVE}.html").text
    assert '<h1><span lang="de" dir="auto">Haus der Beratung</span></h1>' in page
    assert '<span lang="ar" dir="rtl">بيت المشورة</span>' in page
    assert '<section class="part" id="address">' in page
    assert page.count('id="address"') == 1
    assert 'href="/doc/concept/pillar/one"' in page
    assert 'href="https://example.org/house"' in page


def test_a_page_lets_no_text_of_the_data_act(client):
    page = client.get(f"/doc/org/{ACTIVE}.html").text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'href="javascript:' not in page


def test_a_page_names_what_points_at_the_thing(client):
    page = client.get(f"/doc/org/{ACTIVE}.html").text
    assert f'href="/doc/org/{OTHER}"' in page


@pytest.mark.parametrize(
    "path", ["/def", "/shapes", "/graph/network", "/graph/ontology", "/def/1.0.0"]
)
def test_vocabularies_and_graphs_answer_as_page_and_as_data(client, path):
    assert client.get(path, headers=HTML).mimetype == "text/html"
    turtle = client.get(path)
    assert turtle.mimetype == "text/turtle"
    assert _triples(client.get(f"{path}.jsonld"), "jsonld") == _triples(turtle, "ttl")


def test_the_ontology_page_tells_each_term_where_its_iri_points(client):
    page = client.get("/def.html?lang=en").text
    assert 'id="inPillar"' in page
    assert "in pillar" in page


@pytest.mark.parametrize(
    "path", ["/graph/nothing", "/graph/nothing.html", "/def/0.0.1", "/shapes.csv"]
)
def test_unknown_graphs_and_versions_are_404(client, path):
    assert client.get(path).status_code == 404


def test_trig_keeps_the_named_graph(client):
    quads = list(ox.parse(client.get("/doc/network.trig").data, format=ox.RdfFormat.TRIG))
    assert {quad.graph_name.value for quad in quads} == {f"{BASE}graph/network"}


def test_the_context_holds_every_prefix_and_what_documents_call_their_terms(client):
    response = client.get("/context.jsonld")
    assert response.content_type == "application/ld+json"
    whole = json.loads(response.data)["@context"]
    assert PREFIXES.items() <= whole.items()
    assert whole["prefLabel"] == {"@id": "skos:prefLabel", "@container": "@language"}
    carried = json.loads(client.get(f"/doc/org/{ACTIVE}.jsonld").data)["@context"]
    assert len(carried) > 10
    assert carried.items() <= whole.items()


def test_json_ld_reads_well(client):
    [node] = [
        node
        for node in json.loads(client.get(f"/doc/org/{ACTIVE}.jsonld").data)["@graph"]
        if node["@id"].endswith(ACTIVE)
    ]
    assert node["@type"] == "Organization"
    assert node["inPillar"] == f"{BASE}id/concept/pillar/one"
    assert node["prefLabel"] == {"de": "Haus der Beratung", "en": "House of advice"}
    assert node["lastVerified"] == "2026-11"


def test_data_says_which_languages_are_in_it(client):
    assert client.get(f"/doc/org/{ACTIVE}.ttl").headers["Content-Language"] == "ar, de, en"
