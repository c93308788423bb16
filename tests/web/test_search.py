import json
import re
from urllib.parse import quote

import pytest

from kmn_ld import releases
from kmn_ld.messages import LANGUAGES, catalogue
from kmn_ld.search import FACETS, TYPES
from kmn_ld.web import create_app
from kmn_ld.web.bridge import known_query
from kmn_ld.web.search import MOST_CHARACTERS
from tests.questions import REPOSITORY
from tests.web import made_up
from tests.web.made_up import ACTIVE, ERASED, INACTIVE, MERGED, SERVICE, WITHDRAWN

HTML = {"Accept": "text/html"}


def _json(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.get_json()


def _iris(answer):
    return [result["iri"].rpartition("/")[2] for result in answer["results"]]


@pytest.mark.parametrize(
    ("address", "accept", "media_type", "vary"),
    [
        ("/search", None, "text/html", "Accept, Accept-Language"),
        ("/search", "*/*", "text/html", "Accept, Accept-Language"),
        ("/search", "application/json", "application/json", "Accept"),
        ("/search?lang=en", "text/html", "text/html", "Accept"),
        ("/search.json", "text/html", "application/json", None),
        ("/search.html", "application/json", "text/html", "Accept-Language"),
        ("/search?format=json", "text/html", "application/json", None),
        ("/search?format=html&lang=de", None, "text/html", None),
    ],
)
def test_the_form_follows_suffix_parameter_and_accept_header(
    client, address, accept, media_type, vary
):
    response = client.get(address, headers={"Accept": accept} if accept else {})
    assert (response.mimetype, response.headers.get("Vary")) == (media_type, vary)


@pytest.mark.parametrize(
    "address", ["/search?q=haus", "/search.json?q=haus", "/search/suggest?q=ha"]
)
def test_an_answer_may_be_kept_five_minutes_and_has_a_strong_tag(client, address):
    response = client.get(address)
    assert response.headers["Cache-Control"] == "public, max-age=300"
    tag = response.headers["ETag"]
    assert tag.startswith('"')
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert client.head(address).headers["ETag"] == tag


def test_json_without_a_text_is_json_with_everything(client):
    answer = _json(client, "/search?format=json")
    assert answer["query"] == ""
    assert answer["total"] > 5
    assert answer["results"][0]["iri"].endswith("/network")


def test_json_tells_what_the_documentation_says(client):
    answer = _json(client, "/search.json?q=Beratung+Musterstatt&limit=1")
    assert set(answer) == {
        "query", "corrected", "ignored", "partial", "total", "page", "pages", "limit", "filters",
        "status", "facets", "results", "links",
    }  # fmt: skip
    assert answer["corrected"] == [{"typed": "Musterstatt", "found_for": ["Musterstadt"]}]
    assert tuple(answer["facets"]) == FACETS
    (result,) = answer["results"]
    assert result["iri"] == f"https://w3id.org/kmn-ld/id/org/{ACTIVE}"
    assert result["path"] == f"/doc/org/{ACTIVE}"
    assert result["label"] == {"de": "Haus der Beratung", "en": "House of advice"}
    assert result["snippet"] == {"field": "place", "text": "01234 Musterstadt"}
    assert (result["type"], result["status"]) == ("organisation", "active")
    assert answer["links"]["self"] == "/search.json?q=Beratung+Musterstatt&limit=1"


def test_json_is_the_same_in_every_language(client):
    assert client.get("/search.json?lang=de").data == client.get("/search.json?lang=en").data


def test_a_facet_leads_to_what_it_counts(client):
    answer = _json(client, "/search.json")
    for values in answer["facets"].values():
        for value in values:
            assert _json(client, value["link"])["total"] == value["count"] > 0
    assert {"type", "district"} <= {name for name, values in answer["facets"].items() if values}


def test_pages_link_to_one_another(client):
    answer = _json(client, "/search.json?limit=2&page=2")
    assert answer["links"]["prev"] == "/search.json?limit=2"
    assert answer["links"]["next"] == "/search.json?limit=2&page=3"
    assert _json(client, answer["links"]["last"])["page"] == answer["pages"]
    header = client.get("/search?limit=2&page=2", headers=HTML).headers["Link"]
    assert '</search?limit=2>; rel="prev"' in header
    assert '</search.json?limit=2&page=2>; rel="alternate"; type="application/json"' in header


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (ACTIVE, ACTIVE),
        ("K-7X2Q F96", ACTIVE),
        (MERGED, ACTIVE),
        ("مشورة", ACTIVE),
    ],
)
def test_ids_find_what_the_ledger_says_of_them(client, text, key):
    assert _iris(_json(client, f"/search.json?q={quote(text)}"))[0] == key


