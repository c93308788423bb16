"""Runs SHACL over rdflib graphs by pySHACL and returns findings (decision D12)."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from pyshacl import validate
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.query import Result
from rdflib.term import Node

from kmn_ld.errors import ValidationFailed
from kmn_ld.validation.findings import INFO, VIOLATION, WARNING, Finding, type_of

_prepared = cache(prepareQuery)


class _Preparing(Graph):
    """A graph that parses each query once: pySHACL asks the same for every focus node."""

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Result:
        known = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(known, *args, **kwargs)


_SEVERITY = {SH.Violation: VIOLATION, SH.Warning: WARNING, SH.Info: INFO}


def graph_of(lines: Iterable[str]) -> Graph:
    """Return the rdflib graph of N-Triples lines."""
    graph = Graph(bind_namespaces="none")
    graph.parse(data="\n".join(lines), format="nt")
    return graph


def core_of(shapes: Graph) -> Graph:
    """Return the shapes without their SPARQL-based constraints."""
    core = Graph(bind_namespaces="none")
    for triple in shapes:
        if triple[1] != SH.sparql:
            core.add(triple)
    return core


def validate_graph(data: Graph, shapes: Graph) -> list[Finding]:
    """Return what the shapes find in the data, with messages in both languages.

    The data graph has to hold the ontology too, since targets and `sh:class` follow subclasses
    (SHACL section 3.2). pySHACL may add to the data graph. Raises ValidationFailed for a shape that
    is not well formed.
    """
    try:
        _, report, _ = validate(
            _Preparing(data.store, data.identifier),
            shacl_graph=shapes,
            inplace=True,
            inference="none",
            meta_shacl=False,
        )
    except (ShapeLoadError, ConstraintLoadError, ReportableRuntimeError) as error:
        raise ValidationFailed("shape-broken", [], reason=str(error)) from error
    results = report.subjects(RDF.type, SH.ValidationResult)
    return [_finding(report, result, shapes) for result in results]


def severity_of(iri: Node | None) -> str:
    """Return our word for a `sh:severity`; none given means violation (SHACL section 2.1.4)."""
    return _SEVERITY.get(iri, VIOLATION) if isinstance(iri, URIRef) else VIOLATION


def messages_of(values: Iterable[Node]) -> dict[str, str]:
    """Return language → text of `sh:message` or `sh:resultMessage` values."""
    return {value.language or "": str(value) for value in values if isinstance(value, Literal)}


def _finding(report: Graph, result: Node, shapes: Graph) -> Finding:
    """Return a validation result; its texts are the shape's, which are there in both languages."""

    def text(predicate: URIRef) -> str:
        value = report.value(result, predicate)
        return "" if value is None else str(value)

    path = report.value(result, SH.resultPath)
    shape = report.value(result, SH.sourceShape)
    of_shape = messages_of(shapes.objects(shape, SH.message))
    return Finding(
        severity_of(report.value(result, SH.resultSeverity)),
        text(SH.sourceShape),
        of_shape or messages_of(report.objects(result, SH.resultMessage)),
        focus=text(SH.focusNode),
        result_path=str(path) if isinstance(path, URIRef) else "",
        value=text(SH.value),
        component=text(SH.sourceConstraintComponent),
        value_type=type_of(report.value(result, SH.value)),
    )
