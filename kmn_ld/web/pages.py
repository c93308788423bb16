"""Pages for people that describe no single thing, and the files that pages need."""

import mimetypes
from pathlib import Path

from flask import Blueprint, Response, request
from werkzeug.security import safe_join

from kmn_ld.errors import ResourceNotFound
from kmn_ld.formats import GRAPHS
from kmn_ld.web import assets, descriptions, languages, responses
from kmn_ld.web import home as home_page
from kmn_ld.web.live import current

bp = Blueprint("pages", __name__)

_STATIC = Path(__file__).parent / "static"


@bp.get("/")
def home() -> Response:
    """Say what the network is and how to get the data; to who asks for RDF, in VoID."""
    name, varying = descriptions.asked_format(("html", *GRAPHS))
    if name != "html":
        return descriptions.void_description(name, varying)
    content = home_page.collect(current(), languages.current())
    return responses.page("pages/home.html", content, varying=varying, kept=responses.RESULT_AGE)


@bp.get("/static/<path:name>")
def static(name: str) -> Response:
    """Send a style sheet, a script or a picture; packed where it lies packed beside itself."""
    path = safe_join(str(_STATIC), name)
    if path is None or not Path(path).is_file():
        raise ResourceNotFound("path-unknown", path=request.path)
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    packed = Path(f"{path}.gz")
    is_packed = packed.is_file() and request.accept_encodings["gzip"] > 0
    kept = responses.FOR_EVER if _is_versioned(name) else responses.DOCUMENT_AGE
    data = (packed if is_packed else Path(path)).read_bytes()
    response = responses.raw(data, media_type + charset, kept=kept)
    if packed.is_file():
        response.headers["Vary"] = "Accept-Encoding"
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _is_versioned(name: str) -> bool:
    """Whether a file's address changes with its content: that of others, in folders by version."""
    return name.startswith("assets/") and not name.endswith(assets.NOTICES)


@bp.get("/favicon.ico")
def favicon() -> Response:
    """Send the icon that browsers ask for unasked."""
    return responses.raw((_STATIC / "favicon.svg").read_bytes(), "image/svg+xml")
