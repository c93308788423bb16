"""Turns every failure into the one shape: a problem document (RFC 9457), or a page for people."""

import json
import logging
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from kmn_ld import messages
from kmn_ld.errors import (
    EngineError,
    KmnError,
    MethodNotAllowed,
    RequestError,
    ResourceGone,
    ResourceNotFound,
    ServerBusy,
)
from kmn_ld.formats import BY_NAME
from kmn_ld.iris import quote_path
from kmn_ld.web import languages, negotiation, responses
from kmn_ld.web.bridge import ERROR_KEY
from kmn_ld.web.counting import count_refusal
from kmn_ld.web.live import live

_LOG = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
RETRY_SECONDS = 5
_TYPES = "tag:w3id.org,2026:kmn-ld:error:"
_TOO_MANY = 429
_SERVER_SIDE = 500


@dataclass(frozen=True)
class ErrorPage:
    """What the page of an error shows.

    `status` with its standard `phrase`; `title` and `text` in the reader's language; `links` are
    the formats that are offered instead (path, media type); `query` is the SPARQL text that
    failed, `excerpt` its line with a caret below the mistake; both empty elsewhere.
    """

    status: int
    phrase: str
    title: str
    text: str
    links: tuple[tuple[str, str], ...] = ()
    query: str = ""
    excerpt: str = ""


def register(app: Flask) -> None:
    """Make this module answer for every exception of an application."""
    app.register_error_handler(Exception, answer)
    app.before_request(_raise_what_the_front_found)


def answer(error: Exception) -> Response:
    """Return the response to a failure."""
    failure = _as_ours(error)
    count_refusal(live().tally, failure.key)
    if failure.status >= _SERVER_SIDE and not isinstance(failure, EngineError | ServerBusy):
        _LOG.error("%s %s failed", request.method, request.path, exc_info=error)
    response = _page(failure) if _for_people() else _problem(failure)
    return _with_headers(response, failure)


def _as_ours(error: Exception) -> KmnError:
    if isinstance(error, KmnError):
        return error
    if not isinstance(error, HTTPException):
        return KmnError("internal-error")
    if error.code == HTTPStatus.NOT_FOUND:
        return ResourceNotFound("path-unknown", path=request.path)
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        return MethodNotAllowed("method-not-allowed", method=request.method, allowed=allowed)
    return RequestError("request-malformed")


def _explain(failure: KmnError) -> tuple[str, str]:
    try:
        return messages.explain(failure, languages.current())
    except (KeyError, IndexError):
        _LOG.exception("The catalogue has no text for the error %s", failure.key)
        return messages.explain(KmnError("internal-error"), languages.current())


def _for_people() -> bool:
    """Whether the answer is a page: as the URL says, else as the Accept header says."""
    chosen = _format_in_url()
    return chosen == "html" if chosen else negotiation.prefers_page(request.headers.get("Accept"))


def _format_in_url() -> str:
    """Return the format that the suffix or `format=` names, empty where neither does."""
    asked = request.args.get("format", "")
    suffix = request.path.rpartition("/")[2].rpartition(".")[2]
    is_suffix = "." in request.path.rpartition("/")[2] and suffix in negotiation.known_suffixes()
    return asked or (suffix if is_suffix else "")


def _problem(failure: KmnError) -> Response:
    """Return the problem document (RFC 9457, 3.1); `instance` is the path, never the query."""
    title, detail = _explain(failure)
    details = {name: _plain(value) for name, value in failure.details.items() if name != "links"}
    body = {
        "type": _TYPES + failure.key,
        "title": title,
        "status": failure.status,
        "detail": detail,
        "instance": quote_path(request.path),
    }
    body = {**body, **{name: value for name, value in details.items() if name not in body}}
    return Response(json.dumps(body, ensure_ascii=False) + "\n", content_type=PROBLEM)


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _page(failure: KmnError) -> Response:
    title, text = _explain(failure)
    links = failure.details.get("links", ())
    content = ErrorPage(
        status=failure.status,
        phrase=HTTPStatus(failure.status).phrase,
        title=title,
        text=text,
        links=tuple(links) if isinstance(links, tuple | list) else (),
        query=request.values.get("query", "") if request.endpoint == "sparql.endpoint" else "",
        excerpt=str(failure.details.get("excerpt", "")),
    )
    body = render_template("errors/page.html", page=content)
    return Response(body, content_type=BY_NAME["html"].content_type)


def _with_headers(response: Response, failure: KmnError) -> Response:
    response.status_code = failure.status
    response.headers["Content-Language"] = languages.current()
    gone = isinstance(failure, ResourceGone)
    response.headers["Cache-Control"] = responses.MOVED_AGE if gone else responses.NOT_KEPT
    varying = responses.Varying(by_format=not _format_in_url(), by_language=True).header
    if varying:
        response.headers["Vary"] = varying
    if isinstance(failure, MethodNotAllowed):
        response.headers["Allow"] = str(failure.details.get("allowed", ""))
    if failure.status in (_TOO_MANY, HTTPStatus.SERVICE_UNAVAILABLE):
        response.headers["Retry-After"] = str(failure.details.get("retry_after", RETRY_SECONDS))
    links = failure.details.get("links", ())
    if isinstance(links, tuple | list):
        alternates = {path: f'rel="alternate"; type="{kind}"' for path, kind in links}
        responses.add_links(response, alternates)
    return response


def _raise_what_the_front_found() -> None:
    error = request.environ.get(ERROR_KEY)
    if isinstance(error, KmnError):
        raise error
