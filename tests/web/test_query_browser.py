"""The query page in a real browser, with YASGUI: at three widths, light and dark, by keyboard."""

import re
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from kmn_ld.web import assets
from tests.web import made_up
from tests.web.made_up import ACTIVE
from tests.web.served import serving
from tests.web.test_browser import CHROMIUM, RULES, browser  # noqa: F401 - a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)"
    ),
    pytest.mark.skipif(
        not assets.is_complete(assets.FOLDER), reason="no browser assets: npm reached no registry"
    ),
]

SIZES = [(width, scheme) for width in (320, 768, 1280) for scheme in ("light", "dark")]
OF_YASGUI: list[str] = []
"""Parts of YASGUI's that axe finds fault with: none is left (docs/accessibility.md)."""

ROWS = """
SELECT ?name ?place ?number ?shape {
  VALUES (?name ?place ?number ?shape) {
    ("Ost"@de <https://w3id.org/kmn-ld/id/org/k7x2qf96> 7 "POLYGON ((9 52, 10 52, 10 53, 9 52))")
    ("West"@de <https://example.org/west> 2 "MULTIPOLYGON (((7 52, 8 52, 8 53, 7 52)))")
    ("{{name}}"@de <urn:example:x> 4 "POINT (9.7 52.4)")
  }
}"""
YEARS = """
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?year ?count { VALUES (?year ?count) { ("2014"^^xsd:gYear 3) ("2016"^^xsd:gYear 9) } }"""
MISTAKE = "SELECT * {\n  ?a ?b\n  ?c ?d }"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("query-browser")
    (folder / "releases").mkdir()
    made_up.write(folder / "releases")
    with serving(folder / "releases", folder / "tmp") as running:
        yield running


class QueryPage:
    """The query page in a browser, and what it asked for."""

    def __init__(self, page, port):
        self.page, self.base, self.asked, self.complaints = page, f"http://127.0.0.1:{port}", [], []
        page.on("request", lambda asked: self.asked.append(asked.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text))

    def open(self, path="/sparql"):
        self.page.goto(self.base + path)
        expect(self.page.locator("#editor .CodeMirror-code")).to_be_visible()

    def write(self, query):
        self.page.evaluate(
            "text => document.querySelector('#editor .CodeMirror').CodeMirror.setValue(text)", query
        )

    def run(self, query):
        self.write(query)
        self.page.click("form.query button[type=submit]")
        self.page.wait_for_selector("form.query:not([aria-busy])")

    def view(self, name):
        self.page.click(f".select_{name}")
        expect(self.page.locator(f".select_{name}")).to_have_attribute("aria-pressed", "true")

    def faults(self):
        found = Axe().run(
            self.page,
            context={"exclude": OF_YASGUI} if OF_YASGUI else None,
            options={"runOnly": RULES, "resultTypes": ["violations"]},
        )
        return [(fault["id"], fault["nodes"][0]["html"]) for fault in found.response["violations"]]

    def overflow(self):
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def _opened(browser, served, width=1280, scheme="light"):  # noqa: F811
    return browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="de-DE"
    )


@pytest.fixture
def query(browser, served):  # noqa: F811
    page = _opened(browser, served)
    yield QueryPage(page, served.port)
    page.close()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_every_view_is_accessible_fits_and_brings_nothing_from_elsewhere(
    browser, served, width, scheme  # noqa: F811
):  # fmt: skip
    page = _opened(browser, served, width, scheme)
    query = QueryPage(page, served.port)
    query.open()
    seen = {"form": (query.faults(), query.overflow())}
    query.run(ROWS)
    for view in ("table", "map", "chart", "response"):
        query.view(view)
        seen[view] = (query.faults(), query.overflow())
    query.run(YEARS)
    query.view("chart")
    seen["line"] = (query.faults(), query.overflow())
    query.run("ASK {}")
    seen["boolean"] = (query.faults(), query.overflow())
    assert {view: told for view, told in seen.items() if told != ([], 0)} == {}
    assert [url for url in query.asked if not url.startswith(query.base)] == []
    assert query.complaints == []
    page.close()


def test_nothing_is_stored_in_the_browser(query):
    query.open()
    query.run(ROWS)
    query.view("map")
    assert query.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert query.page.context.cookies() == []


def test_tab_leaves_the_editor_in_both_directions(query):
    query.open()
    query.page.locator("#editor .CodeMirror-code").focus()
    query.page.keyboard.press("Tab")
    expect(query.page.locator("#plain")).to_be_focused()
    query.page.keyboard.press("Shift+Tab")
    expect(query.page.locator("#editor .CodeMirror-code")).to_be_focused()
    query.page.keyboard.press("Shift+Tab")
    assert query.page.evaluate("document.activeElement.closest('#editor')") is None


