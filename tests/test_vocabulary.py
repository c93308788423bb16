import pyoxigraph as ox
import pytest

from kmn_ld.describe import expand, read_vocabulary
from kmn_ld.describe.rules import by_subject, read_shapes
from kmn_ld.describe.usage import TermUsage, Usage
from kmn_ld.engine.terms import Iri, Literal
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.vocab import BASE, GRAPH, PREFIXES

TERMS = f"""
<{GRAPH}ontology> {{
  <def> a owl:Ontology ; dcterms:title "O"@en ; vann:termGroup <def#module-b> , <def#module-a> .
  <def#module-a> rdfs:label "A"@en ; dcterms:description "Begins."@en ; schema:position 1 ;
    dcterms:hasPart kmn:Thing , kmn:leadsTo .
  <def#module-b> rdfs:label "B"@en ; schema:position 2 ; dcterms:hasPart kmn:Other .
  kmn:Thing a owl:Class ; rdfs:label "thing"@en ; skos:definition "A thing."@en ;
    rdfs:comment "A thing."@en , "More."@en ; rdfs:subClassOf org:Organization ;
    owl:disjointWith kmn:Other ; vs:term_status "stable" ; skos:editorialNote "Nothing fits."@en .
  kmn:Other a owl:Class ; rdfs:label "other"@en .
  kmn:leadsTo a owl:ObjectProperty ; rdfs:domain [ owl:unionOf ( kmn:Thing kmn:Other ) ] ;
    rdfs:range kmn:Thing ; owl:inverseOf kmn:ledBy .
  kmn:ledBy a owl:ObjectProperty ; owl:deprecated true .
  kmn:about a owl:AnnotationProperty .
}}
<{GRAPH}shapes> {{
  <shapes> dcterms:title "S"@en .
  kms:Thing a sh:NodeShape ; sh:targetClass kmn:Thing ; sh:name "thing"@en ;
    sh:severity sh:Violation ; sh:property kms:Thing-second , kms:Thing-first .
  kms:Thing-first sh:path kmn:leadsTo ; sh:order 1 ; sh:message "Lead!"@en ; sh:minCount 1 ;
    sh:severity sh:Warning .
  kms:Thing-second sh:order 2 ;
    sh:path ( [ sh:inversePath kmn:leadsTo ] [ sh:alternativePath ( skos:note kmn:ledBy ) ] ) .
  kms:Thing-number a sh:NodeShape ; sh:targetClass kmn:Other ; sh:property kms:Thing-kind ;
    sh:nodeKind sh:IRI .
  kms:Thing-kind sh:path skos:related ;
    sh:pattern "^https://w3id[.]org/kmn-ld/id/concept/kind/[a-z]+$" ; sh:or ( kms:A kms:B ) .
  kms:A sh:datatype xsd:date . kms:B sh:class kmn:Thing .
  kms:Thing-days sh:in ( schema:Monday schema:Sunday ) .
  kms:Thing-odd a sh:NodeShape ; sh:sparql kms:odd .
  kms:odd sh:select "SELECT $this WHERE {{}}" .
}}
<{GRAPH}concepts> {{
  <id/concept/kind> a skos:ConceptScheme ; skos:prefLabel "Kinds"@en .
  <id/concept/kind/x> skos:inScheme <id/concept/kind> ; skos:prefLabel "x"@en .
}}
"""
USAGE = Usage(
    properties={
        f"{BASE}def#leadsTo": TermUsage(
            {GRAPH + "network": 2, GRAPH + "derived": 1},
            {"@id": 3},
            (f"{BASE}id/concept/kind/x", f"<{BASE}id/concept/kind>"),
        ),
        expand("skos:note"): TermUsage({GRAPH + "network": 5}, {}),
        expand("sh:path"): TermUsage({GRAPH + "shapes": 5}, {}),
    },
    classes={expand("org:Organization"): TermUsage({GRAPH + "network": 7}, {})},
)


@pytest.fixture(scope="module")
def store():
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    store = ox.Store()
    quads = list(ox.parse(f"BASE <{BASE}>\n{prefixes}{TERMS}", format=ox.RdfFormat.TRIG))
    store.extend(quads)
    outside = ox.NamedNode(GRAPH + "shapes")
    store.extend(ox.Quad(*quad.triple) for quad in quads if quad.graph_name != outside)
    return TrustedStore(store)


@pytest.fixture(scope="module")
def shapes(store):
    return read_shapes(store)


@pytest.fixture(scope="module")
def told(store, shapes):
    return read_vocabulary(store, USAGE, shapes)


def _terms(told):
    return {term.local: term for module in told.modules for term in module.terms}


