"""Comunica finds out by itself what the service is and can do."""

import json

import pytest

from tests import questions
from tests.clients import comunica
from tests.clients.relaying import relaying

pytestmark = pytest.mark.xdist_group("clients")

COUNTING = questions.library()["organisations-by-pillar"].text


@pytest.mark.parametrize("path", ["/sparql", "/releases/{release}/sparql"])
def test_the_description_is_read_and_the_whole_query_is_asked_at_once(server, release, path):
    path = path.format(release=release)
    with relaying(server) as relay:
        wish = {"name": "count", "query": COUNTING, "sources": [relay.address + path]}
        told = comunica.ask([wish])["count"]
    description, *asked = relay.seen
    assert (description.method, description.path, description.query) == ("GET", path, "")
    assert "text/turtle" in description.accept
    assert [request.path for request in asked] == [path]
    assert "GROUP BY" in asked[0].query
    assert len(json.loads(told["text"])["results"]["bindings"]) == 13


def test_functions_that_the_description_names_are_left_to_the_service(server):
    query = questions.library()["neighbours-of-a-district"].text
    told = comunica.ask([{"name": "near", "query": query, "sources": [f"{server}/sparql"]}])
    assert len(json.loads(told["near"]["text"])["results"]["bindings"]) == 8
