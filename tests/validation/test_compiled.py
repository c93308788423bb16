"""The compiled shapes find what pySHACL finds, component by component."""

import pytest
from rdflib import Graph

from kmn_ld.engine import TrustedStore
from kmn_ld.errors import ValidationFailed
from kmn_ld.validation.compiled import compile_shapes, validate_store
from kmn_ld.validation.shacl import validate_graph

PREFIXES = """\
PREFIX e: <https://example.org/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
DATA = """
e:Sub rdfs:subClassOf e:Thing .
e:a a e:Thing ; e:p 1, 2, "x"@de, "y"@de, "z"@en, "2026-01-01"^^xsd:date, "no"^^xsd:date, e:b ;
  e:p "Ab1" ; e:q e:b .
e:b a e:Sub ; e:p "long text", "ab1", 7.5 ; e:n "5"^^xsd:integer .
e:c a e:Thing .
e:d e:q e:a ; e:p e:c .
"""
NUMBERS = "e:a a e:Thing ; e:p 1, 2, 2.5, 3 . e:b a e:Thing ; e:p 1e0 ."
RANGES = {
    "minInclusive": "sh:minInclusive 2",
    "maxInclusive": "sh:maxInclusive 2",
    "minExclusive": "sh:minExclusive 2",
    "maxExclusive": "sh:maxExclusive 2",
}
COMPONENTS = {
    "minCount": "sh:minCount 1",
    "minCount 3": "sh:minCount 3",
    "maxCount": "sh:maxCount 3",
    "datatype integer": "sh:datatype xsd:integer",
    "datatype date": "sh:datatype xsd:date",
    "datatype string": "sh:datatype xsd:string",
    "class": "sh:class e:Thing",
    "nodeKind IRI": "sh:nodeKind sh:IRI",
    "nodeKind Literal": "sh:nodeKind sh:Literal",
    "nodeKind BlankNodeOrIRI": "sh:nodeKind sh:BlankNodeOrIRI",
    "nodeKind IRIOrLiteral": "sh:nodeKind sh:IRIOrLiteral",
    "in": 'sh:in ( 1 "x"@de e:b )',
    "pattern": 'sh:pattern "^[a-z]+[0-9]$"',
    "pattern with flags": 'sh:pattern "^[a-z]+[0-9]$" ; sh:flags "i"',
    "minLength": "sh:minLength 3",
    "maxLength": "sh:maxLength 3",
    "languageIn": 'sh:languageIn ( "de" "fr" )',
    "uniqueLang": "sh:uniqueLang true",
    "uniqueLang false": "sh:uniqueLang false",
    "hasValue": "sh:hasValue 7.5",
    "or datatypes": "sh:or ( e:isString e:isText )",
    "or classes": "sh:or ( e:isThing e:isString )",
    "deactivated": "sh:minCount 9 ; sh:deactivated true",
}
SILENT = {"uniqueLang false", "deactivated", "nodeKind IRIOrLiteral"}
"""Components that this data cannot break: it has no blank nodes."""
PATHS = {"predicate": "e:p", "inverse": "[ sh:inversePath e:q ]", "sequence": "( e:q e:p )"}
TARGETS = {
    "class": "sh:targetClass e:Thing",
    "node": "sh:targetNode e:a , e:z",
    "subjects": "sh:targetSubjectsOf e:q",
    "objects": "sh:targetObjectsOf e:q",
    "several": "sh:targetClass e:Sub ; sh:targetNode e:a",
}
HELPERS = """
e:isString sh:datatype xsd:string .
e:isText sh:datatype <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> .
e:isThing sh:class e:Thing .
"""


def _graph(text):
    return Graph(bind_namespaces="none").parse(data=PREFIXES + text, format="turtle")


def _both(shapes_text, data_text=DATA):
    """Return what each way finds, without the texts."""
    shapes, data = _graph(shapes_text + HELPERS), _graph(data_text)
    engine = TrustedStore(_store(data))
    compiled = validate_store(engine.rows, shapes, data)
    return tuple(
        sorted((f.focus, f.rule, f.severity, f.result_path, _value(f)) for f in found)
        for found in (validate_graph(data, shapes), compiled)
    )


def _value(finding):
    """Numbers are compared by value: the store keeps them so."""
    try:
        return str(float(finding.value))
    except ValueError:
        return finding.value


def _store(data):
    import pyoxigraph as ox

    store = ox.Store()
    store.load(data.serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)
    return store


def _shape(target, path, constraint, severity="Violation"):
    return (
        f"e:S a sh:NodeShape ; {target} ; sh:property e:P .\n"
        f"e:P a sh:PropertyShape ; sh:path {path} ; {constraint} ; sh:severity sh:{severity} .\n"
    )


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize("path", ["predicate", "sequence"])
def test_every_component_finds_the_same(component, path):
    expected, actual = _both(_shape("sh:targetClass e:Thing", PATHS[path], COMPONENTS[component]))
    assert expected == actual


@pytest.mark.parametrize("component", sorted(set(COMPONENTS) - SILENT))
def test_every_component_finds_something(component):
    expected, _ = _both(_shape("sh:targetClass e:Thing", "e:p", COMPONENTS[component]))
    assert expected != []


@pytest.mark.parametrize("component", RANGES)
def test_every_range_finds_the_same_among_numbers(component):
    shape = _shape("sh:targetClass e:Thing", "e:p", RANGES[component])
    expected, actual = _both(shape, NUMBERS)
    assert len(expected) > 1
    assert expected == actual


def test_a_value_that_cannot_be_compared_breaks_a_range():
    _, actual = _both(_shape("sh:targetClass e:Thing", "e:p", RANGES["maxInclusive"]))
    assert "2026-01-01" in {row[4] for row in actual}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("path", PATHS)
def test_every_target_and_path_finds_the_same(target, path):
    expected, actual = _both(_shape(TARGETS[target], PATHS[path], "sh:minCount 2", "Warning"))
    assert expected == actual


def test_a_node_shape_constrains_its_focus_nodes():
    expected, actual = _both('e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:pattern "b$" .')
    assert [row[0] for row in expected] == ["https://example.org/a", "https://example.org/c"]
    assert expected == actual


def test_a_closed_shape_finds_the_same():
    shape = (
        "e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:closed true ;\n"
        "  sh:ignoredProperties ( rdf:type ) ; sh:property e:P .\n"
        "e:P sh:path e:p ; sh:minCount 0 .\n"
    )
    expected, actual = _both(shape)
    assert {row[3] for row in expected} == {"https://example.org/q", "https://example.org/n"}
    assert expected == actual


def test_a_sparql_constraint_finds_the_same_with_its_own_message():
    text = (
        "e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:sparql e:C .\n"
        "e:prefixes sh:declare e:prefix-e .\n"
        'e:prefix-e sh:prefix "e" ; sh:namespace "https://example.org/"^^xsd:anyURI .\n'
        'e:C sh:prefixes e:prefixes ; sh:message "zwei"@de , "two"@en ;\n'
        '  sh:select "SELECT $this ?value WHERE { $this e:p ?value FILTER(isIRI(?value)) }" .\n'
    )
    expected, actual = _both(text)
    assert [row[0] for row in expected] == ["https://example.org/a"]
    assert expected == actual
    query = next(iter(compile_shapes(_graph(text), _graph(DATA))))
    assert query.message == {"de": "zwei", "en": "two"}


@pytest.mark.parametrize(
    "constraint", ["sh:not e:isThing", "sh:xone ( e:isThing )", "sh:lessThan e:q", "sh:node e:S"]
)
def test_a_component_that_is_not_covered_is_an_error(constraint):
    shapes = _graph(_shape("sh:targetClass e:Thing", "e:p", constraint) + HELPERS)
    with pytest.raises(ValidationFailed) as caught:
        list(compile_shapes(shapes, _graph(DATA)))
    assert caught.value.key == "shape-not-compiled"


@pytest.mark.parametrize(
    "more", ["e:P sh:property e:Q .", "e:P sh:or ( e:Q ) . e:Q sh:path e:q ; sh:minCount 1 ."]
)
def test_a_shape_inside_a_property_shape_is_an_error_not_passed_over(more):
    shapes = _graph(_shape("sh:targetClass e:Thing", "e:p", "sh:minCount 1") + more)
    with pytest.raises(ValidationFailed):
        list(compile_shapes(shapes, _graph(DATA)))


def test_a_pattern_that_the_store_cannot_read_breaks_every_value():
    _, actual = _both(_shape("sh:targetClass e:Thing", "e:p", 'sh:pattern "^(?!x)"'))
    assert len(actual) > 3


def test_a_shape_that_is_not_well_formed_is_an_error_of_ours():
    shapes = _graph(_shape("sh:targetClass e:Thing", "e:p", 'sh:minCount "x"'))
    with pytest.raises(ValidationFailed) as caught:
        validate_graph(_graph(DATA), shapes)
    assert caught.value.key == "shape-broken"


def test_a_path_that_is_not_covered_is_an_error():
    shapes = _graph(_shape("sh:targetClass e:Thing", "[ sh:zeroOrMorePath e:p ]", "sh:minCount 1"))
    with pytest.raises(ValidationFailed):
        list(compile_shapes(shapes, _graph(DATA)))
