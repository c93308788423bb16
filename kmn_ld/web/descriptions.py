"""Answers with the descriptions that programs read: VoID, and that of the SPARQL service."""

from collections.abc import Sequence

from flask import Blueprint, Flask, Response, current_app, request

from kmn_ld import catalogue
from kmn_ld.catalogue import Site, Statistics
from kmn_ld.catalogue.writing import NAMESPACES
from kmn_ld.config import Settings
from kmn_ld.engine.serialising import serialise
from kmn_ld.engine.terms import Literal, Statement
from kmn_ld.errors import NotAcceptable, ResourceNotFound
from kmn_ld.formats import GRAPHS
from kmn_ld.releases import Release
from kmn_ld.web import addresses, examples, negotiation, responses
from kmn_ld.web.live import Current, current
from kmn_ld.web.responses import Varying

bp = Blueprint("descriptions", __name__)

_SETTINGS = "kmn_ld.settings"


def register(app: Flask, settings: Settings) -> None:
    """Let the descriptions of an application tell its settings."""
    app.extensions[_SETTINGS] = settings


@bp.get("/.well-known/void")
def void() -> Response:
    """Describe the release in VoID, whose note gives the path its meaning (`#well-known`)."""
    return void_description(*asked_format(GRAPHS))


def asked_format(offered: Sequence[str]) -> tuple[str, Varying]:
    """Return the format that `format=` or else the Accept header asks for, and what decided.

    Raises NotAcceptable where it is none of those offered.
    """
    chosen = request.args.get("format", "")
    if chosen and chosen not in offered:
        raise NotAcceptable("format-unknown", format=chosen, offered=", ".join(offered))
    name = chosen or negotiation.choose(request.headers.get("Accept"), offered)
    return name, Varying(by_format=not chosen, by_language=name == "html")


def void_description(format_name: str, varying: Varying) -> Response:
    """Answer with VoID in one of `GRAPHS`."""
    now, settings = current(), _settings()
    release, statistics = _counted(now)
    told = catalogue.describe_dataset(release, statistics, _site(), official=settings.official)
    return _send(told, format_name, varying)


def service(format_name: str, varying: Varying) -> Response:
    """Answer with the service description in one of `GRAPHS` (section 2)."""
    release, statistics = _counted(current())
    library = examples.library(release)
    told = catalogue.describe_service(release, statistics, _site(), _settings(), library)
    return _send(told, format_name, varying)


def _counted(now: Current) -> tuple[Release, Statistics]:
    """Return the release and what its build has counted; raises ResourceNotFound without any."""
    if now.release is None or now.statistics is None:
        raise ResourceNotFound("release-uncounted", release=now.key)
    return now.release, now.statistics


def _send(told: list[Statement], format_name: str, varying: Varying) -> Response:
    response = responses.data(
        serialise(told, format_name, NAMESPACES), format_name, varying=varying
    )
    tags = {entry.object.language for entry in told if isinstance(entry.object, Literal)}
    return responses.with_languages(response, tags)


def _site() -> Site:
    public = _settings().public_url
    return Site(addresses.of_site(public), addresses.of_endpoint(public))


def _settings() -> Settings:
    settings: Settings = current_app.extensions[_SETTINGS]
    return settings
