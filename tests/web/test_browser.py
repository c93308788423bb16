"""Pages in a real browser: accessible, no sideways scroll, nothing from elsewhere."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.web import made_up
from tests.web.made_up import ACTIVE, WRONG_DIGITS
from tests.web.served import serving

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUERY = "/sparql?format=html&query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D+LIMIT+20"
PATHS = [
    "/",
    "/?lang=en",
    f"/doc/org/{ACTIVE}",
    "/doc/concept/pillar?lang=en",
    "/def",
    "/shapes",
    "/graph/organisations",
    "/sparql",
    "/queries",
    "/queries/age?lang=en",
    "/queries/age?lang=en&day=never",
    "/api",
    QUERY,
    f"/doc/org/{WRONG_DIGITS}",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)"
    ),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    (folder / "releases").mkdir()
    made_up.write(folder / "releases")
    with serving(folder / "releases", folder / "tmp") as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(params=["light", "dark"])
def page(request, browser):
    """A narrow page (320 px, WCAG 1.4.10) that remembers what it asked for."""
    opened = browser.new_page(
        viewport={"width": 320, "height": 800}, color_scheme=request.param, locale="de-DE"
    )
    opened.asked = []
    opened.on("request", lambda asked: opened.asked.append(asked.url))
    yield opened
    opened.close()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_accessible_narrow_and_brings_nothing_from_elsewhere(page, served, path):
    base = f"http://127.0.0.1:{served.port}"
    page.goto(base + path)
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert [fault["id"] for fault in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert [url for url in page.asked if not url.startswith(base)] == []
    assert page.evaluate("document.documentElement.lang") == ("en" if "lang=en" in path else "de")


def test_the_first_tab_stop_leads_to_the_content(page, served):
    page.goto(f"http://127.0.0.1:{served.port}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_query_runs_from_the_form_without_script(browser, served):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{served.port}/sparql")
    page.fill("#query", "SELECT ?a { VALUES ?a { 1 2 3 } }")
    page.click("button")
    assert page.locator("tbody tr").count() == 3
    context.close()
