"""The compiled shapes find what pySHACL finds, component by component."""

import pyoxigraph as ox
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
    "or with a deactivated member": "sh:or ( e:isThing e:isAnything )",
    "in by term": 'sh:in ( "2026-01-01" 1.0 7.5e0 "X"@de )',
    "in without members": "sh:in ()",
    "deactivated": "sh:minCount 9 ; sh:deactivated true",
}
SILENT = {
    "uniqueLang false", "deactivated", "nodeKind IRIOrLiteral", "or with a deactivated member",
}  # fmt: skip
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
e:isAnything sh:class e:Nothing ; sh:deactivated true .
"""
SPARQL_HEAD = """
e:prefixes sh:declare [ sh:prefix "e" ; sh:namespace "https://example.org/"^^xsd:anyURI ] .
"""
SELECTS = {
    "FILTER on this alone": "SELECT $this WHERE { FILTER (STRENDS(STR($this), 'a')) }",
    "BIND of this": "SELECT $this ?value WHERE { BIND (STR($this) AS ?value) }",
    "NOT EXISTS alone": "SELECT $this WHERE { FILTER NOT EXISTS { $this e:q ?x } }",
    "UNION": "SELECT $this ?value WHERE { { $this e:q ?value } UNION "
    "{ BIND ($this AS ?value) FILTER ($this = e:c) } }",
    "OPTIONAL": "SELECT $this WHERE { ?s ?p $this . "
    "OPTIONAL { $this e:q ?o FILTER (isIRI($this)) } FILTER (!BOUND(?o)) }",
    "sub-SELECT": "SELECT $this ?value WHERE { { SELECT $this (COUNT(?o) AS ?value) "
    "WHERE { $this e:p ?o } GROUP BY $this } FILTER (?value > 3) }",
    "this as an object": "SELECT $this ?value WHERE { ?value e:q $this }",
    "this in a string": "SELECT $this WHERE { $this e:p ?o FILTER (?o = '} $this {') }",
    "no solution": "SELECT $this WHERE { $this e:nothing ?o }",
    "path": "SELECT $this ?path ?value WHERE { $this ?path ?value FILTER (isIRI(?value)) }",
}


def _graph(text):
    return Graph(bind_namespaces="none").parse(data=PREFIXES + text, format="turtle")


def _both(shapes_text, data_text=DATA):
    """Return what each way finds, without the texts."""
    shapes, data = _graph(shapes_text + HELPERS), _graph(data_text)
    engine = TrustedStore(_store(data))
    compiled = validate_store(engine.rows, compile_shapes(shapes, data))
    return tuple(
        sorted((f.focus, f.rule, f.severity, f.result_path, _value(f), f.component) for f in found)
        for found in (validate_graph(data, shapes), compiled)
    )


def _value(finding):
    """Numbers are compared by value: the store keeps them so."""
    try:
        return str(float(finding.value))
    except ValueError:
        return finding.value


def _store(data):
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


@pytest.mark.parametrize("select", SELECTS)
@pytest.mark.parametrize("target", ["class", "objects"])
def test_this_is_bound_in_every_part_of_a_sparql_constraint(select, target):
    text = f"""e:S a sh:NodeShape ; {TARGETS[target]} ; sh:sparql e:C .
e:C sh:prefixes e:prefixes ; sh:message "m" ; sh:select \"\"\"{SELECTS[select]}\"\"\" .
"""
    expected, actual = _both(SPARQL_HEAD + text)
    assert expected == actual


def test_the_path_is_put_into_a_sparql_constraint_of_a_property_shape():
    text = """e:S sh:targetClass e:Thing ; sh:property e:P . e:P sh:path e:q ; sh:sparql e:C .
e:C sh:message "m" ; sh:select "SELECT $this ?value WHERE { $this $PATH ?value }" .
"""
    expected, actual = _both(text)
    assert [row[3:5] for row in expected] == [("https://example.org/q", "https://example.org/b")]
    assert expected == actual


@pytest.mark.parametrize("flag", ["true", "false"])
def test_a_sparql_constraint_can_be_deactivated_itself(flag):
    text = f"""e:S sh:targetClass e:Thing ; sh:sparql e:C .
e:C sh:deactivated {flag} ; sh:message "m" ; sh:select "SELECT $this WHERE {{ $this ?p ?o }}" .
"""
    expected, actual = _both(text)
    assert (expected == []) is (flag == "true")
    assert expected == actual


@pytest.mark.parametrize(
    "shapes",
    [
        "e:S sh:targetClass e:Thing ; sh:property [ sh:path e:q ; sh:minCount 1 ] .",
        "e:P a sh:PropertyShape ; sh:targetClass e:Thing ; sh:path e:q ; sh:minCount 1 .",
        "e:P sh:targetSubjectsOf e:p ; sh:path e:n ; sh:minCount 1 .",
        "e:P sh:targetNode e:a , e:b ; sh:path [ sh:inversePath e:q ] ; sh:maxCount 0 .",
        "e:Thing a sh:NodeShape , rdfs:Class ; sh:property e:P . e:P sh:path e:q ; sh:minCount 1 .",
        "owl:Class rdfs:subClassOf rdfs:Class . "
        "e:Thing a sh:NodeShape , owl:Class ; sh:property e:P . e:P sh:path e:q ; sh:minCount 1 .",
        "e:Thing a sh:NodeShape , owl:Class ; sh:nodeKind sh:Literal .",
        "e:S sh:targetClass e:Thing ; sh:deactivated true ; sh:nodeKind sh:Literal .",
    ],
)
def test_a_shape_is_what_has_a_target_whatever_its_type(shapes):
    expected, actual = _both(shapes)
    assert [row[:1] + row[2:] for row in expected] == [row[:1] + row[2:] for row in actual]


@pytest.mark.parametrize(
    "shapes",
    [
        "e:S a sh:NodeShape ; sh:target [ sh:select 'SELECT ?this WHERE { ?this a e:Thing }' ] .",
        "e:S a sh:NodeShape ; sh:targetClass e:Thing ; sh:rule [ sh:object e:a ] .",
        "e:C a sh:ConstraintComponent ; sh:parameter [ sh:path e:p ] .",
        *(
            "e:S sh:targetClass e:Thing ; sh:sparql [ sh:message 'm' ; sh:select "
            f"'SELECT $this WHERE {{ {part} }}' ] ."
            for part in (
                "$this ?p ?o MINUS { $this ?q ?r }",
                "$this ?p ?o VALUES ?o { 1 }",
                "GRAPH ?g { $this ?p ?o }",
                "$this ?p ?o BIND ($currentShape AS ?s)",
                "$this ?p",
            )
        ),
    ],
)
def test_what_cannot_be_compiled_is_an_error_and_not_passed_over(shapes):
    with pytest.raises(ValidationFailed) as caught:
        list(compile_shapes(_graph(shapes), _graph(DATA)))
    assert caught.value.key == "shape-not-compiled"


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
