"""Collects what the page of search results shows, and the same results as JSON (docs/search.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from kmn_ld import iris, search
from kmn_ld.describe import best_name
from kmn_ld.engine.terms import Literal
from kmn_ld.search import Answer, Choice, Count, Found, Hit, Question, Snippet
from kmn_ld.web import languages, links

VALUES_SHOWN = 8
"""Values of a facet that stand on the page at once; the others unfold."""

Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class Result:
    """A result: where it leads, its name in pieces (text, whether it was met), what it is.

    `facts` are its kind and place in few words; `snippet` is the text that was met where the name
    does not show it, in pieces, with its field and language.
    """

    path: str
    name: Pieces
    language: str
    type: str
    facts: tuple[str, ...]
    is_active: bool
    snippet: Snippet | None
    snippet_pieces: Pieces


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet: its name, how many results have it, where the link leads."""

    name: str
    language: str
    count: int
    is_chosen: bool
    path: str


@dataclass(frozen=True)
class Facet:
    """A facet with its first values and the others, which unfold."""

    name: str
    shown: tuple[FacetValue, ...]
    more: tuple[FacetValue, ...]


@dataclass(frozen=True)
class SearchPage:
    """What the page of results shows.

    `text` is what was searched for. `results` are those of the page, from number `first` to
    `last` of `total`; `number` is that of the page, of `pages`. `corrected` is (typed, what was
    looked for instead). `hidden` are parameters that the form keeps; `chosen` the filters that are
    set, without which `clear` leads on; `with_ended` asks for what is no longer active too, `ended`
    leads there. `is_like_an_id` says that the text is an id but for its check digits.
    """

    text: str
    results: tuple[Result, ...]
    total: int
    first: int
    last: int
    number: int
    pages: int
    facets: tuple[Facet, ...]
    chosen: tuple[FacetValue, ...]
    hidden: tuple[tuple[str, str], ...]
    corrected: tuple[tuple[str, tuple[str, ...]], ...]
    ignored: tuple[str, ...]
    is_partial: bool
    is_like_an_id: bool
    with_ended: bool
    clear: str
    ended: str
    previous: str
    next: str
    data: str


def collect(question: Question, answer: Answer, pages: int) -> SearchPage:
    """Return what the page of an answer shows, in the reader's language."""
    first = (question.page - 1) * question.limit
    plain = replace(question, page=1)
    facets = [_facet(name, counts, plain) for name, counts in answer.facets.items()]
    key = iris.canonical_id(question.text)
    return SearchPage(
        text=question.text,
        results=tuple(_result(hit, answer) for hit in answer.hits),
        total=answer.total,
        first=first + 1,
        last=first + len(answer.hits),
        number=question.page,
        pages=pages,
        facets=tuple(facet for facet in facets if any(one.count for one in facet.shown)),
        chosen=tuple(
            value for facet in facets for value in (*facet.shown, *facet.more) if value.is_chosen
        ),
        hidden=_hidden(question),
        corrected=tuple(answer.corrected.items()),
        ignored=answer.ignored,
        is_partial=answer.is_partial,
        is_like_an_id=iris.has_opaque_form(key) and not iris.is_well_formed(key),
        with_ended=question.with_ended,
        clear=address(replace(plain, narrowed={})),
        ended="" if question.with_ended else address(replace(plain, with_ended=True)),
        previous=address(replace(question, page=question.page - 1)) if question.page > 1 else "",
        next=address(replace(question, page=question.page + 1)) if question.page < pages else "",
        data=address(plain, suffix="json"),
    )


def address(question: Question, *, suffix: str = "") -> str:
    """Return the path of the answer to a question; data has no language."""
    values: dict[str, Any] = dict(parameters(question))
    if suffix:
        values |= {"suffix": suffix, "lang": None if suffix == "json" else languages.asked_for()}
    return url_for("search.results", **values)


def parameters(question: Question) -> list[tuple[str, str]]:
    """Return the parameters of a question that are not as they are without being named."""
    given = [("q", question.text), *_kept(question)]
    if question.page > 1:
        given.append(("page", str(question.page)))
    return [(name, value) for name, value in given if value]


def formats() -> tuple[tuple[str, str], ...]:
    """Return path and media type of the forms of the search."""
    return (
        (url_for("search.results", suffix="html"), "text/html"),
        (url_for("search.results", suffix="json", lang=None), "application/json"),
    )


def relations(question: Question, pages: int, format_name: str) -> dict[str, str]:
    """Return the Link header of an answer: its other form and the pages around it (RFC 8288)."""
    suffix = "json" if format_name == "json" else ""
    other, kind = ("html", "text/html") if suffix else ("json", "application/json")
    targets = {address(question, suffix=other): f'rel="alternate"; type="{kind}"'}
    for relation, page in _around(question, pages).items():
        targets[address(replace(question, page=page), suffix=suffix)] = f'rel="{relation}"'
    return targets if sum(map(len, targets)) <= links.LONGEST_PERMALINK else {}