@pytest.mark.parametrize("key", [WITHDRAWN, ERASED])
def test_withdrawn_and_erased_ids_are_never_found(client, key):
    assert _json(client, f"/search.json?q={key}&status=all")["total"] == 0


def test_what_has_ended_is_shown_with_all_statuses(tmp_path, settings, engine):
    made_up.write(
        tmp_path, more=f"<id/org/{INACTIVE}> org:classification <id/concept/kind/centre> ."
    )
    app = create_app(settings.with_changes(releases=tmp_path), engine=engine)
    client = app.test_client()
    assert INACTIVE not in _iris(_json(client, "/search.json?q=Früheres+Haus"))
    assert _iris(_json(client, f"/search.json?q={INACTIVE.upper()}")) == [INACTIVE]
    told = _json(client, "/search.json?q=Früheres+Haus&status=all")["results"][0]
    assert (told["iri"].endswith(INACTIVE), told["status"]) == (True, "inactive")
    page = client.get("/search?q=Früheres+Haus&status=all", headers=HTML).text
    assert '<span class="tag">nicht mehr aktiv</span>' in page
    assert 'value="all" checked' in page


BAD = [
    ("q=" + "a" * (MOST_CHARACTERS + 1), 400, "search-too-long"),
    ("q=" + "%22%27" * 20, 400, "search-no-word"),
    ("q=()*%5E:%2B-%7B%7D", 400, "search-no-word"),
    ("q=a%00b", 400, "search-unreadable-text"),
    ("q=%FF%FE", 400, "search-unreadable-text"),
    ("page=0", 400, "search-number"),
    ("page=-1", 400, "search-number"),
    ("page=1e3", 400, "search-number"),
    ("page=%D9%A3", 400, "search-number"),
    ("page=" + "9" * 5000, 400, "search-number"),
    ("limit=101", 400, "search-number"),
    ("page=4999", 404, "search-page"),
    ("district=99999", 400, "search-value"),
    ("type=%3Cscript%3E", 400, "search-value"),
    ("status=everything", 400, "search-value"),
    ("format=xml", 406, "format-unknown"),
]


@pytest.mark.parametrize(("query", "status", "key"), BAD)
@pytest.mark.parametrize("language", ["de", "en"])
def test_bad_input_is_told_in_the_asked_language_in_both_forms(
    client, query, status, key, language
):
    address = f"/search?{query}&lang={language}"
    problem = client.get(address, headers={"Accept": "application/json"})
    assert (problem.status_code, problem.mimetype) == (status, "application/problem+json")
    assert json.loads(problem.data)["type"].endswith(key)
    page = client.get(address, headers=HTML)
    assert page.status_code == status
    assert page.headers["Content-Language"] == language
    assert "<script>" not in page.text


@pytest.mark.parametrize("query", [query for query, _, key in BAD if "q=" in query[:2]])
def test_suggestions_refuse_the_same_texts(client, query):
    assert client.get(f"/search/suggest?{query}").status_code == 400


@pytest.mark.parametrize(
    "text",
    ['haus" OR "x', "haus AND", "NOT haus", "NEAR(haus musterstadt, 2)", "names : haus", "haus*",
     "-haus", "^haus", '"haus', "haus')) --", "{names} : haus", "a" * 200, "haus " * 40],
)  # fmt: skip
def test_operators_of_fts5_are_words_or_nothing(client, text):
    assert client.get("/search", query_string={"q": text}, headers=HTML).status_code == 200
    assert client.get("/search/suggest", query_string={"q": text}).status_code == 200


def test_a_suffix_that_there_is_not_is_404(client):
    assert client.get("/search.ttl").status_code == 404


def test_a_release_without_an_index_says_so(tmp_path, settings, engine):
    release = made_up.write(tmp_path)
    release.path(releases.SEARCH).unlink()
    client = create_app(settings.with_changes(releases=tmp_path), engine=engine).test_client()
    problem = client.get("/search.json")
    assert (problem.status_code, problem.mimetype) == (404, "application/problem+json")
    assert problem.get_json()["type"].endswith("search-none")


def test_the_page_says_what_was_found_for_a_mistyped_word(client):
    page = client.get("/search?q=Musterstatt", headers=HTML).text
    assert "„Musterstatt“ steht nirgends. Gefunden für: <strong>Musterstadt</strong>" in page
    assert "2 Ergebnisse" not in page
    assert "<title>Suche: Musterstatt – KMN-LD</title>" in page


def test_the_page_tells_what_was_left_out_and_what_has_not_all_words(client):
    page = client.get("/search?q=Qqwertz+Musternetz+Musterstadt&lang=en", headers=HTML).text
    assert "Nothing is known of this, it was left out: <strong" in page
    assert "No entry has all the words" in page


