"""Tries every shape: what is right passes, and each flaw is found where it is, by both validators.

A folder is named after a file of `shapes/`. `valid.*.ttl` must pass; `invalid.*.ttl` has one flaw,
and the file `.txt` beside it lists what must be found: severity, shape, focus node, result path.
`context.ttl` holds the things around the one that is tried.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyshacl import validate
from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef

from kmn_ld import turtle
from kmn_ld.engine import TrustedStore
from kmn_ld.validation.compiled import CompiledQuery, compile_shapes
from kmn_ld.validation.findings import Finding
from kmn_ld.validation.shacl import validate_graph
from kmn_ld.vocab import SHAPES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = sorted((ROOT / "shapes").glob("*.ttl"))
VALID = sorted(HERE.glob("*/valid.*.ttl"))
INVALID = sorted(HERE.glob("*/invalid.*.ttl"))
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
CONSTRAINTS = {
    SH["in"], SH["or"], SH["class"], SH.closed, SH.datatype, SH.hasValue, SH.languageIn,
    SH.maxCount, SH.maxExclusive, SH.maxInclusive, SH.maxLength, SH.minCount, SH.minExclusive,
    SH.minInclusive, SH.minLength, SH.nodeKind, SH.pattern, SH.sparql, SH.uniqueLang,
}  # fmt: skip
"""All that can be compiled (docs/architecture.md)."""


@cache
def shapes() -> Graph:
    return union(FILES)


@cache
def subclasses() -> Graph:
    """The class hierarchy, which targets and sh:class follow."""
    graph = Graph(bind_namespaces="none")
    for triple in union(sorted((ROOT / "ontology").glob("**/*.ttl"))):
        if triple[1] == RDFS.subClassOf:
            graph.add(triple)
    return graph


@cache
def compiled() -> list[CompiledQuery]:
    return list(compile_shapes(shapes(), subclasses()))


def union(paths: Iterable[Path]) -> Graph:
    graph = Graph(bind_namespaces="none")
    for path in paths:
        graph += turtle.parse(turtle.read_text(path), path)
    return graph


def data(case: Path) -> Graph:
    """Return the case with what surrounds it."""
    context = case.parent / "context.ttl"
    return union([case, *([context] if context.exists() else [])]) + subclasses()


def name(case: Path) -> str:
    return f"{case.parent.name}/{case.stem}"


@cache
def by_pyshacl(case: Path) -> list[Finding]:
    return validate_graph(data(case), shapes())


def by_sparql(case: Path) -> list[Finding]:
    store = ox.Store()
    store.load(data(case).serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)
    rows = TrustedStore(store).rows
    return [query.finding(row) for query in compiled() for row in rows(query.text)]


def lines(findings: Iterable[Finding]) -> list[str]:
    return sorted({line(finding) for finding in findings})


def line(finding: Finding) -> str:
    path = turtle.shorten(finding.result_path) if finding.result_path else "-"
    return f"{finding.severity} {turtle.shorten(finding.rule)} <{finding.focus}> {path}"


def comparable(findings: Iterable[Finding]) -> list[tuple[str, ...]]:
    return sorted((f.severity, f.rule, f.focus, f.result_path, f.value) for f in findings)


def expected(case: Path) -> list[str]:
    return case.with_suffix(".txt").read_text("utf-8").splitlines()


def tried_shapes() -> set[str]:
    return {line.split(" ")[1] for case in INVALID for line in expected(case)}


def constraining(kind: URIRef) -> list[URIRef]:
    """Return the shapes of a kind that can produce a result, node shapes only where targeted."""
    return sorted(
        shape
        for shape in set(shapes().subjects(RDF.type, kind))
        if CONSTRAINTS & set(shapes().predicates(shape))
        and (kind == SH.PropertyShape or any(shapes().value(shape, t) for t in TARGETS))
    )


@pytest.mark.parametrize("case", VALID, ids=name)
def test_what_is_right_passes(case: Path) -> None:
    assert lines(by_pyshacl(case)) == []


@pytest.mark.parametrize("case", INVALID, ids=name)
def test_each_flaw_is_found_where_it_is(case: Path) -> None:
    assert expected(case) != []
    assert lines(by_pyshacl(case)) == expected(case)


@pytest.mark.parametrize("case", [*VALID, *INVALID], ids=name)
def test_compiled_shapes_find_the_same(case: Path) -> None:
    assert comparable(by_sparql(case)) == comparable(by_pyshacl(case))


@pytest.mark.parametrize(
    "flaw", ["membership/invalid.within-life", "service/invalid.age-in-quotes"]
)
def test_what_breaks_two_conditions_is_reported_once(flaw: str) -> None:
    """The membership begins before both organisations; the age has a wrong datatype."""
    assert len(by_pyshacl(HERE / f"{flaw}.ttl")) == 1


def test_every_file_of_shapes_has_cases() -> None:
    folders = {case.parent.name for case in VALID} & {case.parent.name for case in INVALID}
    assert folders == {path.stem for path in FILES} - {"shapes"}


@pytest.mark.parametrize("kind", [SH.PropertyShape, SH.NodeShape], ids=["property", "node"])
def test_every_shape_is_tried(kind: URIRef) -> None:
    found = [turtle.shorten(shape) for shape in constraining(kind)]
    assert len(found) > 10
    assert [shape for shape in found if shape not in tried_shapes()] == []


def test_every_expectation_belongs_to_a_case() -> None:
    assert sorted(HERE.glob("*/*.txt")) == sorted(case.with_suffix(".txt") for case in INVALID)


def test_every_shape_speaks_german_and_english() -> None:
    found = {s for kind in (SH.NodeShape, SH.PropertyShape) for s in shapes()[: RDF.type : kind]}
    assert len(found) > 100
    assert [s for s in found if languages(s, SH.name) != ["de", "en"]] == []
    assert [s for s in found if languages(s, SH.message) != ["de", "en"]] == []


def test_every_sparql_constraint_speaks_german_and_english() -> None:
    found = set(shapes().objects(None, SH.sparql))
    assert len(found) > 10
    assert [c for c in found if languages(c, SH.message) != ["de", "en"]] == []


def languages(node: URIRef, predicate: URIRef) -> list[str]:
    values = shapes().objects(node, predicate)
    return sorted(value.language or "" for value in values if isinstance(value, Literal))


def test_every_shape_says_how_severe_it_is() -> None:
    found = {s for kind in (SH.NodeShape, SH.PropertyShape) for s in shapes()[: RDF.type : kind]}
    severities = {shapes().value(shape, SH.severity) for shape in found}
    assert severities == {SH.Violation, SH.Warning, SH.Info}


def test_every_property_shape_has_a_place() -> None:
    found = list(shapes().subjects(RDF.type, SH.PropertyShape))
    assert len(found) > 100
    assert [shape for shape in found if shapes().value(shape, SH.order) is None] == []


def test_every_shape_has_an_iri_of_ours() -> None:
    found = {s for kind in (SH.NodeShape, SH.PropertyShape) for s in shapes()[: RDF.type : kind]}
    assert [shape for shape in found if not str(shape).startswith(f"{SHAPES}#")] == []


def test_blank_nodes_are_lists_only() -> None:
    blank = {s for s in shapes().subjects() if not isinstance(s, URIRef)}
    assert len(blank) > 10
    assert [node for node in blank if shapes().value(node, RDF.rest) is None] == []


def test_shapes_pass_shacl_shacl() -> None:
    conforms, _, text = validate(Graph(), shacl_graph=shapes(), meta_shacl=True)
    assert conforms, text
