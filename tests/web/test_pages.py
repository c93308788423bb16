import re

import pytest

from kmn_ld.engine.opening import open_store
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.messages import LANGUAGES
from kmn_ld.web import create_app
from kmn_ld.web.home import MOST_LISTED, collect
from kmn_ld.web.live import Current
from tests.web import made_up
from tests.web.made_up import ACTIVE

HTML = {"Accept": "text/html"}


@pytest.fixture
def home(client):
    return client.get("/", headers=HTML)


def test_the_home_page_says_what_the_network_is(home):
    assert home.status_code == 200
    assert "Ein Netz zum Ausprobieren." in home.text
    assert "Erste Säule" in home.text
    assert "Kreis Muster" in home.text
    assert "Haus der Beratung" in home.text


def test_it_counts_the_regional_associations_that_are_known(home):
    assert "1 von 10 genannten sind uns bekannt." in home.text


def test_it_shows_how_to_get_the_data(client, home):
    assert 'href="/dump/network.ttl"' in home.text
    assert 'href="/graph/organisations"' in home.text
    assert "curl http://localhost/doc/network.ttl" in home.text
    assert 'href="/sparql?query=PREFIX' in home.text
    assert "#+" not in home.text


def test_the_public_address_stands_in_the_examples(settings, engine):
    changed = settings.with_changes(public_url="https://kmn.example.org/")
    page = create_app(changed, engine=engine).test_client().get("/", headers=HTML).text
    assert "curl https://kmn.example.org/doc/network.ttl" in page


def test_english_readers_get_english(client):
    page = client.get("/", headers={**HTML, "Accept-Language": "en-GB"})
    assert page.headers["Content-Language"] == "en"
    assert "A network to try things on." in page.text
    assert "1 of the 10 that are stated are known to us." in page.text


def test_without_accept_header_the_home_page_is_html(client):
    assert client.get("/").mimetype == "text/html"


def test_the_page_that_the_url_asks_for_varies_by_language_alone(client):
    page = client.get("/?format=html", headers={"Accept": "text/turtle"})
    assert (page.mimetype, page.headers["Vary"]) == ("text/html", "Accept-Language")
    assert "Vary" not in client.get("/?format=html&lang=de").headers


