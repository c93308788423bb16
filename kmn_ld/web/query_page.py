"""The query page: a form, examples, the result as a table, and the query for other tools."""

from dataclasses import replace

from flask import Response

from kmn_ld.engine.interface import PublicAnswer
from kmn_ld.web import examples, languages, responses
from kmn_ld.web.home import example
from kmn_ld.web.live import current
from kmn_ld.web.responses import Varying
from kmn_ld.web.results import QueryPage, result_page
from kmn_ld.web.snippets import snippets


def form_page(name: str, varying: Varying) -> Response:
    """Show the form with an example: the named one, else the one to begin with.

    Raises ResourceNotFound where no example has the name.
    """
    if not name:
        return _page(QueryPage(query=example()), varying, responses.DOCUMENT_AGE)
    chosen, text = examples.find(current().release, name, languages.current())
    return _page(QueryPage(query=text, example=chosen), varying, responses.DOCUMENT_AGE)


def answer_page(query: str, answer: PublicAnswer, varying: Varying, kept: str) -> Response:
    """Show the form with a query and its answer, in JSON (rows) or Turtle (triples)."""
    return _page(result_page(query, answer), varying, kept)


def _page(content: QueryPage, varying: Varying, kept: str) -> Response:
    content = replace(
        content,
        examples=examples.groups(current().release, languages.current()),
        snippets=snippets(content.query),
    )
    return responses.page("sparql/query.html", content, varying=varying, kept=kept)
