"""Sends the result of a public query as it is: from memory, or as a file."""

from flask import Response, request

from kmn_ld.engine.interface import PublicAnswer
from kmn_ld.formats import BY_NAME
from kmn_ld.web import responses
from kmn_ld.web.responses import Varying


def age(answer: PublicAnswer) -> str:
    """Return the Cache-Control of what was made from a result: the answer to a POST is not kept."""
    is_kept = answer.is_repeatable and request.method != "POST"
    return responses.RESULT_AGE if is_kept else responses.NOT_KEPT


def send(answer: PublicAnswer, varying: Varying) -> Response:
    """Answer with a whole result; its strong ETag comes from its digest."""
    tag = f"{answer.digest[:32]}-{answer.format}"
    if answer.path is None:
        body = answer.body or b""
        response = responses.data(body, answer.format, varying=varying, kept=age(answer))
        if age(answer) != responses.NOT_KEPT:
            response.set_etag(tag)
        return response
    content_type = BY_NAME[answer.format].content_type
    response = responses.file(answer.path, content_type, tag, answer.length, kept=age(answer))
    if varying.header:
        response.headers["Vary"] = varying.header
    return response
