import hashlib

import pytest

from kmn_ld.formats import BY_NAME


@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "rdf"])
def test_a_dump_is_handed_over_with_its_type_length_and_digest(client, release, name):
    response = client.get(f"/dump/network.{name}")
    path = release.path("dump", f"network.{name}")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert response.status_code == 200
    assert response.headers["X-Sendfile"] == str(path.resolve())
    assert response.headers["Content-Length"] == str(path.stat().st_size)
    assert response.headers["ETag"] == f'"{digest[:32]}"'
    assert response.content_type == BY_NAME[name].content_type


def test_a_known_dump_is_not_sent_again(client):
    tag = client.get("/dump/network.nt").headers["ETag"]
    assert client.get("/dump/network.nt", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("name", ["network.nq", "..", "%2e%2e%2fmanifest.json", "manifest.json"])
def test_what_the_manifest_does_not_name_is_404(client, name):
    assert client.get(f"/dump/{name}").status_code == 404