def test_ctrl_and_enter_run_the_query(query):
    query.open()
    query.write(ROWS)
    query.page.locator("#editor .CodeMirror-code").focus()
    query.page.keyboard.press("Control+Enter")
    expect(query.page.locator("#views tbody tr")).to_have_count(3)


def test_the_table_shows_terms_as_they_are_sorts_and_filters(query):
    query.open()
    query.run(ROWS)
    table = query.page.locator("#views table")
    expect(table.locator("tbody tr")).to_have_count(3)
    expect(table.locator("td >> nth=0")).to_have_text("Ost")
    assert table.locator("td span").first.get_attribute("lang") == "de"
    assert table.locator("td a").evaluate_all("all => all.map(a => a.getAttribute('href'))") == [
        f"/id/org/{ACTIVE}",
        "https://example.org/west",
    ]
    expect(table.get_by_text("{{name}}")).to_have_count(1)
    table.get_by_role("button", name="number").click()
    expect(table.locator("th").nth(2)).to_have_attribute("aria-sort", "ascending")
    assert table.locator("tbody td:nth-child(3)").all_inner_texts() == ["2", "4", "7"]
    query.page.locator("#views input[type=search]").fill("WEST")
    expect(table.locator("tbody tr")).to_have_count(1)
    expect(query.page.locator("#views [role=status]")).to_have_text("Gezeigt: 1 von 1 Zeilen")


def test_the_map_draws_geometries_and_colours_them_by_number(query):
    query.open()
    query.run(ROWS)
    query.view("map")
    picture = query.page.get_by_role("img", name="Karte mit 3 Geometrien")
    assert picture.locator("path").count() == 2
    assert picture.locator("circle").count() == 1
    assert picture.locator("g.tint-4 title").text_content().startswith("name: Ost\n")
    assert query.page.locator(".legend li").all_inner_texts() == ["2", "4", "7"]
    query.page.get_by_label("Färben nach").select_option("")
    expect(query.page.locator(".legend")).to_have_count(0)


def test_the_chart_draws_bars_and_over_time_a_line(query):
    query.open()
    query.run(ROWS)
    query.view("chart")
    expect(query.page.locator(".chart tbody th")).to_have_text(["Ost", "West", "{{name}}"])
    assert query.page.locator(".bar rect").first.get_attribute("width") == "100.00%"
    query.run(YEARS)
    expect(query.page.get_by_role("img", name=re.compile("count nach year"))).to_be_visible()
    expect(query.page.locator(".chart circle")).to_have_count(2)


def test_a_view_that_cannot_show_the_result_is_off(query):
    query.open()
    query.run("SELECT ?a { VALUES ?a { <x:y> } }")
    expect(query.page.locator(".select_map")).to_be_disabled()
    expect(query.page.locator(".select_chart")).to_be_disabled()
    expect(query.page.locator(".select_table")).to_be_enabled()


def test_triples_are_shown_as_a_table_and_as_they_came(query):
    query.open()
    query.run(f"DESCRIBE <https://w3id.org/kmn-ld/id/org/{ACTIVE}>")
    expect(query.page.locator("#views thead th")).to_have_count(3)
    query.view("response")
    expect(query.page.locator("#views .CodeMirror")).to_contain_text(ACTIVE)
    assert query.page.locator("#live button[name=format]:visible").all_inner_texts() == [
        "Turtle",
        "N-Triples",
        "JSON-LD",
        "RDF/XML",
    ]


def test_a_mistake_is_told_with_its_place_and_the_cursor_goes_there(query):
    query.open()
    query.run(MISTAKE)
    told = query.page.locator("#status")
    expect(told).to_contain_text("Syntaxfehler in der Abfrage")
    expect(told).to_contain_text("Zeile 3")
    assert query.faults() == []
    told.get_by_role("button").click()
    query.page.keyboard.type("!")
    assert query.page.input_value("#query").split("\n")[2] == "  ?c !?d }"


def test_classes_and_properties_are_offered_by_label_with_their_prefix(query):
    query.open()
    query.write("SELECT * {\n  ?s netzw\n}")
    query.page.evaluate(
        "() => { const editor = document.querySelector('#editor .CodeMirror').CodeMirror;"
        " editor.setValue('SELECT * {\\n  ?s a netzw\\n}'); editor.focus();"
        " editor.setCursor({ line: 1, ch: 12 }); }"
    )
    query.page.keyboard.press("Control+Space")
    offered = query.page.get_by_role("listbox", name="Vorschläge").get_by_role("option")
    expect(offered).to_have_text(["kmn:Network – Netzwerk"])
    assert query.faults() == []
    query.page.keyboard.press("Enter")
    expect(query.page.locator("#query")).to_have_value(
        "PREFIX kmn: <https://w3id.org/kmn-ld/def#>\nSELECT * {\n  ?s a kmn:Network\n}"
    )


