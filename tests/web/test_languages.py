import pytest

from kmn_ld.web.languages import preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "de"),
        ("de", "de"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("EN-us", "en"),
        ("fr, en;q=0.5", "en"),
        ("fr", "de"),
        ("*", "de"),
        ("en;q=0.8, de;q=0.9", "de"),
        ("de;q=0.8, en;q=0.9", "en"),
        ("en;q=0, *", "de"),
        ("de;q=0", "en"),
        ("de-simple, en", "de"),
        ("en;q=nonsense, de;q=0.1", "de"),
        ("de;q=0, *", "en"),
        ("*, de;q=0", "en"),
        ("de;q=0.0, *;q=0.1", "en"),
        ("de;q=0, fr", "en"),
        ("de;q=0, en;q=0", "de"),
        ("de;q=0, en;q=0, *", "de"),
        ("*;q=0", "de"),
        ("en, *;q=0", "en"),
        ("en;q=0.1, *;q=0", "en"),
        ("fr, *;q=0", "de"),
        ("*, en;q=0.5", "en"),
        ("en;q=0.5, *;q=0.8", "en"),
        ("fr, *;q=0.5", "de"),
        ("en-GB;q=0, en", "en"),
        ("de-AT;q=0, *", "de"),
        ("en-GB, en;q=0", "de"),
        ("en-US;q=0.9, de;q=0.5, en;q=0.1", "en"),
        ("en;q=0.5, de;q=0.5", "en"),
        ("de, en", "de"),
        ("en;q=0.001", "en"),
        ("de;q=0.5, en;q=1.001", "de"),
        ("de;q=0.5, en;q=0.5555", "de"),
        ("de-DE-1996, en", "de"),
        ("de-a-x, en", "de"),
        ("x-en, de", "de"),
        ("x-en", "de"),
        ("eng, de;q=0.5", "de"),
        ("en_GB, de;q=0.5", "de"),
        ("EN ; Q=0.9 , DE;q=0.8", "en"),
        (",, ,en", "en"),
        (";q=1, en", "en"),
        ("-, en", "en"),
        ("\xff\x00", "de"),
    ],
)
def test_accept_language_leads_to_language(header, language):
    assert preferred(header) == language


def test_the_url_wins_over_the_header(client):
    page = client.get("/doc/network.html?lang=en", headers={"Accept-Language": "de"})
    assert page.headers["Content-Language"] == "en"
    assert "Vary" not in page.headers


def test_an_unknown_language_in_the_url_is_passed_over(client):
    page = client.get("/doc/network.html?lang=tlh", headers={"Accept-Language": "en"})
    assert page.headers["Content-Language"] == "en"
    assert page.headers["Vary"] == "Accept-Language"


def test_without_any_wish_a_page_is_german(client):
    page = client.get("/doc/network.html")
    assert page.headers["Content-Language"] == "de"
    assert '<html lang="de"' in page.text


def test_a_chosen_language_stays_in_links_and_the_switch_keeps_the_page(client):
    page = client.get("/doc/concept/pillar.html?lang=en").text
    assert 'href="/doc/concept/pillar/one?lang=en"' in page
    assert 'href="/doc/concept/pillar.html?lang=de"' in page
    assert 'href="/doc/concept/pillar.ttl"' in page


def test_a_redirect_keeps_the_chosen_language(client):
    assert client.get("/id/network?lang=en").headers["Location"] == "/doc/network?lang=en"
