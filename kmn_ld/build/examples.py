"""Puts the query library of the sources into a release: as files, and as statements about them.

The files answer `/queries` and the query page; the statements are found by tools that ask an
endpoint for its examples (`sh:SPARQLExecutable`, decision 14).
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from kmn_ld import queries, releases, sources
from kmn_ld.engine.serialising import serialise
from kmn_ld.engine.terms import Iri, Literal, Statement, Term, typed
from kmn_ld.errors import QueryFileError
from kmn_ld.messages import LANGUAGES
from kmn_ld.queries import LibraryQuery, Parameter
from kmn_ld.releases import Release
from kmn_ld.vocab import BASE, PREFIXES

_SH, _RDFS, _SCHEMA = (PREFIXES[name] for name in ("sh", "rdfs", "schema"))
_TYPE = Iri(PREFIXES["rdf"] + "type")
_TRUE = Literal("true", datatype=PREFIXES["xsd"] + "boolean")
_ENDPOINT = Iri(f"{BASE}sparql")
_LIST = f"{BASE}queries"


def copy_examples(folder: Path, release: Path) -> None:
    """Copy the example queries of a folder of sources into the folder of a release, as they are."""
    for path in queries.find(folder / sources.EXAMPLES):
        target = release / releases.QUERIES / path.name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target)


def holds_examples(release: Release, folder: Path) -> bool:
    """Return whether a release holds the example queries of the sources as they are now."""
    return _texts(release.path(releases.QUERIES)) == _texts(folder / sources.EXAMPLES)


def describe_examples(folder: Path) -> list[str]:
    """Return N-Triples lines that describe the queries of the sources, without duplicates.

    A file that cannot be read is left out; its fault is a finding of its own.
    """
    statements = [statement for query in _readable(folder) for statement in _about(query)]
    return (
        serialise(statements, "nt").decode("utf-8").rstrip("\n").split("\n") if statements else []
    )


def _texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in queries.find(folder)}


def _readable(folder: Path) -> Iterator[LibraryQuery]:
    for path in queries.find(folder / sources.EXAMPLES):
        try:
            yield queries.read_library(path)
        except QueryFileError:
            continue


def _about(query: LibraryQuery) -> Iterator[Statement]:
    """Yield what is said about a query (SHACL, 5.2 and SHACL-AF, 5.1; the form of SIB's tools)."""
    form = "Construct" if query.is_graph else "Select"
    said: list[tuple[str, Term]] = [
        (_SCHEMA + "target", _ENDPOINT),
        (_SH + form.lower(), Literal(query.text)),
    ]
    said += [(_SCHEMA + "keywords", Literal(tag)) for tag in query.tags]
    said += [(_RDFS + "label", Literal(query.title(tag), tag)) for tag in LANGUAGES]
    said += [(_RDFS + "comment", Literal(query.summary(tag), tag)) for tag in LANGUAGES]
    said += [(_SH + "parameter", _part(query, one)) for one in query.parameters]
    subject = Iri(query.iri)
    for kind in ("SPARQLExecutable", f"SPARQL{form}Executable"):
        yield Statement(subject, _TYPE, Iri(_SH + kind))
    for predicate, value in said:
        yield Statement(subject, Iri(predicate), value)
    for parameter in query.parameters:
        yield from _about_parameter(_part(query, parameter), parameter)


def _about_parameter(subject: Iri, parameter: Parameter) -> Iterator[Statement]:
    """Yield what is said about a parameter; the end of its path names the variable (SHACL, 6.2)."""
    datatype = parameter.type.datatype
    kind = ("datatype", Iri(datatype)) if datatype else ("nodeKind", Iri(_SH + "IRI"))
    said: list[tuple[str, Term]] = [
        ("path", Iri(f"{_LIST}#{parameter.name}")),
        ("optional", _TRUE),
        kind,
        *(("name", Literal(parameter.label(tag), tag)) for tag in LANGUAGES),
    ]
    if len(parameter.shown) == 1:
        said.append(("defaultValue", typed(parameter.shown[0], datatype)))
    yield Statement(subject, _TYPE, Iri(_SH + "Parameter"))
    for name, value in said:
        yield Statement(subject, Iri(_SH + name), value)


def _part(query: LibraryQuery, parameter: Parameter) -> Iri:
    return Iri(f"{query.iri}#{parameter.name}")
