from dataclasses import replace

import pytest

from kmn_ld.errors import ResourceNotFound
from kmn_ld.releases import Release
from kmn_ld.vocab import BASE
from kmn_ld.web import things
from kmn_ld.web.live import Current
from tests.web.made_up import ACTIVE


def test_without_a_ledger_an_id_is_known_by_its_statements(engine):
    now = Current(engine)
    assert things.find(f"org/{ACTIVE}", now) == things.Thing(f"org/{ACTIVE}")
    assert things.find("org/K7X2QF96", now) == things.Thing(f"org/{ACTIVE}", moved=True)
    with pytest.raises(ResourceNotFound):
        things.find("org/k3m9tr31", now)


def test_a_release_of_one_file_answers_for_whatever_has_statements(engine, release):
    manifest = replace(release.manifest, kind="dataset")
    now = Current.of(engine, Release(release.folder, manifest))
    assert things.find(f"org/{ACTIVE}#address", now).iri == f"{BASE}id/org/{ACTIVE}#address"
    with pytest.raises(ResourceNotFound):
        things.find("org/K7X2QF96", now)


def test_a_path_that_is_no_iri_is_not_found(client):
    assert client.get("/id/org/%3Cx%3E").status_code == 404
    assert client.get("/doc/region/a%20b").status_code == 404
    assert client.get("/id/region/%00").status_code == 404
