"""Makes responses: media type, strong ETag, 304, caching, security and CORS headers."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Response, render_template, request

from kmn_ld.formats import BY_NAME
from kmn_ld.iris import quote_iri
from kmn_ld.releases import File, Release
from kmn_ld.web import languages

DOCUMENT_AGE = "public, max-age=3600"
"""Cache-Control of documents and pages (design: identifiers, section 2)."""

RESULT_AGE = "public, max-age=300"
MOVED_AGE = "public, max-age=86400"
FOR_EVER = "public, max-age=31536000, immutable"
NOT_KEPT = "no-store"

_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Allow, Content-Language, Content-Location, ETag, Link, Location, Retry-After"
    ),
}
IN_ALL = {**_SECURITY, **_CROSS_ORIGIN}
"""What every answer carries."""
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True)
class Varying:
    """What the URL of an answer leaves to the headers of the request."""

    by_format: bool = False
    by_language: bool = False

    @property
    def header(self) -> str:
        """The value of Vary, empty where only the URL decides."""
        names = []
        if self.by_format:
            names.append("Accept")
        if self.by_language and languages.asked_for() is None:
            names.append("Accept-Language")
        return ", ".join(names)


def data(
    body: bytes, format_name: str, *, varying: Varying | None = None, kept: str = DOCUMENT_AGE
) -> Response:
    """Answer with a representation in one of our formats."""
    response = Response(body, content_type=BY_NAME[format_name].content_type)
    return _with_cache(response, varying or Varying(), kept)


def raw(body: bytes, media_type: str, *, kept: str = DOCUMENT_AGE) -> Response:
    """Answer with bytes of a media type that the table of formats does not hold."""
    return _with_cache(Response(body, content_type=media_type), Varying(), kept)


def page(
    template: str,
    content: object,
    *,
    varying: Varying | None = None,
    kept: str = DOCUMENT_AGE,
    status: int = 200,
) -> Response:
    """Answer with a page in the reader's language; the template finds its dataclass in `page`."""
    body = render_template(template, page=content)
    response = Response(body, status=status, content_type=BY_NAME["html"].content_type)
    response.headers["Content-Language"] = languages.current()
    return _with_cache(response, varying or Varying(by_language=True), kept)


def file(path: Path, media_type: str, tag: str, length: int, *, kept: str) -> Response:
    """Answer with a file that the front layer sends; `tag` is its strong ETag."""
    response = Response(content_type=media_type)
    response.headers["X-Sendfile"] = str(path)
    response.headers["Content-Length"] = str(length)
    response.set_etag(tag)
    return _with_cache(response, Varying(), kept)


def released(
    release: Release, entry: File, media_type: str, varying: Varying | None = None
) -> Response:
    """Answer with a file of a release; its ETag is the digest that the manifest names."""
    path = release.path(entry.path).resolve()
    response = file(path, media_type, entry.sha256[:32], entry.bytes, kept=DOCUMENT_AGE)
    return _with_cache(response, varying or Varying(), DOCUMENT_AGE)


def with_languages(response: Response, tags: Iterable[str]) -> Response:
    """Say which languages are in the data; texts without one have an empty tag."""
    named = sorted({tag.partition("--")[0] for tag in tags} - {""})  # without base direction
    if named:
        response.headers["Content-Language"] = ", ".join(named)
    return response


def see(path: str, status: int, varying: Varying | None = None) -> Response:
    """Redirect to a path of this server (303), for good (301)."""
    response = Response(status=status, headers={"Location": path})
    del response.headers["Content-Type"]
    kept = MOVED_AGE if status == 301 else DOCUMENT_AGE  # noqa: PLR2004 - HTTP status
    return _with_cache(response, varying or Varying(), kept)


def add_links(response: Response, links: Mapping[str, str]) -> Response:
    """Add Link headers; `links` is target → parameters (`rel="…"; type="…"`)."""
    value = ", ".join(
        f"<{quote_iri(target)}>; {parameters}" for target, parameters in links.items()
    )
    if value:
        response.headers["Link"] = value
    return response


def finish(response: Response) -> Response:
    """Give every response what all have in common, and turn it into 304 where it is known."""
    if request.method == "OPTIONS" and response.status_code == 200:  # noqa: PLR2004
        response = Response(status=204, headers={"Allow": response.headers.get("Allow", "")})
        del response.headers["Content-Type"]
        response.headers.update(_PREFLIGHT)
        response.headers["Access-Control-Allow-Methods"] = response.headers["Allow"]
    if response.headers.get("Location", "").startswith(request.host_url):  # Flask's own redirect
        response.headers["Location"] = "/" + response.headers["Location"][len(request.host_url) :]
    response.headers.update(IN_ALL)
    if response.status_code == 200 and request.method in ("GET", "HEAD"):  # noqa: PLR2004
        _make_conditional(response)
    return response


def _make_conditional(response: Response) -> None:
    if "no-store" in response.headers.get("Cache-Control", NOT_KEPT):
        return
    if "ETag" not in response.headers:
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)


def _with_cache(response: Response, varying: Varying, kept: str) -> Response:
    response.headers["Cache-Control"] = kept
    if varying.header:
        response.headers["Vary"] = varying.header
    return response
