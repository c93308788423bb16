import re

import pytest

from kmn_ld import messages
from kmn_ld.vocab import PREFIXES
from kmn_ld.web import vocabularies


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_ontology_page_tells_each_term_once_with_its_use_and_an_example(client, language):
    page = client.get(f"/def.html?lang={language}").text
    for local in ("inPillar", "Network"):
        assert page.count(f'id="{local}"') == 1
    article = page[page.index('id="inPillar"') :]
    article = article[: article.index("</article>")]
    assert ("1-mal verwendet" if language == "de" else "used once") in article
    assert 'href="/doc/org/k7x2qf96' in article
    assert 'href="/doc/concept/pillar/one' in article


def test_no_anchor_of_the_pages_is_given_twice(client):
    for path in ("/def.html", "/shapes.html"):
        ids = re.findall(r'\bid="([^"]+)"', client.get(path).text)
        assert len(ids) > 3
        assert sorted(set(ids)) == sorted(ids)


def test_the_picture_has_a_title_and_a_description_for_screen_readers(client):
    page = client.get("/def.html?lang=en").text
    titled = re.search(r'<svg role="img" aria-labelledby="(\S+) (\S+)"', page)
    assert f'<title id="{titled[1]}">Classes and properties</title>' in page
    assert f'<desc id="{titled[2]}">' in page


def test_reused_vocabularies_and_code_lists_are_listed(client):
    page = client.get("/def.html?lang=en").text
    assert "ORG – The Organization Ontology" in page
    assert 'href="/doc/concept/pillar?lang=en"' in page


def test_the_page_of_the_shapes_tells_name_message_and_target(client):
    page = client.get("/shapes.html?lang=de").text
    assert 'id="Network"' in page
    assert "kms:Network" in page


def test_a_vocabulary_too_large_for_a_page_is_listed(client, monkeypatch):
    monkeypatch.setattr(vocabularies, "MOST_TOLD", 1)
    page = client.get("/def.html?lang=en").text
    assert 'id="inPillar"' not in page
    assert 'href="/def?lang=en#inPillar"' in page


def test_links_between_terms_keep_the_language(client):
    page = client.get("/def.html?lang=en").text
    assert 'href="/def?lang=en#Network"' in page


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_vocabulary_with_a_prefix_has_a_name(language):
    assert set(messages.catalogue(language)["vocabularies"]) == set(PREFIXES)


def test_the_shapes_are_called_by_their_title(client):
    assert "<h1><span" in client.get("/shapes.html?lang=de").text.replace("\n", "")
    assert "Prüfregeln</span></h1>" in client.get("/shapes.html?lang=de").text
