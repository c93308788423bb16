"""The table “States and answers” (identifiers, section 2), asked of a server by its clients."""

import json
from urllib.error import HTTPError

import pytest
import requests
from rdflib import OWL, Graph, Literal, URIRef

from kmn_ld import ledger
from kmn_ld.describe.stubs import all_stubs
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.serialising import serialise
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.vocab import BASE, PREFIXES
from kmn_ld.web import create_app
from kmn_ld.web.live import Current, Live
from tests.web import made_up
from tests.web.made_up import (
    ACTIVE,
    ERASED,
    INACTIVE,
    MERGED,
    MERGED_TWICE,
    NEVER_MINTED,
    RESERVED,
    WITHDRAWN,
    WRONG_DIGITS,
)
from tests.web.served import serving

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own
ACCEPT = {
    "html": "text/html",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "json": "application/json",
}
SENT = {"html": "text/html; charset=utf-8", "ttl": "text/turtle; charset=utf-8",
        "jsonld": "application/ld+json", "json": "application/problem+json"}  # fmt: skip
CONCEPT = f"{BASE}id/concept"
STATUS = URIRef(PREFIXES["kmn"] + "status")
REPLACED = URIRef(PREFIXES["dcterms"] + "isReplacedBy")
NOTED = URIRef(PREFIXES["skos"] + "changeNote")
DAY = "public, max-age=86400"
EVERY = pytest.mark.parametrize("name", ACCEPT)
BOTH = pytest.mark.parametrize("method", ["GET", "HEAD"])
_ENDED = f"""
<id/org/{INACTIVE}> kmn:status <id/concept/status/inactive> ;
    schema:dissolutionDate "2026-01"^^xsd:gYearMonth ; dcterms:isReplacedBy <id/org/{ACTIVE}> .
<id/concept/status-reason/out-of-scope> a skos:Concept ;
    skos:prefLabel "gehört nicht dazu"@de , "out of scope"@en .
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("states")
    path = folder / "ledger.csv"
    made_up.write_ledger(path)
    stubs = serialise(all_stubs(ledger.parse(path.read_bytes(), path)), "nt").decode()
    (folder / "releases").mkdir()
    made_up.write(folder / "releases", more=_ENDED + stubs)
    with serving(folder / "releases", folder / "tmp") as running:
        yield running


@pytest.fixture(scope="module")
def ask(served):
    """Return a function that asks the server by `requests` and follows nothing."""
    with requests.Session() as session:

        def asked(path, name=None, method="GET", **headers):
            headers |= {"Accept": ACCEPT[name]} if name else {}
            url = f"http://127.0.0.1:{served.port}{path}"
            return session.request(method, url, headers=headers, allow_redirects=False)

        yield asked


def _links(response):
    parsed = requests.utils.parse_header_links(response.headers.get("Link", ""))
    return {(link["rel"], link["url"]) for link in parsed}


def _graph(text, form="turtle"):
    return Graph().parse(data=text, format=form)


@BOTH
@EVERY
@pytest.mark.parametrize("key", [ACTIVE, INACTIVE])
def test_the_name_of_what_has_a_record_sees_other(ask, key, name, method):
    response = ask(f"/id/org/{key}", name, method)
    assert (response.status_code, response.content) == (303, b"")
    assert response.headers["Location"] == f"/doc/org/{key}"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert "Link" not in response.headers


@BOTH
@pytest.mark.parametrize("name", ["html", "ttl", "jsonld"])
@pytest.mark.parametrize("key", [ACTIVE, INACTIVE])
@pytest.mark.parametrize("by", ["header", "suffix"])
def test_a_record_is_described(ask, key, name, method, by):
    path = f"/doc/org/{key}"
    response = ask(path, name, method) if by == "header" else ask(f"{path}.{name}", None, method)
    headers = response.headers
    assert response.status_code == 200
    assert headers["Content-Type"] == SENT[name]
    assert headers["Content-Location"] == f"{path}.{name}"
    assert headers["Cache-Control"] == "public, max-age=3600"
    assert not headers["ETag"].startswith("W/")
    assert _links(response) >= {
        ("cite-as", f"{BASE}id/org/{key}"),
        ("describedby", f"{path}.ttl"),
        ("describedby", f"{path}.jsonld"),
        ("license", "http://dcat-ap.de/def/licenses/dl-by-de/2.0"),
        ("canonical", path),
    }
    expected = {"header": "Accept, Accept-Language", "suffix": "Accept-Language"}[by]
    assert headers.get("Vary") == (expected if by == "header" or name == "html" else None)
    assert bool(response.content) is (method == "GET")


@BOTH
@pytest.mark.parametrize("key", [ACTIVE, INACTIVE])
def test_plain_json_of_a_record_is_not_offered_yet(ask, key, method):
    assert ask(f"/doc/org/{key}", "json", method).status_code == 406
    assert ask(f"/doc/org/{key}.json", None, method).status_code == 404


def test_what_is_no_longer_active_tells_status_end_and_successor(ask):
    graph = _graph(ask(f"/doc/org/{INACTIVE}", "ttl").text)
    iri = URIRef(f"{BASE}id/org/{INACTIVE}")
    assert graph.value(iri, STATUS) == URIRef(f"{CONCEPT}/status/inactive")
    assert str(graph.value(iri, URIRef(PREFIXES["schema"] + "dissolutionDate"))) == "2026-01"
    assert graph.value(iri, REPLACED) == URIRef(f"{BASE}id/org/{ACTIVE}")


@BOTH
@EVERY
@pytest.mark.parametrize("kind", ["id", "doc"])
@pytest.mark.parametrize("key", [MERGED, MERGED_TWICE, MERGED.upper()])
def test_what_was_merged_leads_straight_to_the_survivor(ask, kind, key, name, method):
    response = ask(f"/{kind}/org/{key}", name, method)
    assert (response.status_code, response.content) == (301, b"")
    assert response.headers["Location"] == f"/{kind}/org/{ACTIVE}"
    assert response.headers["Cache-Control"] == DAY
    assert _links(response) == {("canonical", f"{BASE}id/org/{ACTIVE}")}


@BOTH
@pytest.mark.parametrize("name", ["html", "ttl", "jsonld"])
@pytest.mark.parametrize("by", ["header", "suffix"])
@pytest.mark.parametrize("key", [MERGED, MERGED_TWICE])
def test_without_redirect_the_stub_of_what_was_merged_is_shown(ask, key, name, method, by):
    path = f"/doc/org/{key}"
    asked = (path, name) if by == "header" else (f"{path}.{name}", None)
    response = ask(f"{asked[0]}?redirect=no", asked[1], method)
    assert (response.status_code, response.headers["Content-Type"]) == (200, SENT[name])
    assert response.headers["Content-Location"] == f"{path}.{name}?redirect=no"
    assert _links(response) >= {
        ("canonical", f"{BASE}id/org/{ACTIVE}"),
        ("cite-as", f"{BASE}id/org/{key}"),
        ("describedby", f"{path}.ttl?redirect=no"),
    }
    assert ("canonical", path) not in _links(response)
    assert bool(response.content) is (method == "GET")


@pytest.mark.parametrize(("name", "form"), [("ttl", "turtle"), ("jsonld", "json-ld")])
def test_the_stub_says_status_and_survivor(ask, name, form):
    graph = _graph(ask(f"/doc/org/{MERGED_TWICE}?redirect=no", name).text, form)
    iri, survivor = URIRef(f"{BASE}id/org/{MERGED_TWICE}"), URIRef(f"{BASE}id/org/{ACTIVE}")
    assert set(graph) == {
        (iri, STATUS, URIRef(f"{CONCEPT}/status/merged")),
        (iri, REPLACED, survivor),
        (iri, OWL.sameAs, survivor),
    }


def test_another_value_of_redirect_means_nothing(ask):
    assert ask(f"/doc/org/{MERGED}?redirect=yes", "ttl").status_code == 301
    assert ask(f"/id/org/{MERGED}?redirect=no", "ttl").status_code == 301


def test_a_typed_id_keeps_what_was_asked_of_it(ask):
    response = ask(f"/doc/org/{MERGED.upper()}?redirect=no", "ttl")
    assert response.status_code == 301
    assert response.headers["Location"] == f"/doc/org/{MERGED}?redirect=no"


@BOTH
@EVERY
@pytest.mark.parametrize("by", ["header", "suffix"])
@pytest.mark.parametrize(
    "path", [f"/{kind}/org/{key}" for kind in ("id", "doc") for key in (WITHDRAWN, ERASED)]
)
def test_what_is_gone_answers_with_a_tombstone(ask, path, name, by, method):
    response = ask(path, name, method) if by == "header" else ask(f"{path}.{name}", None, method)
    assert response.status_code == 410
    assert response.headers["Content-Type"] == SENT[name]
    assert response.headers["Cache-Control"] == DAY
    by_language = by == "header" or name in ("html", "json")
    vary = (["Accept"] if by == "header" else []) + (["Accept-Language"] if by_language else [])
    assert response.headers.get("Vary") == (", ".join(vary) or None)
    document = path.replace("/id/", "/doc/")
    assert ("alternate", f"{document}.ttl") in _links(response)
    assert {relation for relation, _ in _links(response)} == {"alternate"}
    assert bool(response.content) is (method == "GET")


@pytest.mark.parametrize("kind", ["id", "doc"])
def test_an_id_of_what_is_gone_is_first_set_right(ask, kind):
    response = ask(f"/{kind}/org/{WITHDRAWN.upper()}", "ttl")
    assert (response.status_code, response.headers["Location"]) == (301, f"/{kind}/org/{WITHDRAWN}")


@pytest.mark.parametrize("kind", ["id", "doc"])
@pytest.mark.parametrize(("name", "form"), [("ttl", "turtle"), ("jsonld", "json-ld")])
def test_tombstones_say_no_more_than_their_state_allows(ask, kind, name, form):
    withdrawn = _graph(ask(f"/{kind}/org/{WITHDRAWN}", name).text, form)
    iri = URIRef(f"{BASE}id/org/{WITHDRAWN}")
    assert withdrawn.value(iri, STATUS) == URIRef(f"{CONCEPT}/status/withdrawn")
    assert withdrawn.value(iri, NOTED) == URIRef(f"{CONCEPT}/status-reason/out-of-scope")
    assert Literal(WITHDRAWN) in set(withdrawn.objects(iri))
    assert len(withdrawn) == 4
    erased = _graph(ask(f"/{kind}/org/{ERASED}", name).text, form)
    assert erased.value(URIRef(f"{BASE}id/org/{ERASED}"), STATUS) is not None
    assert len(erased) == 3


def test_a_tombstone_as_json_has_the_same_facts(ask):
    told = json.loads(ask(f"/doc/org/{WITHDRAWN}", "json").text)
    assert told["type"].endswith(":thing-withdrawn")
    assert (told["id"], told["state"], told["date"]) == (WITHDRAWN, "withdrawn", "2026-02-03")
    assert told["reason"] == f"{CONCEPT}/status-reason/out-of-scope"
    assert "reason" not in json.loads(ask(f"/doc/org/{ERASED}", "json").text)


def test_who_names_no_type_or_an_unknown_one_gets_the_tombstone_too(ask):
    for accept in ("*/*", "image/png", "application/problem+json"):
        response = ask(f"/id/org/{WITHDRAWN}", Accept=accept)
        assert (response.status_code, response.json()["state"]) == (410, "withdrawn")


@pytest.mark.parametrize(
    ("path", "german", "english"),
    [
        (f"/id/org/{WITHDRAWN}", "gehört nicht dazu", "out of scope"),
        (f"/doc/org/{ERASED}", "Gelöscht", "Erased"),
        (f"/doc/org/{MERGED}?redirect=no", "Haus der Beratung", "House of advice"),
    ],
)
def test_pages_of_what_has_ended_are_in_two_languages(ask, path, german, english):
    told = {tag: ask(path, "html", **{"Accept-Language": tag}).text for tag in ("de", "en")}
    assert german in told["de"]
    assert english in told["en"]
    assert '<time datetime="2026-02-03">3. Februar 2026</time>' in told["de"]
    assert [f'<html lang="{tag}"' in text for tag, text in told.items()] == [True, True]
    assert [text.count("<h1") for text in told.values()] == [1, 1]


def test_the_page_of_a_stub_links_to_the_survivor(ask):
    page = ask(f"/doc/org/{MERGED}?redirect=no&lang=en", "html").text
    assert f'href="/doc/org/{ACTIVE}?lang=en"' in page
    assert f'href="/doc/org/{MERGED}.ttl?redirect=no"' in page


NOT_FOUND = {
    RESERVED: ("thing-reserved", "Noch nicht veröffentlicht"),
    WRONG_DIGITS: ("thing-check-digits", "Tippfehler? Die Prüfziffern passen nicht"),
    NEVER_MINTED: ("thing-not-minted", "nicht vergeben"),
}


@BOTH
@EVERY
@pytest.mark.parametrize("kind", ["id", "doc"])
@pytest.mark.parametrize("key", NOT_FOUND)
def test_what_was_never_public_is_not_found(ask, kind, key, name, method):
    response = ask(f"/{kind}/org/{key}", name, method)
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Type"] == (SENT["html"] if name == "html" else SENT["json"])
    assert bool(response.content) is (method == "GET")


@pytest.mark.parametrize(("key", "told"), NOT_FOUND.items())
def test_each_page_and_each_problem_says_what_is_the_matter(ask, key, told):
    error, text = told
    assert text in ask(f"/id/org/{key}", "html").text
    assert ask(f"/doc/org/{key}", "json").json()["type"].endswith(f":{error}")


@pytest.mark.parametrize("kind", ["id", "doc"])
@pytest.mark.parametrize("key", [ACTIVE, MERGED, MERGED_TWICE])
def test_rdflib_as_a_client_comes_to_the_record(served, kind, key):
    graph = Graph().parse(f"http://127.0.0.1:{served.port}/{kind}/org/{key}")
    names = set(graph.objects(URIRef(f"{BASE}id/org/{ACTIVE}")))
    assert Literal("Haus der Beratung", lang="de") in names


@pytest.mark.parametrize("kind", ["id", "doc"])
def test_rdflib_as_a_client_can_read_a_tombstone(served, kind):
    url = f"http://127.0.0.1:{served.port}/{kind}/org/{WITHDRAWN}"
    with pytest.raises(HTTPError) as caught:
        Graph().parse(url, format="turtle")
    with caught.value as answer:
        graph = _graph(answer.read().decode())
    assert caught.value.code == 410
    assert (URIRef(f"{BASE}id/org/{WITHDRAWN}"), STATUS, None) in graph


def test_requests_as_a_client_follows_to_the_survivor(served):
    url = f"http://127.0.0.1:{served.port}/id/org/{MERGED_TWICE}"
    response = requests.get(url, headers={"Accept": "text/turtle"}, timeout=20)
    assert [step.status_code for step in response.history] == [301, 303]
    assert response.url.endswith(f"/doc/org/{ACTIVE}")


def test_every_id_of_the_shipped_ledger_answers_as_its_state_demands(shipped, settings):
    """Rule (c)."""
    engine = TrustedStore(open_store(shipped, settings.memory_triples))
    now = Current.of(engine, shipped)
    client = create_app(settings, engine=Live(now)).test_client()
    demanded = {"reserved": (404, 404), "active": (303, 200), "inactive": (303, 200),
                "merged": (301, 301), "withdrawn": (410, 410), "erased": (410, 410)}  # fmt: skip
    found = {
        key: tuple(client.get(f"/{kind}/{now.ledger.types[key]}/{key}").status_code
                   for kind in ("id", "doc"))
        for key in now.ledger.states
    }  # fmt: skip
    assert len(found) > 90
    assert found == {key: demanded[state] for key, state in now.ledger.states.items()}
