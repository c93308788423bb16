"""Refuses a request that names its host wrongly, and answers for the server as a whole (`*`)."""

from flask import Flask, Response, request

from kmn_ld.errors import RequestError
from kmn_ld.web.clients import is_host

_METHODS = "GET, HEAD, OPTIONS, POST"


def register(app: Flask) -> None:
    """Look at the target of every request before its view."""
    app.before_request(_check)


def _check() -> Response | None:
    """Demand one valid host (RFC 9112, 3.2), and answer `OPTIONS *` (RFC 9110, 9.3.7)."""
    host = request.environ.get("HTTP_HOST", "")  # granian sends an empty one where there is none
    if not host and request.environ["SERVER_PROTOCOL"] == "HTTP/1.1":
        raise RequestError("host-missing")
    if host and not is_host(host):
        raise RequestError("host-invalid")
    if request.environ["PATH_INFO"] != "*":
        return None
    if request.method != "OPTIONS":
        raise RequestError("request-malformed")
    return Response(headers={"Allow": _METHODS})