def test_home_is_a_page_or_rdf_and_nothing_else(client):
    assert client.get("/", headers={"Accept": "text/csv"}).status_code == 406


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Entwurf, keine amtliche Veröffentlichung"),
        ("en", "Draft, not an official publication"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/doc/network.html", "/def.html", "/sparql", "/nowhere"])
def test_until_the_operator_is_the_publisher_every_page_says_so(client, path, language, text):
    assert text in client.get(f"{path}?lang={language}", headers=HTML).text


def test_an_official_service_says_nothing_of_a_draft(settings, engine):
    app = create_app(settings.with_changes(official=True), engine=engine)
    assert "Entwurf" not in app.test_client().get("/", headers=HTML).text


@pytest.mark.parametrize("path", ["/", "/doc/network.html", "/def.html", "/sparql", "/nowhere"])
def test_every_page_has_its_landmarks_and_one_heading(client, path):
    page = client.get(path, headers=HTML).text
    assert page.count("<h1>") == 1
    assert page.count("<main ") == 1
    assert '<a class="skip" href="#content">' in page
    assert "<header>" in page
    assert "<footer>" in page
    assert "<nav aria-label=" in page


def test_every_page_names_the_licence_and_the_home_page_alone_the_release(client, home, release):
    page = client.get("/doc/network.html").text
    assert 'rel="license"' in page
    assert release.id in home.text
    assert release.id not in page


def test_a_page_keeps_its_tag_in_a_release_that_does_not_change_it(settings, tmp_path):
    paths = ["/doc/network.html", "/shapes.html", "/sparql?format=html"]
    tags = []
    for more in ("", '<id/region/neu> a kmn:RegionalAssociation ; skos:prefLabel "Neu"@de .'):
        client = _client_over(settings, tmp_path, more)
        tags.append([client.get(path).headers["ETag"] for path in paths])
    assert tags[0] == tags[1]


def test_the_home_page_counts_each_statement_once_as_a_plain_query_does(settings, tmp_path):
    release = made_up.write(tmp_path)
    engine = TrustedStore(open_store(release, settings.memory_triples))
    counted = engine.rows("SELECT (COUNT(*) AS ?count) { ?s ?p ?o }")[0]["count"].value
    page = collect(Current(engine, release), "de")
    assert page.triples == int(counted)
    assert page.triples < sum(graph.count for graph in page.graphs)


@pytest.mark.parametrize("more", [0, MOST_LISTED])
def test_the_home_page_asks_a_fixed_number_of_questions(settings, tmp_path, more):
    asked = []
    release = made_up.write(tmp_path, more=_organisations(more))
    engine = TrustedStore(open_store(release, settings.memory_triples))
    rows = engine.rows
    engine.rows = lambda *arguments: asked.append(arguments) or rows(*arguments)
    page = collect(Current(engine, release), "de")
    assert len(asked) < 10
    assert page.organisations == more + 2


def test_too_many_organisations_are_counted_by_district(settings, tmp_path):
    client = _client_over(settings, tmp_path, _organisations(MOST_LISTED))
    page = client.get("/", headers=HTML).text
    assert "302 Organisationen sind erfasst, zu viele für diese Seite." in page
    assert '<span class="count" title="301 Organisationen">301</span>' in page
    assert "Haus der Beratung" not in page
    assert "format=csv" in page


def test_what_has_several_kinds_and_keys_is_counted_once(settings, tmp_path):
    double = f"""
    <id/org/{ACTIVE}> org:classification <id/concept/kind/other> .
    <id/district/03101> kmn:ags "03102" .
    """
    page = _client_over(settings, tmp_path, double).get("/", headers=HTML).text
    assert "Alle 2 erfassten Organisationen" in page
    assert page.count('/doc/org/k7x2qf96"') == 1
    assert "<strong>1</strong> Kreise" in page


def _organisations(count):
    return "".join(
        f"<id/region/o{number}> org:classification <id/concept/kind/centre> ; "
        f'skos:prefLabel "Haus {number}"@de ; dcterms:spatial <id/district/03101> .\n'
        for number in range(count)
    )


def _client_over(settings, folder, more):
    release = made_up.write(folder, more=more)
    engine = TrustedStore(open_store(release, settings.memory_triples))
    changed = settings.with_changes(releases=folder)
    return create_app(changed, engine=engine).test_client()


def test_the_mailbox_of_the_operator_is_named_where_it_is_set(settings, engine):
    app = create_app(settings.with_changes(contact_email="kmn@example.org"), engine=engine)
    assert 'href="mailto:kmn@example.org"' in app.test_client().get("/", headers=HTML).text


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/static/style.css", "text/css; charset=utf-8"),
        ("/static/favicon.svg", "image/svg+xml"),
        ("/favicon.ico", "image/svg+xml"),
    ],
)
def test_files_of_pages_have_their_types(client, path, media_type):
    assert client.get(path).content_type == media_type


def test_the_style_sheet_brings_nothing_from_elsewhere(client):
    assert "url(" not in client.get("/static/style.css").text
    assert "@import" not in client.get("/static/style.css").text


ATTRIBUTED = """
<id/district/03101> prov:hadPrimarySource <id/source/office> .
<id/source/office> a kmn:SourceRecord ; dcatde:licenseAttributionByText "© Amt 2019"@de ;
    dcterms:license <http://dcat-ap.de/def/licenses/dl-by-de/2.0> .
<graph/organisations> prov:hadPrimarySource <id/source/office> ;
    dcatde:licenseAttributionByText "© Amt 2019"@de ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
"""


@pytest.mark.parametrize("path", ["/doc/district/03101.html", "/graph/organisations.html"])
def test_a_page_names_its_sources_as_their_licences_demand(settings, tmp_path, path):
    page = _client_over(settings, tmp_path, ATTRIBUTED).get(path, headers=HTML).text
    footer = page.partition("<footer>")[2]
    assert "© Amt 2019" in footer
    named = footer.partition("Quellenvermerke der Angaben")[2]
    assert 'href="https://www.govdata.de/dl-de/by-2-0">' in named
    assert "Quellenvermerke der Angaben" not in page.partition("<footer>")[0]


def test_the_home_page_names_sources_under_their_own_licences_beside_the_downloads(
    settings, tmp_path
):
    page = _client_over(settings, tmp_path, ATTRIBUTED).get("/", headers=HTML).text
    assert page.count("© Amt 2019") == 1
    assert "© Amt 2019" in page.partition('id="data"')[2].partition("<footer>")[0]


def test_a_page_without_such_sources_names_none(client):
    assert "Quellenvermerke der Angaben" not in client.get("/doc/network.html").text


def test_the_ontology_has_its_own_licence_in_the_footer(client):
    page = client.get("/def.html").text.partition("<footer>")[2]
    assert 'rel="license" href="https://creativecommons.org/licenses/by/4.0/"' in page
    assert "govdata" not in page


