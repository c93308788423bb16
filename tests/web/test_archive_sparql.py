"""SPARQL over a release that is not current."""

import pytest

from kmn_ld import releases
from kmn_ld.web import create_app
from tests.web import made_up

MORE = '<id/region/neu> a kmn:RegionalAssociation ; skos:prefLabel "Neu"@de .'
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("releases")
    made_up.write(folder)
    made_up.write(folder, more=MORE)
    return folder


@pytest.fixture
def client(settings, folder):
    return create_app(settings.with_changes(releases=folder)).test_client()


def count(client, path):
    answer = client.get(path, query_string={"query": COUNT, "format": "csv"})
    assert answer.status_code == 200
    return int(answer.text.split()[1])


def test_an_older_release_answers_what_it_answered(client, folder):
    older, newest = releases.all_ids(folder)
    assert count(client, f"/releases/{newest}/sparql") == count(client, "/sparql")
    assert count(client, f"/releases/{older}/sparql") < count(client, "/sparql")


def test_its_page_stays_with_it_and_leads_back(client, folder):
    older, _ = releases.all_ids(folder)
    page = client.get(f"/releases/{older}/sparql", headers={"Accept": "text/html"}).text
    assert f'action="/releases/{older}/sparql' in page
    assert older in page
    assert 'href="/sparql"' in page


def test_a_release_that_is_gone_is_404_and_says_which_there_are(client, folder):
    older, _ = releases.all_ids(folder)
    answer = client.get(
        "/releases/20010101T000000Z-0123456789ab/sparql", query_string={"query": COUNT}
    )
    assert answer.status_code == 404
    assert older in answer.json["detail"]
