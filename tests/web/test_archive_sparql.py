"""SPARQL over a release that is not current."""

import re

import pytest

from kmn_ld import releases
from kmn_ld.web import assets, create_app
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


def test_its_description_is_that_of_its_own_endpoint_and_release(client, folder):
    for key in releases.all_ids(folder):
        described = client.get(f"/releases/{key}/sparql?format=nt&lang=en").text
        address = f"http://localhost/releases/{key}/sparql"
        assert (
            f"<{address}> <http://www.w3.org/ns/sparql-service-description#endpoint>" in described
        )
        assert f'<{address}> <http://www.w3.org/2002/07/owl#versionInfo> "{key}"' in described
        assert f"<https://schema.org/target> <{address}>" in described
        assert set(re.findall(r"<http://localhost/([^>#]+)", described)) == {
            f"releases/{key}/sparql"
        }
        total = re.search(r"#dataset> <http://rdfs.org/ns/void#triples> \"(\d+)\"", described)[1]
        assert int(total) == count(client, f"/releases/{key}/sparql")


def test_its_page_and_what_its_scripts_ask_stay_with_it(client, folder, monkeypatch):
    monkeypatch.setattr(assets, "find", lambda _, name: f"assets/yasgui-0/{name}")
    older, _ = releases.all_ids(folder)
    page = client.get(f"/releases/{older}/sparql", headers={"Accept": "text/html"}).text
    assert page.count(f"http://localhost/releases/{older}/sparql") == 4
    assert "http://localhost/sparql" not in page
    given = dict(re.findall(r'data-(terms|snippets)="([^"]*)"', page))
    code = client.post(given["snippets"], data={"query": COUNT}).text
    assert code.count(f"http://localhost/releases/{older}/sparql") == 4
    assert "http://localhost/sparql" not in code
    named = [client.get(path).json["classes"] for path in (given["terms"], "/sparql/terms.json")]
    regions = [
        next((one["count"] for one in classes if one["iri"].endswith("RegionalAssociation")), 0)
        for classes in named
    ]
    assert regions == [1, 2]


def test_a_release_that_is_gone_is_404_and_says_which_there_are(client, folder):
    older, _ = releases.all_ids(folder)
    answer = client.get(
        "/releases/20010101T000000Z-0123456789ab/sparql", query_string={"query": COUNT}
    )
    assert answer.status_code == 404
    assert older in answer.json["detail"]
