"""Sends named graphs as the files of the release; small ones may have none and are written here."""

from flask import Response

from kmn_ld import releases
from kmn_ld.describe.overview import GraphOverview, overview_of
from kmn_ld.engine.serialising import serialise
from kmn_ld.errors import NotAcceptable
from kmn_ld.formats import BY_NAME
from kmn_ld.web import responses
from kmn_ld.web.live import Current
from kmn_ld.web.responses import Varying


def overview(current: Current, iri: str) -> GraphOverview | None:
    """Return what a graph holds, or None where there is no such graph."""
    release = current.release
    entry = release.files.get(releases.graph_file(iri, "json")) if release else None
    if release is not None and entry is not None:
        return GraphOverview.from_json(release.path(entry.path).read_text(encoding="utf-8"))
    found = overview_of(current.engine.graph(iri))
    return found if found.triples else None


def data(
    current: Current, iri: str, found: GraphOverview, format_name: str, varying: Varying
) -> Response:
    """Answer with a graph in an RDF format; NotAcceptable where that cannot express it."""
    form = BY_NAME[format_name]
    release = current.release
    entry = release.files.get(releases.graph_file(iri, form.suffix)) if release else None
    if release is not None and entry is not None:
        response = responses.released(release, entry, form.content_type, varying)
    elif reason := (found.unwritten or {}).get(format_name):
        details = {name: value for name, value in reason.items() if name != "key"}
        raise NotAcceptable(reason["key"], **details)
    else:
        body = serialise(current.engine.graph(iri), format_name)
        response = responses.data(body, format_name, varying=varying)
    return responses.with_languages(response, found.languages)