def as_json(question: Question, answer: Answer, pages: int) -> dict[str, Any]:
    """Return an answer as the JSON that docs/search.md describes; the same in every language."""
    around = {"self": question.page, "first": 1, **_around(question, pages), "last": pages}
    return {
        "query": question.text,
        "corrected": [
            {"typed": typed, "found_for": list(meant)} for typed, meant in answer.corrected.items()
        ],
        "ignored": list(answer.ignored),
        "partial": answer.is_partial,
        "total": answer.total,
        "page": question.page,
        "pages": pages,
        "limit": question.limit,
        "filters": dict(question.narrowed),
        "status": "all" if question.with_ended else "active",
        "facets": {
            name: [_count_in_json(name, one, question) for one in counts]
            for name, counts in answer.facets.items()
        },
        "results": [_hit_in_json(hit) for hit in answer.hits],
        "links": {
            relation: address(replace(question, page=page), suffix="json")
            for relation, page in around.items()
        },
    }


def _around(question: Question, pages: int) -> dict[str, int]:
    found = {}
    if question.page > 1:
        found["prev"] = question.page - 1
    if question.page < pages:
        found["next"] = question.page + 1
    return found


def _kept(question: Question) -> list[tuple[str, str]]:
    given = list(question.narrowed.items())
    if question.with_ended:
        given.append(("status", "all"))
    if question.limit != Question.limit:
        given.append(("limit", str(question.limit)))
    return given


def _hidden(question: Question) -> tuple[tuple[str, str], ...]:
    """Return what the form sends along; the status has a box of its own."""
    language = languages.asked_for()
    kept = [entry for entry in _kept(question) if entry[0] != "status"]
    return (*kept, *([("lang", language)] if language else []))


def _result(hit: Hit, answer: Answer) -> Result:
    found, snippet = hit.found, hit.snippet
    name = best_name(found.names, languages.current())
    text = name.value if name else languages.text("search.unnamed")
    is_told = snippet is None or snippet.field == "name"
    return Result(
        path=links.href(found.iri),
        name=search.marked(text, answer.meanings),
        language=name.language if name else languages.current(),
        type=found.type,
        facts=tuple(_facts(found)),
        is_active=found.is_active,
        snippet=None if is_told else snippet,
        snippet_pieces=[]
        if snippet is None or is_told
        else search.marked(snippet.text, answer.meanings),
    )


def _facts(found: Found) -> Iterable[str]:
    """Yield what a thing is and where, in few words."""
    yield languages.text(f"search.types.{found.type}")
    for field in ("kind", "scheme"):
        told = tuple(Literal(text, tag) for about, text, tag in found.about if about == field)
        name = best_name(told, languages.current())
        if name:
            yield name.value
    yield from found.places[:1]


def _facet(name: str, counts: tuple[Count, ...], question: Question) -> Facet:
    values = sorted(
        (_value(name, one, question) for one in counts),
        key=lambda value: (not value.is_chosen, -value.count, value.name.casefold()),
    )
    cut = len(values) if len(values) <= VALUES_SHOWN + 1 else VALUES_SHOWN
    return Facet(name, tuple(values[:cut]), tuple(values[cut:]))


def _value(facet: str, one: Count, question: Question) -> FacetValue:
    others = {name: value for name, value in question.narrowed.items() if name != facet}
    narrowed = others if one.is_chosen else {**others, facet: one.choice.value}
    name = _name(facet, one.choice)
    return FacetValue(
        name=name.value,
        language=name.language,
        count=one.count,
        is_chosen=one.is_chosen,
        path=address(replace(question, narrowed=narrowed)),
    )


def _name(facet: str, choice: Choice) -> Literal:
    if facet == "type":
        return Literal(languages.text(f"search.types.{choice.value}"), languages.current())
    return best_name(choice.names, languages.current()) or Literal(choice.value)


def _count_in_json(facet: str, one: Count, question: Question) -> dict[str, Any]:
    choice = one.choice
    named = {"iri": choice.iri, "label": _labels(choice.names)} if choice.iri else {}
    narrowed = {**question.narrowed, facet: choice.value}
    return {
        "value": choice.value,
        **named,
        "count": one.count,
        "chosen": one.is_chosen,
        "link": address(replace(question, narrowed=narrowed, page=1), suffix="json"),
    }


def _hit_in_json(hit: Hit) -> dict[str, Any]:
    found, snippet = hit.found, hit.snippet
    told: dict[str, Any] = {
        "iri": found.iri,
        "path": links.href(found.iri).partition("?")[0],  # without the language of a page
        "type": found.type,
        "label": _labels(found.names),
        "status": "active" if found.is_active else "inactive",
        "places": list(found.places),
    }
    if snippet is not None:
        told["snippet"] = {"field": snippet.field, "text": snippet.text}
        told["snippet"] |= {"language": snippet.language} if snippet.language else {}
    return told


def _labels(names: Iterable[Literal]) -> Mapping[str, str]:
    """Return language tag → name; of several in a language the first (`und`: without a tag)."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.language or "und", name.value)
    return found