def test_a_page_without_results_gives_advice(client):
    page = client.get("/search?q=qqwertz&type=district", headers=HTML).text
    assert "Nichts gefunden" in page
    assert '<a href="/search?q=qqwertz">Die Filter entfernen' in page
    assert '<a href="/search?q=qqwertz&amp;type=district&amp;status=all">' in page


def test_an_id_with_wrong_check_digits_is_noticed(client):
    page = client.get("/search?q=k7x2qf69", headers=HTML).text
    assert "Prüfziffern passen nicht" in page


def test_the_form_works_without_scripts_and_keeps_filters_and_language(client):
    page = client.get("/search?q=haus&type=organisation&lang=en", headers=HTML).text
    assert '<form class="search" method="get" action="/search"' in page
    assert '<input type="hidden" name="type" value="organisation">' in page
    assert '<input type="hidden" name="lang" value="en">' in page
    assert 'href="/search?q=haus&amp;lang=en" aria-label="Remove filter: Organisation"' in page
    assert 'aria-current="true"' in page


def test_what_was_met_is_marked_and_texts_keep_their_languages(client):
    page = client.get(f"/search?q={quote('مشورة')}", headers=HTML).text
    assert '<span lang="ar" dir="auto">بيت <mark>المشورة</mark></span>' in page
    assert "<script>alert" not in client.get("/search?q=alert", headers=HTML).text


def test_suggestions_are_in_the_language_of_the_reader(client):
    german = client.get("/search/suggest?q=Haus")
    english = client.get("/search/suggest?q=House&lang=en")
    assert german.headers["Vary"] == "Accept-Language"
    assert german.get_json()["suggestions"][0]["kind"] == "Organisation"
    first = english.get_json()["suggestions"][0]
    assert (first["label"], first["kind"]) == ("House of advice", "Organisation")
    assert first["path"] == f"/doc/org/{ACTIVE}?lang=en"
    assert client.get("/search/suggest?q=h").get_json()["suggestions"] == []
    assert client.get("/search/suggest").get_json() == {"query": "", "suggestions": []}


def test_things_without_a_name_are_told_as_such(tmp_path, settings, engine):
    made_up.write(tmp_path, more="<id/region/anonym> a kmn:RegionalAssociation .")
    client = create_app(settings.with_changes(releases=tmp_path), engine=engine).test_client()
    page = client.get("/search?q=/id/region/anonym", headers=HTML).text
    assert ">ohne Namen</a>" in page


def test_the_header_of_every_page_leads_to_the_search(client):
    for path in ("/", f"/doc/service/{SERVICE}.html", "/sparql", "/nowhere"):
        assert '<a href="/search">Suche</a>' in client.get(path, headers=HTML).text


@pytest.mark.parametrize(
    ("path", "query", "kept"),
    [
        ("/search", b"q=a&x=1&q=b&page=2", b"q=a&page=2"),
        ("/search.json", b"x=1&district=03101&lang=de", b"district=03101&lang=de"),
        ("/search", b"%71=a&q=b", b"%71=a"),
        ("/search/suggest", b"", b""),
    ],
)
def test_what_the_search_does_not_look_at_makes_no_answer_of_its_own(path, query, kept):
    assert known_query(path, query) == kept


DOCUMENTED = json.loads(
    re.search(r"```json\n(.+?)```", (REPOSITORY / "docs" / "search.md").read_text("utf-8"), re.S)[1]
)


def test_the_documented_answer_has_the_keys_of_a_real_one(client):
    answer = _json(client, "/search.json?q=Beratung+Musterstatt")
    assert set(DOCUMENTED) == set(answer)
    assert set(DOCUMENTED["corrected"][0]) == set(answer["corrected"][0])
    assert set(DOCUMENTED["results"][0]) == set(answer["results"][0])
    assert set(DOCUMENTED["results"][0]["snippet"]) == {"field", "text", "language"}
    for facet, values in DOCUMENTED["facets"].items():
        known = set(answer["facets"]["type" if facet == "type" else "district"][0])
        assert {key for value in values for key in value} == known


def test_every_parameter_and_type_is_documented():
    text = (REPOSITORY / "docs" / "search.md").read_text("utf-8")
    names = ("q", "status", "page", "limit", "format", "lang", *FACETS, *TYPES)
    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_type_facet_and_field_has_its_words(language):
    told = catalogue(language)["search"]
    assert set(told["types"]) == set(TYPES)
    assert set(told["facets"]) == set(FACETS)
    assert {"name", "other_name", "place", "kind", "language", "scheme"} <= set(told["fields"])
