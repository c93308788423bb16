"""Tells operators whether the process lives and which release it answers from."""

import json
from datetime import UTC, datetime

from flask import Blueprint, Response

from kmn_ld.engine.terms import Iri
from kmn_ld.queries import load_query
from kmn_ld.vocab import BASE
from kmn_ld.web import responses
from kmn_ld.web.live import Current, current

bp = Blueprint("health", __name__)


@bp.get("/health/live")
def alive() -> Response:
    """Answer at all: the process lives."""
    return _report(status="live")


@bp.get("/health/ready")
def ready() -> Response:
    """Ask the store something, see that queries have a worker, tell release and age in seconds."""
    now = current()
    now.engine.rows(load_query("thing"), {"thing": Iri(f"{BASE}id/network")})
    now.engine.ensure_ready()
    return _report(status="ready", release=now.key, **_age(now))


def _age(now: Current) -> dict[str, object]:
    if now.release is None:
        return {}
    built = now.release.manifest.built
    age = datetime.now(UTC) - datetime.fromisoformat(built)
    return {"built": built, "age_seconds": round(age.total_seconds())}


def _report(**values: object) -> Response:
    body = json.dumps(values) + "\n"
    return responses.raw(body.encode(), "application/json", kept=responses.NOT_KEPT)
