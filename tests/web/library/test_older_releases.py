"""The library over a release that is not current."""

import pytest

from kmn_ld import releases
from kmn_ld.web import create_app
from tests.web import made_up

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def older(tmp_path_factory):
    """A folder with two releases, and the id of the first; the second has lost a query."""
    folder = tmp_path_factory.mktemp("older")
    made_up.write(folder)
    made_up.write(folder, more="<id/region/neu> a kmn:RegionalAssociation .")
    first, newest = releases.all_ids(folder)
    (releases.find(folder, newest).path(releases.QUERIES) / "odd.rq").unlink()
    return folder, first


@pytest.fixture
def client(settings, older):
    return create_app(settings.with_changes(releases=older[0])).test_client()


def test_a_query_that_is_gone_is_answered_by_the_release_that_had_it(client, older):
    assert client.get("/queries/odd.csv").status_code == 404
    answer = client.get(f"/releases/{older[1]}/queries/odd.csv")
    assert (answer.status_code, answer.text) == (200, "day\r\nodd\r\n")
    assert "odd" in [
        one["name"] for one in client.get(f"/releases/{older[1]}/queries.json").json["queries"]
    ]


def test_its_page_stays_with_the_release_and_leads_back(client, older):
    page = client.get(f"/releases/{older[1]}/queries/age?day=2026-01-02", headers=PAGE).text
    assert f'href="/releases/{older[1]}/queries/age.csv?day=2026-01-02"' in page
    assert f'action="/releases/{older[1]}/queries/age"' in page
    assert 'href="/queries/age?day=2026-01-02"' in page


def test_a_page_names_the_address_that_goes_on_answering_so(client):
    newest = client.get("/health/ready").json["release"]
    page = client.get("/queries/age", headers=PAGE).text
    assert f"/releases/{newest}/queries/age</code>" in page
    assert client.get(f"/releases/{newest}/queries/age", headers=PAGE).status_code == 200
