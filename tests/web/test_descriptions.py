"""VoID and the service description over HTTP: where, in which format, with which addresses."""

import pyoxigraph as ox
import pytest

from kmn_ld import queries, releases
from kmn_ld.catalogue.writing import VOID_DATASET
from kmn_ld.formats import BY_NAME, GRAPHS
from kmn_ld.vocab import SERVICE_DESCRIPTION
from kmn_ld.web import create_app
from kmn_ld.web.live import Current, Live

TURTLE = {"Accept": "text/turtle"}
PLACES = ["/sparql", "/.well-known/void", "/"]


def _triples(response):
    name = next(n for n in GRAPHS if BY_NAME[n].content_type == response.content_type)
    form = ox.RdfFormat.from_media_type(BY_NAME[name].media_types[0])
    return {quad.triple for quad in ox.parse(response.data, format=form)}


def _endpoints(response):
    return {
        triple.object.value
        for triple in _triples(response)
        if triple.predicate.value == f"{SERVICE_DESCRIPTION}endpoint"
    }


def test_get_on_the_endpoint_returns_rdf(client):
    """W3C test returns-rdf (SPARQL 1.1 Service Description, 2)."""
    response = client.get("/sparql")
    assert (response.status_code, response.content_type) == (200, "text/turtle; charset=utf-8")
    assert len(_triples(response)) > 50


def test_the_description_has_a_matching_endpoint_triple(client):
    """W3C test has-endpoint-triple (SPARQL 1.1 Service Description, 3.2.1)."""
    assert _endpoints(client.get("/sparql")) == {"http://localhost/sparql"}


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_dataset_stands_behind_the_service_that_it_belongs_to(client, name, scheme):
    """Comunica reads statements in their order, and those about a dataset when it knows it."""
    response = client.get("/sparql", query_string={"format": name}, base_url=f"{scheme}://z.zz")
    assert response.text.index("defaultDataset") < response.text.index("defaultGraph")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", GRAPHS)
def test_each_syntax_gives_the_same_triples(client, place, name):
    response = client.get(place, headers={"Accept": BY_NAME[name].media_types[0]})
    assert response.content_type == BY_NAME[name].content_type
    assert _triples(response) == _triples(client.get(place, headers=TURTLE))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", GRAPHS)
def test_the_format_may_stand_in_the_url_which_then_varies_by_nothing(client, place, name):
    response = client.get(place, query_string={"format": name}, headers={"Accept": "text/html"})
    assert response.content_type == BY_NAME[name].content_type
    assert "Vary" not in response.headers


@pytest.mark.parametrize("place", PLACES)
def test_the_answer_varies_by_accept_and_is_known_again(client, place):
    response = client.get(place, headers=TURTLE)
    assert response.headers["Vary"] == "Accept"
    assert response.headers["Content-Language"] == "de, en"
    known = client.get(place, headers={**TURTLE, "If-None-Match": response.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")
    assert not response.headers["ETag"].startswith("W/")


def test_void_stands_at_the_well_known_place_and_at_the_root(client):
    void = client.get("/.well-known/void")
    assert void.data == client.get("/", headers=TURTLE).data
    assert VOID_DATASET in {triple.subject.value for triple in _triples(void)}


@pytest.mark.parametrize("place", ["/sparql", "/"])
def test_who_asks_for_html_gets_a_page(client, place):
    response = client.get(place, headers={"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"})
    assert response.content_type == "text/html; charset=utf-8"


def test_the_root_is_a_page_for_who_does_not_ask_for_rdf(client):
    assert client.get("/").mimetype == "text/html"


@pytest.mark.parametrize(
    ("method", "query"),
    [("GET", "default-graph-uri=urn:g"), ("GET", "named-graph-uri=urn:g"), ("POST", "")],
)
def test_a_request_that_lacks_its_query_is_not_taken_for_one_for_the_description(
    client, method, query
):
    form = {"content_type": "application/x-www-form-urlencoded"} if method == "POST" else {}
    response = client.open(f"/sparql?{query}", method=method, headers=TURTLE, **form)
    assert (response.status_code, response.json["type"][-13:]) == (400, "query-missing")


def test_who_accepts_results_only_has_forgotten_the_query(client):
    response = client.get("/sparql", headers={"Accept": "application/sparql-results+json"})
    assert (response.status_code, response.json["type"][-13:]) == (400, "query-missing")


def test_a_type_that_void_does_not_have_is_not_acceptable(client):
    response = client.get("/.well-known/void", headers={"Accept": "text/csv"})
    assert response.status_code == 406
    assert "text/turtle" in response.json["detail"]


@pytest.mark.parametrize("place", ["/.well-known/void", "/"])
@pytest.mark.parametrize("name", ["csv", "geojson", "nothing"])
@pytest.mark.parametrize("accept", ["text/turtle", "text/html"])
def test_a_format_that_is_not_offered_is_named_whatever_is_accepted(client, place, name, accept):
    response = client.get(place, query_string={"format": name}, headers={"Accept": accept})
    assert (response.status_code, response.json["format"]) == (406, name)
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/doc/network", "/def", "/shapes", "/graph/network", "/queries"])
@pytest.mark.parametrize("name", ["html", "ttl", "csv"])
def test_what_looks_at_no_format_in_the_url_says_that_accept_decides(client, path, name):
    headers = {"Accept": "text/html"}
    response = client.get(path, query_string={"format": name}, headers=headers)
    assert response.mimetype == "text/html"
    assert "Accept" in response.headers["Vary"].split(", ")


@pytest.mark.parametrize("place", PLACES)
def test_addresses_are_those_of_the_server_that_was_asked(client, place):
    text = client.get(place, headers={**TURTLE, "Host": "data.example.org:81"}).text
    assert "<http://data.example.org:81/sparql>" in text
    assert "localhost" not in text


def test_addresses_are_public_ones_where_the_operator_has_set_them(settings, engine):
    public = settings.with_changes(public_url="https://public.example.org/")
    response = create_app(public, engine=engine).test_client().get("/sparql")
    assert _endpoints(response) == {"https://public.example.org/sparql"}


def test_query_files_are_not_read_for_each_description(client, monkeypatch):
    assert b"SPARQLExecutable" in client.get("/sparql?format=ttl").data

    def find(folder):
        pytest.fail(f"{folder} is read anew")

    monkeypatch.setattr(queries, "find", find)
    assert b"SPARQLExecutable" in client.get("/sparql?format=nt").data


def test_an_official_service_is_no_draft(settings, engine):
    official = settings.with_changes(official=True)
    assert b"Entwurf" not in create_app(official, engine=engine).test_client().get("/sparql").data


@pytest.mark.parametrize("place", PLACES)
def test_head_and_options_answer_as_everywhere(client, place):
    head = client.head(place, headers=TURTLE)
    assert (head.status_code, head.mimetype, head.data) == (200, "text/turtle", b"")
    assert client.options(place).status_code == 204
    assert head.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("place", PLACES)
def test_a_release_of_an_older_software_has_no_description(settings, engine, release, place):
    app = create_app(settings, engine=Live(_without_statistics(engine, release)))
    response = app.test_client().get(place, headers=TURTLE)
    assert (response.status_code, response.json["release"]) == (404, release.id)
    assert "--force" in response.json["detail"]


def _without_statistics(engine, release):
    now = Current.of(engine, release)
    assert release.path(releases.STATISTICS).exists()
    now.__dict__["statistics"] = None
    return now
