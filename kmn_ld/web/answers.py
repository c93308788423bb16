"""Sends the result of a public query as it is: from memory, or as a file."""

from flask import Response

from kmn_ld.engine.interface import PublicAnswer
from kmn_ld.formats import BY_NAME
from kmn_ld.web import responses
from kmn_ld.web.responses import Varying


def age(answer: PublicAnswer, method: str) -> str:
    """Return the Cache-Control of what was made from a result: the answer to a POST is not kept."""
    is_kept = answer.is_repeatable and method != "POST"
    return responses.RESULT_AGE if is_kept else responses.NOT_KEPT


def headers(answer: PublicAnswer, vary: str, kept: str) -> dict[str, str]:
    """Return the headers of a whole result; its strong ETag comes from its digest."""
    found = {
        "Content-Type": BY_NAME[answer.format].content_type,
        "Content-Length": str(answer.length),
        "Cache-Control": kept,
    }
    if kept != responses.NOT_KEPT:
        found["ETag"] = f'"{answer.digest[:32]}-{answer.format}"'
    if vary:
        found["Vary"] = vary
    return found


def send(answer: PublicAnswer, varying: Varying, kept: str) -> Response:
    """Answer with a whole result."""
    response = Response(answer.body, headers=headers(answer, varying.header, kept))
    if answer.path is not None:
        response.headers["X-Sendfile"] = str(answer.path)
    return response
