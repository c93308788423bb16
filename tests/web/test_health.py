import json

from kmn_ld.errors import EngineError


def test_a_living_process_says_so(client):
    response = client.get("/health/live")
    assert (response.status_code, json.loads(response.data)) == (200, {"status": "live"})
    assert response.content_type == "application/json"


def test_readiness_names_release_and_age_in_seconds(client, release):
    report = client.get("/health/ready").json
    assert report["status"] == "ready"
    assert report["release"] == release.id
    assert report["built"] == release.manifest.built
    assert report["age_seconds"] > 0


def test_who_cannot_ask_the_store_is_not_ready(client, engine):
    def broken(*_):
        raise RuntimeError

    engine.rows = broken
    assert client.get("/health/ready").status_code == 500
    assert client.get("/health/live").status_code == 200


def test_a_service_that_cannot_start_a_worker_is_not_ready_and_says_why(client, engine):
    engine.unready = EngineError("worker-start", reason="no more processes")
    report = client.get("/health/ready")
    assert report.status_code == 503
    assert "no more processes" in report.json["detail"]
    assert client.get("/health/live").status_code == 200
