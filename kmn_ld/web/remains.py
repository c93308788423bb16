"""Answers for ids whose record is gone: tombstones (410) and the stub of what was merged (200).

Identifiers, section 2: RDF where the suffix or the Accept header names it, a page for people, and
a problem document (RFC 9457) with the same facts for everybody else.
"""

from dataclasses import dataclass

from flask import Response, request

from kmn_ld.describe import Names
from kmn_ld.describe.names import labels_of_all
from kmn_ld.describe.stubs import stub as stub_of
from kmn_ld.engine.serialising import serialise
from kmn_ld.engine.terms import Literal, Statement
from kmn_ld.errors import NotAcceptable, ResourceGone
from kmn_ld.formats import DOCUMENT
from kmn_ld.vocab import BASE, PREFIXES
from kmn_ld.web import negotiation, responses
from kmn_ld.web.counting import count_refusal
from kmn_ld.web.live import current, live
from kmn_ld.web.responses import Varying
from kmn_ld.web.things import Thing

PARAMETER, NO = "redirect", "no"
"""`?redirect=no` shows what remains of a merged id in place of leading to the survivor."""

_OFFERED = ("json", *DOCUMENT, "html")
"""JSON first: who names no type gets the one shape of errors."""

_DATE = PREFIXES["xsd"] + "date"
_TEMPLATE = "resources/ended.html"
_ERRORS = {"withdrawn": "thing-withdrawn", "erased": "thing-erased"}


@dataclass(frozen=True)
class Linked:
    """An IRI with its names."""

    iri: str
    names: Names


@dataclass(frozen=True)
class EndedPage:
    """What the page of a thing without record shows.

    `state` is "merged", "withdrawn" or "erased"; `date` is that of the event; `reason`
    is None where none is told, `survivor` but for what was merged.
    """

    state: str
    id: str
    iri: str
    date: Literal | None
    reason: Linked | None
    survivor: Linked | None


def stays_here() -> bool:
    """Return whether the request wants to see what was merged rather than be sent on."""
    return request.args.get(PARAMETER) == NO


def tombstone(thing: Thing, suffix: str, links: tuple[tuple[str, str], ...]) -> Response:
    """Answer 410 for what was withdrawn or erased; `links` are the other representations.

    Raises ResourceGone, with the facts, where the answer is to be a problem document.
    """
    format_name = _format(suffix)
    content = _page(thing)
    key = _ERRORS[thing.state]
    if format_name == "json":
        date = {"date": content.date.value} if content.date else {}
        reason = {"reason": content.reason.iri} if content.reason else {}
        about = {"id": content.id, "iri": content.iri, "state": content.state}
        raise ResourceGone(key, **about, **date, **reason, links=links)
    is_page = format_name == "html"
    varying = Varying(by_format=not suffix, by_language=is_page or not suffix)
    if is_page:
        response = responses.page(_TEMPLATE, content, varying=varying, kept=responses.MOVED_AGE)
    else:
        names = current().short_names if format_name == "jsonld" else None
        body = serialise(statements(thing), format_name, names=names)
        response = responses.data(body, format_name, varying=varying, kept=responses.MOVED_AGE)
    response.status_code = ResourceGone.status
    count_refusal(live().tally, key)
    targets = {path: f'rel="alternate"; type="{kind}"' for path, kind in links}
    return responses.add_links(response, targets)


def page(thing: Thing, varying: Varying) -> Response:
    """Answer with the page of what was merged."""
    return responses.page(_TEMPLATE, _page(thing), varying=varying)


def statements(thing: Thing) -> list[Statement]:
    """Return what the release says of a thing; the ledger where the release has no stubs yet."""
    now = current()
    found = now.engine.statements_about(thing.iri)
    return found or (list(stub_of(thing.key, now.ledger)) if now.ledger else [])


def _format(suffix: str) -> str:
    if suffix:
        return negotiation.by_suffix(suffix, _OFFERED) or "json"
    try:
        return negotiation.choose(request.headers.get("Accept"), _OFFERED)
    except NotAcceptable:  # gone is gone, in whatever format
        return "json"


def _page(thing: Thing) -> EndedPage:
    now = current()
    last = now.ledger.latest[thing.key] if now.ledger else None
    reason = f"{BASE}id/concept/status-reason/{last.reason}" if last and last.reason else ""
    survivor = f"{BASE}id/{thing.survivor}" if thing.survivor else ""
    names = labels_of_all(now.engine, [iri for iri in (reason, survivor) if iri])
    return EndedPage(
        state=thing.state,
        id=thing.key,
        iri=thing.iri,
        date=Literal(last.date, datatype=_DATE) if last else None,
        reason=Linked(reason, names[reason]) if reason else None,
        survivor=Linked(survivor, names[survivor]) if survivor else None,
    )
