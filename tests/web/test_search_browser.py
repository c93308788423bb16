"""The search page in a real browser: accessible, by keyboard, with and without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.web import made_up
from tests.web.made_up import ACTIVE
from tests.web.served import serving
from tests.web.test_browser import CHROMIUM, RULES, browser  # noqa: F401 - a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)"
    ),
]

PATHS = [
    "/search",
    "/search?q=Beratung&lang=en",
    "/search?q=Musterstatt+Erste&type=organisation&status=all",
    "/search?q=qqwertz&type=district",
    "/search?limit=2&page=2",
    "/search?q=%22",
]
LONG = "Bezirksarbeitsgemeinschaftskoordinierungsstellenleitungsausschuss"
MORE = f'<id/region/lang> a kmn:RegionalAssociation ; skos:prefLabel "{LONG}"@de .'


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search-browser")
    (folder / "releases").mkdir()
    made_up.write(folder / "releases", more=MORE)
    with serving(folder / "releases", folder / "tmp") as running:
        yield running


@pytest.fixture
def opened(browser, served):  # noqa: F811
    """Open a path in a page of some width; what the page asked for and complained of is kept."""
    pages = []

    def open_page(path, *, width=1280, scheme="light", script=True):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, locale="de-DE",
            java_script_enabled=script,
        )  # fmt: skip
        page = context.new_page()
        pages.append(context)
        page.asked, page.complaints = [], []
        page.on("request", lambda asked: page.asked.append(asked.url))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.base = f"http://127.0.0.1:{served.port}"
        page.goto(page.base + path)
        return page

    yield open_page
    for context in pages:
        context.close()


def _faults(page):
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [(fault["id"], fault["nodes"][0]["html"]) for fault in found.response["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_the_page_is_accessible_and_fits_into_320_pixels(opened, path, scheme):
    page = opened(path, width=320, scheme=scheme)
    assert _faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert [url for url in page.asked if not url.startswith(page.base)] == []
    assert page.complaints == []


def test_long_names_break_in_results_filters_and_suggestions(opened):
    page = opened(f"/search?q={LONG[:30]}", width=320)
    page.focus("#q")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_suggestions_are_a_combobox_that_the_keyboard_rules(opened):
    page = opened("/search")
    field = page.get_by_role("combobox", name="Name, Ort")
    field.press_sequentially("haus")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Haus der Beratung")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_contain_text("mit den Pfeiltasten wählen")
    assert _faults(page) == []
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/doc/org/{ACTIVE}*")


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(opened):
    page = opened("/search")
    field = page.get_by_role("combobox")
    field.press_sequentially("haus")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("haus")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=haus")


def test_leaving_the_field_closes_the_suggestions_and_tab_goes_on(opened):
    page = opened("/search")
    page.get_by_role("combobox").press_sequentially("haus")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert page.evaluate("document.activeElement.type") == "submit"


def test_a_suggestion_can_be_clicked(opened):
    page = opened("/search?lang=en")
    page.get_by_role("combobox").press_sequentially("house")
    page.get_by_role("option", name="House of advice").click()
    page.wait_for_url(f"**/doc/org/{ACTIVE}?lang=en")


def test_the_form_and_the_filters_work_without_scripts(opened):
    page = opened("/search?type=organisation", script=False)
    page.fill("#q", "Beratung")
    page.click("button[type=submit]")
    assert "type=organisation" in page.url
    assert "q=Beratung" in page.url
    page.get_by_role("link", name="Filter entfernen: Organisation").click()
    assert "type=" not in page.url
    assert page.locator(".results h3").count() >= 1
