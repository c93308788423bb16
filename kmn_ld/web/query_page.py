"""The query page: form, examples, result, the query for other tools, and what its scripts ask for.

The page works without scripts. With them YASGUI's editor and views stand on top of the same form
(`static/query/`, decision D10); where its files were not fetched, the plain page remains.
"""

import json
from dataclasses import replace

from flask import Blueprint, Response, render_template, request, url_for

from kmn_ld.describe import all_attributions
from kmn_ld.engine.interface import PublicAnswer
from kmn_ld.messages import catalogue
from kmn_ld.vocab import BASE, PREFIXES
from kmn_ld.web import assets, completion, examples, languages, links, responses
from kmn_ld.web.hints import unknown_names
from kmn_ld.web.home import example
from kmn_ld.web.live import current
from kmn_ld.web.responses import Varying
from kmn_ld.web.results import QueryPage, result_page
from kmn_ld.web.snippets import snippets

bp = Blueprint("query_page", __name__)

YASGUI = "@zazuko/yasgui"


@bp.get("/sparql/terms.json")
@bp.get("/releases/<release>/sparql/terms.json")  # see `archive`
def terms() -> Response:
    """Tell the classes and properties that the editor offers, in the reader's language."""
    body = json.dumps(completion.terms(current(), languages.current()), ensure_ascii=False)
    response = responses.data(body.encode(), "json", varying=Varying(by_language=True))
    response.content_type = "application/json"
    response.headers["Content-Language"] = languages.current()
    return response


@bp.post("/sparql/snippets")
@bp.post("/releases/<release>/sparql/snippets")
def call_from_tools() -> Response:
    """Write the part of the page that asks a query from other tools."""
    content = QueryPage(snippets=snippets(request.form.get("query", "")))
    body = render_template("sparql/_snippets.html", page=content)
    return Response(body, headers={"Cache-Control": responses.NOT_KEPT})


@bp.app_context_processor
def _of_templates() -> dict[str, object]:
    """Return what the form needs, on this page and on those of failed queries."""
    return {
        "query_asset": _asset,
        "query_texts": lambda: catalogue(languages.current())["query_page"],
        "query_prefixes": lambda: PREFIXES,
        "query_base": BASE,
        "longest_permalink": links.LONGEST_PERMALINK,
    }


def _asset(file_name: str) -> str:
    """Return the address of a file of YASGUI, empty where it was not fetched."""
    name = assets.find(YASGUI, file_name)
    return url_for("pages.static", name=name, lang=None) if name else ""


def form_page(name: str, varying: Varying) -> Response:
    """Show the form with an example: the named one, else the one to begin with.

    Raises ResourceNotFound where no example has the name.
    """
    if not name:
        return _page(QueryPage(query=example()), varying, responses.DOCUMENT_AGE)
    chosen, text = examples.find(current().release, name, languages.current())
    query = examples.find_query(current().release, name)
    variables = (column.sources[0] for column in query.view_columns(languages.current()))
    content = QueryPage(query=text, example=chosen, view=" ".join((query.view.kind, *variables)))
    return _page(content, varying, responses.DOCUMENT_AGE)


def answer_page(query: str, answer: PublicAnswer, varying: Varying, kept: str) -> Response:
    """Show the form with a query and its answer, in JSON (rows) or Turtle (triples)."""
    content = result_page(query, answer)
    if content.form == "table" and not content.rows:
        content = replace(content, unknown=unknown_names(query, current()))
    return _page(content, varying, kept)


def _page(content: QueryPage, varying: Varying, kept: str) -> Response:
    content = replace(
        content,
        examples=examples.groups(current().release, languages.current()),
        snippets=snippets(content.query),
        attributions=all_attributions(current().engine),
    )
    return responses.page("sparql/query.html", content, varying=varying, kept=kept)