def test_an_example_is_in_the_editor(query):
    query.open("/sparql?example=age")
    expect(query.page.locator("#editor .CodeMirror-code")).to_contain_text("VALUES ?day")


def test_an_example_opens_the_picture_that_it_wants(query):
    def want(route):
        body = route.fetch().text().replace('data-view="table"', 'data-view="bar nameDe first"')
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    query.page.route("**/sparql?example=age", want)
    query.open("/sparql?example=age")
    query.run(
        'SELECT * { VALUES (?name ?nameDe ?first ?last) { ("a" "b"@de 5 6) ("c" "d"@de 1 2) } }'
    )
    expect(query.page.locator(".select_chart")).to_have_attribute("aria-pressed", "true")
    expect(query.page.locator(".chart tbody th")).to_have_text(["b", "d"])
    expect(query.page.locator(".chart tbody .amount")).to_have_text(["5", "1"])


def test_the_address_to_pass_on_shows_the_same_result(query):
    query.open()
    query.run(ROWS)
    address = query.page.locator("#permalink").get_attribute("href")
    assert address == f"{query.base}/sparql?{urlencode({'query': ROWS, 'format': 'html'})}".replace(
        "%2A", "*"
    )
    query.asked.clear()
    query.open(address.removeprefix(query.base))
    expect(query.page.locator("#result-of-form tbody tr")).to_have_count(3)
    query.page.wait_for_load_state("networkidle")
    assert len([url for url in query.asked if "query=" in url]) == 1
    query.page.get_by_role("button", name="Als Karte").click()
    expect(query.page.locator("#views tbody tr")).to_have_count(3)
    expect(query.page.locator("#result-of-form")).to_have_count(0)


def test_a_link_to_a_thing_of_ours_stays_on_this_server(query):
    query.open()
    names = ["/example.org/a", "\\example.org/b", "id/ä b", "id/c#d?e"]
    values = " ".join(f'"{name}"'.replace("\\", "\\\\") for name in names)
    query.run(
        f"SELECT ?iri {{ VALUES ?end {{ {values} }} "
        'BIND(IRI(CONCAT("https://w3id.org/kmn-ld/", ?end)) AS ?iri) }'
    )
    links = query.page.locator("#views td a")
    assert (
        links.evaluate_all("all => all.map(one => new URL(one.href).host)")
        == [query.base.removeprefix("http://")] * links.count()
    )
    assert links.first.get_attribute("href") == "/example.org/a"
    assert links.count() > 1


def test_the_calls_from_other_tools_follow_the_query(query):
    query.open()
    query.run("ASK { <x:a> <x:b> <x:c> }")
    for tool in ("curl", "Python (SPARQLWrapper)", "R", "JavaScript"):
        entry = query.page.locator(
            "#snippets details", has=query.page.get_by_text(tool, exact=True)
        )
        expect(entry.locator("pre")).to_contain_text("<x:a> <x:b> <x:c>")


def test_the_plain_field_does_what_the_editor_does(query):
    query.open()
    query.page.check("#plain")
    query.page.fill("#query", MISTAKE)
    query.page.click("form.query button[type=submit]")
    query.page.locator("#status").get_by_role("button").click()
    expect(query.page.locator("#query")).to_be_focused()
    query.page.fill("#query", "SELECT ?a { VALUES ?a { 1 2 } }")
    query.page.click("form.query button[type=submit]")
    expect(query.page.locator("#views tbody tr")).to_have_count(2)
    query.page.uncheck("#plain")
    expect(query.page.locator("#editor .CodeMirror-code")).to_contain_text("VALUES ?a { 1 2 }")


def test_another_format_comes_as_a_file(query):
    query.open()
    query.write("SELECT ?a { VALUES ?a { 1 2 } }")
    query.page.select_option("#format", "csv")
    with query.page.expect_download() as coming:
        query.page.click("form.query button[type=submit]")
    assert coming.value.path().read_text("utf-8").split() == ["a", "1", "2"]


def test_what_is_too_large_for_the_page_is_not_read(query):
    query.open()
    rows = " ".join(f"{number}" for number in range(60))
    query.run(
        f"SELECT * {{ VALUES ?a {{ {rows} }} VALUES ?b {{ {rows} }} VALUES ?c {{ {rows} }} "
        f"BIND('{'x' * 60}' AS ?d) }}"
    )
    expect(query.page.locator("#status")).to_contain_text("zu groß für diese Seite")
    expect(query.page.locator("#live button[value=csv]")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_without_scripts_the_form_alone_is_there_and_runs(browser, served, width, scheme):  # noqa: F811
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{served.port}/sparql")
    assert [page.locator(name).is_visible() for name in ("#query", "#plain", "#live")] == [
        True,
        False,
        False,
    ]
    page.fill("#query", ROWS)
    page.click("form.query button[type=submit]")
    expect(page.locator("#result-of-form tbody tr")).to_have_count(3)
    context.close()
