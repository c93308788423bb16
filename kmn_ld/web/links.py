"""Turns IRIs into links: ours into paths of this server, others only where a browser may go."""

from flask import url_for

from kmn_ld import iris
from kmn_ld.describe import shorten
from kmn_ld.formats import BY_NAME
from kmn_ld.vocab import BASE, ONTOLOGY, SHAPES
from kmn_ld.web.addresses import address_of

DATA_LICENCE = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
ONTOLOGY_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_LICENCE_PAGES = {DATA_LICENCE: "https://www.govdata.de/dl-de/by-2-0"}
"""Where the text of a licence stands, which its IRI does not lead to."""


LONGEST_PERMALINK = 2000
"""Characters of an address that mail programs and forms still carry whole."""

_BROWSABLE = ("http", "https", "mailto", "tel")
_INSTANCES = BASE + "id/"
_VOCABULARIES = {ONTOLOGY: "resources.ontology", SHAPES: "resources.shapes"}


def href(iri: str) -> str:
    """Return where a link to an IRI leads, empty where a browser should not follow it."""
    if iri.startswith(_INSTANCES):
        path, _, part = iri.removeprefix(_INSTANCES).partition("#")
        return address_of("resources.document", path=path, _anchor=part or None)
    document, _, part = iri.partition("#")
    if document in _VOCABULARIES:
        return url_for(_VOCABULARIES[document], _anchor=part or None)
    if iris.is_ours(iri):
        return "/" + iris.quote_iri(iri.removeprefix(BASE).lstrip("/"))
    return iri if iri.partition(":")[0].lower() in _BROWSABLE else ""


def licence_page(iri: str) -> str:
    """Return where the text of a licence can be read, empty where a browser cannot follow."""
    return _LICENCE_PAGES.get(iri) or href(iri)


def permalink(query: str) -> str:
    """Return the address of a query's result as a page, empty where it would be too long."""
    path = url_for("sparql.endpoint", query=query, format="html")
    return path if len(path) <= LONGEST_PERMALINK else ""


def short(iri: str) -> str:
    """Return the prefixed name of an IRI (`org:unitOf`), or the IRI where no prefix fits."""
    return shorten(iri) or iri


def brief(iri: str) -> str:
    """Return an IRI for a cell of a table: of a thing of ours, the path behind `/id/`."""
    return iri.removeprefix(_INSTANCES) if iri.startswith(_INSTANCES) else short(iri)


def alternates(path: str, formats: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return (path with suffix, media type) of each representation of a path, which is quoted."""
    return tuple(
        (f"{path}.{BY_NAME[name].suffix}", BY_NAME[name].media_types[0]) for name in formats
    )