def test_terms_stand_in_their_modules_in_order_and_those_of_none_come_last(told):
    found = [(module.local, [term.local for term in module.terms]) for module in told.modules]
    assert found == [
        ("module-a", ["Thing", "leadsTo"]),
        ("module-b", ["Other"]),
        ("terms", ["ledBy", "about"]),
    ]
    assert told.modules[0].introductions == (Literal("Begins.", "en"),)


def test_a_comment_that_repeats_the_definition_is_left_out(told):
    thing = _terms(told)["Thing"]
    assert thing.definitions == (Literal("A thing.", "en"),)
    assert thing.comments == (Literal("More.", "en"),)
    assert thing.reasons == (Literal("Nothing fits.", "en"),)
    assert (thing.status, thing.is_deprecated) == ("stable", False)


def test_inverses_and_disjoint_classes_are_told_from_both_sides(told):
    terms = _terms(told)
    other = {fact.iri: [value.term for value in fact.values] for fact in terms["Other"].asides}
    assert other == {expand("owl:disjointWith"): [Iri(f"{BASE}def#Thing")]}
    led = {fact.iri: [value.term for value in fact.values] for fact in terms["ledBy"].facts}
    assert led == {expand("owl:inverseOf"): [Iri(f"{BASE}def#leadsTo")]}
    assert terms["ledBy"].is_deprecated


def test_a_union_of_classes_is_told_class_by_class(told):
    domain = [value.term.value for value in _terms(told)["leadsTo"].domain]
    assert domain == [f"{BASE}def#Thing", f"{BASE}def#Other"]


def test_uses_are_counted_and_shown_by_an_example_with_its_names(told):
    term = _terms(told)["leadsTo"]
    assert (term.count, term.derived) == (3, 1)
    assert term.example.subject.names == (Literal("x", "en"),)
    assert term.example.value.names == (Literal("Kinds", "en"),)
    assert _terms(told)["Other"].count == 0


def test_reused_terms_are_those_that_the_data_use(told):
    found = {entry.prefix: [term.count for term in entry.terms] for entry in told.reused}
    assert found == {"org": [7], "skos": [5]}


def test_code_lists_come_with_the_number_of_their_concepts(told):
    assert [(entry.scheme.names[0].value, entry.count) for entry in told.lists] == [("Kinds", 1)]


def test_short_code_lists_are_told_whole(told, store, shapes, monkeypatch):
    (kinds,) = told.lists
    assert [concept.names[0].value for concept in kinds.concepts] == ["x"]
    monkeypatch.setattr("kmn_ld.describe.vocabulary._SHORT_LIST", 0)
    assert read_vocabulary(store, USAGE, shapes).lists[0].concepts == ()


def test_property_shapes_come_in_their_order_with_message_severity_and_conditions(shapes):
    thing = shapes.shapes[0]
    first, second = thing.rules
    assert (first.path, first.severity) == ("kmn:leadsTo", "warning")
    assert first.messages == (Literal("Lead!", "en"),)
    assert [entry.iri for entry in first.conditions] == [expand("sh:minCount")]
    assert second.path == "^kmn:leadsTo / (skos:note | kmn:ledBy)"


def test_a_term_knows_the_rules_for_it(told):
    rules = {
        name: [rule.iri.rpartition("#")[2] for rule in term.rules]
        for name, term in _terms(told).items()
    }
    assert rules == {
        "Thing": [],
        "Other": ["Thing-number"],
        "leadsTo": ["Thing-first", "Thing-second"],
        "ledBy": ["Thing-second"],
        "about": [],
    }


def test_a_rule_names_classes_and_datatypes_of_alternatives_and_the_list_of_the_values(shapes):
    (rule,) = next(shape for shape in shapes.shapes if shape.rule.iri.endswith("-number")).rules
    assert [kind.term.value for kind in rule.kinds] == [expand("xsd:date"), expand("kmn:Thing")]
    assert [choice.term for choice in rule.choices] == [Iri(f"{BASE}id/concept/kind")]


def test_what_only_gathers_rules_is_a_bundle(shapes):
    assert [shape.rule.is_bundle for shape in shapes.shapes] == [True, False, False]


def test_shapes_of_one_subject_stand_together_and_apart_from_those_that_apply_to_nothing(shapes):
    groups = {
        subject: [shape.rule.iri.rpartition("#")[2] for shape in group]
        for subject, group in by_subject(shapes.shapes).items()
    }
    assert groups == {"Thing": ["Thing", "Thing-number"], "": ["Thing-odd"]}


def test_a_rule_in_sparql_shows_its_query(shapes):
    queries = {shape.rule.iri.rpartition("#")[2]: shape.rule.queries for shape in shapes.shapes}
    assert queries["Thing-odd"] == ("SELECT $this WHERE {}",)
    assert queries["Thing"] == ()


def test_shapes_have_their_names_though_they_stand_in_no_default_graph(shapes):
    assert shapes.about.names == (Literal("S", "en"),)
