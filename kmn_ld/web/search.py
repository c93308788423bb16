"""Serves the search: the page, the same results as JSON, and suggestions while one types."""

import json
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from flask import Blueprint, Response, request

from kmn_ld import search
from kmn_ld.describe import best_name
from kmn_ld.errors import NotAcceptable, RequestError, ResourceNotFound
from kmn_ld.search import FACETS, Found, Index, Question
from kmn_ld.web import languages, links, negotiation, responses, search_page
from kmn_ld.web.live import current
from kmn_ld.web.responses import Varying

bp = Blueprint("search", __name__)

MOST_CHARACTERS = 200
MOST_RESULTS = 100
"""Results of a page at most."""
MOST_PAGES = 5_000
SUGGESTIONS = 8

_OFFERED = ("html", "json")
_JSON = "application/json"
_STATUSES = ("active", "all")


@dataclass(frozen=True)
class _Form:
    """The format that is sent, and what decided about it."""

    format: str
    varying: Varying


@bp.get("/search", defaults={"suffix": ""})
@bp.get("/search.<suffix>")
def results(suffix: str) -> Response:
    """Answer a question: as a page, or in JSON."""
    form = _form(suffix)
    index, question = _index(), _question()
    answer = search.ask(index, question)
    pages = max(1, -(-answer.total // question.limit))
    if question.page > pages:
        raise ResourceNotFound("search-page", page=question.page, pages=pages)
    if form.format == "html":
        content = search_page.collect(question, answer, pages)
        response = responses.page(
            "search/results.html", content, varying=form.varying, kept=responses.RESULT_AGE
        )
    else:
        response = _data(search_page.as_json(question, answer, pages), form.varying)
    return responses.add_links(response, search_page.relations(question, pages, form.format))


@bp.get("/search/suggest")
def suggestions() -> Response:
    """Tell the things that a text that is being typed may be about, in the reader's language."""
    index, text = _index(), _text()
    found = search.suggest(index, text, SUGGESTIONS) if len(text.strip()) > 1 else []
    told = {"query": text, "suggestions": [_suggestion(one) for one in found]}
    response = _data(told, Varying(by_language=True))
    response.headers["Content-Language"] = languages.current()
    return response


def _suggestion(found: Found) -> dict[str, str]:
    name = best_name(found.names, languages.current())
    return {
        "iri": found.iri,
        "path": links.href(found.iri),
        "label": name.value if name else languages.text("search.unnamed"),
        "language": name.language if name else languages.current(),
        "type": found.type,
        "kind": languages.text(f"search.types.{found.type}"),
        "place": next(iter(found.places), ""),
    }


def _data(told: object, varying: Varying) -> Response:
    body = json.dumps(told, ensure_ascii=False).encode()
    response = responses.raw(body, _JSON, kept=responses.RESULT_AGE)
    if varying.header:
        response.headers["Vary"] = varying.header
    return response


def _form(suffix: str) -> _Form:
    """Decide the format: by the suffix, `format=`, else the Accept header."""
    if suffix and suffix not in _OFFERED:
        raise ResourceNotFound("suffix-unknown", suffix=suffix, links=search_page.formats())
    named = suffix or request.args.get("format", "")
    if named and named not in _OFFERED:
        offered = ", ".join(_OFFERED)
        raise NotAcceptable(
            "format-unknown", format=named, offered=offered, links=search_page.formats()
        )
    chosen = named or negotiation.choose(request.headers.get("Accept"), _OFFERED)
    return _Form(chosen, Varying(by_format=not named, by_language=chosen == "html"))


def _index() -> Index:
    index = current().index
    if index is None:
        raise ResourceNotFound("search-none")
    return index


def _question() -> Question:
    narrowed = {name: request.args[name] for name in FACETS if request.args.get(name)}
    choices = _index().choices
    for name, value in narrowed.items():
        _demand(name, value, tuple(choices.get(name, {})))
    status = request.args.get("status") or _STATUSES[0]
    _demand("status", status, _STATUSES)
    return Question(
        text=_text(),
        narrowed=narrowed,
        with_ended=status == "all",
        page=_number("page", 1, MOST_PAGES),
        limit=_number("limit", Question.limit, MOST_RESULTS),
    )


def _text() -> str:
    """Return the search text, empty where there is none.

    Raises RequestError where it is too long, holds control characters, or no word.
    """
    try:
        unquote_to_bytes(request.query_string).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError("search-unreadable-text") from error
    text = request.args.get("q", "").strip(" \t\r\n")
    if len(text) > MOST_CHARACTERS:
        raise RequestError("search-too-long", length=len(text), limit=MOST_CHARACTERS)
    if any(unicodedata.category(one) == "Cc" for one in text):
        raise RequestError("search-unreadable-text")
    if text and not search.words(text):
        raise RequestError("search-no-word")
    return text


def _number(name: str, default: int, highest: int) -> int:
    text = request.args.get(name) or str(default)
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(highest))
    if not is_number or not 1 <= int(text) <= highest:
        shown = text[:MOST_CHARACTERS]
        raise RequestError("search-number", name=name, value=shown, lowest=1, highest=highest)
    return int(text)


def _demand(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        shown = value[:MOST_CHARACTERS]
        raise RequestError("search-value", name=name, value=shown, known=", ".join(known))
