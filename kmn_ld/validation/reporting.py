"""Writes findings for other readers than a terminal: as JSON, as a SHACL report, as a page.

The shapes of the three are described in `docs/findings.md`.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from rdflib import DCTERMS, RDF, SH, BNode, Graph, Literal, Namespace, URIRef

from kmn_ld import messages
from kmn_ld.validation.findings import (
    INFO,
    SEVERITIES,
    VIOLATION,
    WARNING,
    Finding,
    counts,
    is_unchecked,
)
from kmn_ld.vocab import EARL, POINTERS

REPORTS = ("json", "ttl", "html")
"""The forms that `report` knows."""

_SEVERITIES = {VIOLATION: SH.Violation, WARNING: SH.Warning, INFO: SH.Info}
_EARL, _POINTERS = Namespace(EARL), Namespace(POINTERS)
_IRI = re.compile(r"(?:https?|mailto|tel|urn):[^\x00-\x20<>\"{}|^`\\]+")
_LONGEST_QUOTE = 300


@dataclass(frozen=True)
class _Entry:
    """A finding as the page shows it; `quoted` is the line of the file, where there is one."""

    finding: Finding
    title: str
    text: str
    quoted: str


@dataclass(frozen=True)
class _File:
    """The findings of one file, violations first."""

    name: str
    entries: list[_Entry]


def report(findings: Sequence[Finding], name: str, sources: Path, language: str) -> str:
    """Return the findings in one of the forms of `REPORTS`."""
    if name == "json":
        return as_json(findings)
    return as_turtle(findings, sources) if name == "ttl" else as_html(findings, sources, language)


def as_json(findings: Sequence[Finding]) -> str:
    """Return a JSON array with one object for each finding."""
    return json.dumps([f.as_dict() for f in findings], indent=2, ensure_ascii=False)


def as_turtle(findings: Sequence[Finding], sources: Path) -> str:
    """Return a validation report (SHACL section 3.6) with the place of each result.

    The place is a pointer of EARL (`earl:pointer`, `ptr:LineCharPointer`). A result that comes
    from no shape has the key of its rule as `dcterms:identifier` and no constraint component.
    """
    graph = Graph(bind_namespaces="none")
    for prefix, name in {"sh": SH, "dcterms": DCTERMS, "earl": _EARL, "ptr": _POINTERS}.items():
        graph.bind(prefix, name)
    report = BNode()
    conforms = not any(finding.severity == VIOLATION for finding in findings)
    graph.add((report, RDF.type, SH.ValidationReport))
    graph.add((report, SH.conforms, Literal(conforms)))
    for finding in findings:
        graph.add((report, SH.result, _add_result(graph, finding, sources)))
    return graph.serialize(format="turtle").rstrip("\n")


def as_html(findings: Sequence[Finding], sources: Path, language: str) -> str:
    """Return a page that needs no other file: what is wrong, where, and what to do."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    notes = [finding.text(language) for finding in findings if is_unchecked(finding)]
    told = [finding for finding in findings if not is_unchecked(finding)]
    return environment.get_template("report.html").render(
        language=language,
        files=_by_file(told, sources, language),
        counts=counts(findings),
        unchecked=notes,
        word=lambda key, **details: messages.text(f"report.{key}", language, **details),
        severity=lambda key: messages.text(f"severity.{key}", language),
        label=lambda key: messages.text(f"cli.{key}", language),
    )


def _add_result(graph: Graph, finding: Finding, sources: Path) -> BNode:
    result = BNode()
    file = URIRef((sources.resolve() / finding.path).as_uri())
    values: list[tuple[URIRef, Any]] = [
        (RDF.type, SH.ValidationResult),
        (SH.resultSeverity, _SEVERITIES[finding.severity]),
        (SH.focusNode, _node(finding.focus) if finding.focus else file),
        *((SH.resultMessage, Literal(t, lang=tag or None)) for tag, t in finding.message.items()),
    ]
    is_of_shape = _is_iri(finding.rule)
    rule = (SH.sourceShape, URIRef(finding.rule)) if is_of_shape else None
    values.append(rule or (DCTERMS.identifier, Literal(finding.rule)))
    if finding.component:
        values.append((SH.sourceConstraintComponent, URIRef(finding.component)))
    if finding.result_path:
        values.append((SH.resultPath, URIRef(finding.result_path)))
    if finding.value:
        values.append((SH.value, _node(finding.value)))
    if finding.path and finding.line:
        values.append((_EARL.pointer, _add_pointer(graph, finding, file)))
    for predicate, value in values:
        graph.add((result, predicate, value))
    return result


def _add_pointer(graph: Graph, finding: Finding, file: URIRef) -> BNode:
    pointer = BNode()
    graph.add((pointer, RDF.type, _POINTERS.LineCharPointer))
    graph.add((pointer, _POINTERS.reference, file))
    graph.add((pointer, _POINTERS.lineNumber, Literal(finding.line)))
    graph.add((pointer, _POINTERS.charNumber, Literal(finding.column or 1)))
    return pointer


def _node(text: str) -> URIRef | Literal:
    """Return a focus or value node: findings keep IRIs and lexical forms as plain text."""
    return URIRef(text) if _is_iri(text) else Literal(text)


def _is_iri(text: str) -> bool:
    return _IRI.fullmatch(text) is not None


def _by_file(findings: Sequence[Finding], sources: Path, language: str) -> list[_File]:
    """Return the files in order: first those with violations; within a file by severity, line."""
    worst: dict[str, int] = {}
    for finding in findings:
        rank = SEVERITIES.index(finding.severity)
        worst[finding.path] = min(rank, worst.get(finding.path, rank))
    inner = sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.line or 0))
    ranked = sorted(inner, key=lambda f: (worst[f.path] != 0, f.path))
    return [
        _File(name, _entries(list(group), sources / name, language))
        for name, group in groupby(ranked, key=lambda f: f.path)
    ]


def _entries(findings: list[Finding], path: Path, language: str) -> list[_Entry]:
    text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
    lines = text.split("\n")
    titles = messages.catalogue(language)["errors"]
    return [
        _Entry(
            finding,
            titles.get(finding.rule, {}).get("title", ""),
            finding.text(language),
            lines[finding.line - 1][:_LONGEST_QUOTE]
            if finding.line and finding.line <= len(lines)
            else "",
        )
        for finding in findings
    ]
