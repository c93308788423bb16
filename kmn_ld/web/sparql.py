"""The SPARQL endpoint in Flask: query page, service description, and every query (`protocol`)."""

from flask import Blueprint, Response, request

from kmn_ld.web import answers, descriptions, protocol, query_page
from kmn_ld.web.live import current
from kmn_ld.web.responses import Varying

bp = Blueprint("sparql", __name__)


@bp.route("/sparql", methods=["GET", "POST"])
@bp.route("/releases/<release>/sparql", methods=["GET", "POST"])  # see `archive`
def endpoint() -> Response:
    """Answer a query; without one, describe the service or show the form."""
    asked = protocol.read(request.environ, request.get_data)
    varying = Varying(by_format=asked.by_format, by_language=asked.as_page)
    if asked.description:
        return descriptions.service(asked.description, varying)
    if asked.query is None:
        return query_page.form_page(asked.example, varying)
    answer = current().engine.answer(asked.query, request.remote_addr or "")
    age = answers.age(answer, request.method)
    if asked.as_page:
        return query_page.answer_page(asked.query.text, answer, varying, age)
    return answers.send(answer, varying, age)