ODD = f"""
<id/org/{ACTIVE}> a <urn:example:type> ; <urn:example:property> <urn:example:a> ;
    foaf:page <data:text/html,x> , <JAVASCRIPT:alert(2)> ; org:linkedTo <id/org/{ACTIVE}#contact> .
<urn:example:b> <urn:example:points> <id/org/{ACTIVE}> .
<graph/organisations> <urn:example:property> <urn:example:c> .
"""


@pytest.mark.parametrize("path", [f"/doc/org/{ACTIVE}.html", "/graph/organisations.html", "/"])
def test_what_is_no_address_of_the_web_is_text(settings, tmp_path, path):
    page = _client_over(settings, tmp_path, ODD).get(path, headers=HTML).text
    links = re.findall(r'href="([^"]*)"', page)
    assert len(links) > 10
    assert [link for link in links if re.match(r"(?i)$|data|javascript|urn", link)] == []


def test_an_address_that_is_no_link_is_shown_once(settings, tmp_path):
    page = _client_over(settings, tmp_path, ODD).get(f"/doc/org/{ACTIVE}.html").text
    assert page.count("urn:example:a<") == 1
    assert page.count("<code>urn:example:b</code>") == 1


def test_texts_carry_language_and_direction(client):
    page = client.get(f"/doc/org/{ACTIVE}.html").text
    assert '<span lang="ar" dir="rtl">بيت المشورة</span>' in page
    assert '<span lang="en" dir="auto">House of advice</span>' in page


def test_dates_can_be_read_by_people_and_programs(client):
    german, english = (client.get(f"/doc/org/{ACTIVE}.html?lang={tag}").text for tag in LANGUAGES)
    assert '<time datetime="2026-11">November 2026</time>' in german
    assert '<a href="tel:+490001">+49 000 1</a>' in english


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/?a=1&a=2", "Start"),
        (f"/doc/org/{ACTIVE}.html", "Haus der Beratung"),
        ("/doc/concept/pillar/one.html", "Erste Säule"),
        ("/graph/organisations.html", "kmn"),
        ("/sparql?format=html", "Abfragen mit SPARQL"),
        ("/nowhere", "Seite nicht gefunden"),
    ],
)
def test_a_page_says_what_and_in_which_language_it_is_and_has_a_twin(client, path, title):
    answer = client.get(path, headers=HTML)
    assert title in re.search(r"<title>(.*)</title>", answer.text)[1]
    assert answer.headers["Content-Language"] == "de"
    bare, _, query = path.partition("?")
    twin = f'href="{bare}?{query}{query and "&"}lang=en"'.replace("&", "&amp;")
    assert twin in answer.text


def test_a_part_has_no_heading_where_it_is_called_as_its_property(client):
    page = client.get(f"/doc/org/{ACTIVE}.html").text
    assert '<section class="part" id="address">' in page
    assert "<h3>" not in page.partition('id="address"')[2].partition("</section>")[0]


def test_the_lasting_address_stands_with_the_identifiers_at_the_end(client):
    page = client.get(f"/doc/org/{ACTIVE}.html").text
    before, _, after = page.partition('<h2 id="identifiers">')
    assert f"<code>https://w3id.org/kmn-ld/id/org/{ACTIVE}</code>" in after
    assert '<h2 id="provenance">' in before


def test_the_page_of_an_error_speaks_one_language(client):
    german, english = (client.get(f"/no?lang={tag}", headers=HTML).text for tag in LANGUAGES)
    assert ("Fehler 404" in german, "Not Found" in german) == (True, False)
    assert "Error 404 Not Found" in english


def test_many_parts_are_folded_and_few_are_open(settings, tmp_path):
    many = "".join(
        f"<id/region/heide> org:hasPost <id/region/heide#p{number}> .\n"
        f'<id/region/heide#p{number}> a org:Post ; rdfs:label "Stelle {number}"@de .\n'
        for number in range(6)
    )
    client = _client_over(settings, tmp_path, many)
    page = client.get("/doc/region/heide.html").text
    assert page.count('<details class="part" id="p') == 6
    assert '<summary><span lang="de" dir="auto">Stelle 0</span></summary>' in page
    assert "<details" not in client.get(f"/doc/org/{ACTIVE}.html").text


def test_who_works_in_the_whole_state_stands_under_no_address(client):
    page = client.get("/?lang=de").text
    assert "Ohne Kreis: landes- oder bundesweit, oder nicht angegeben" in page
    assert "Anderes Haus" in page
    assert "stateKey/03" not in page
