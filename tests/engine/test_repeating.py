import pytest

from kmn_ld.engine.repeating import is_repeatable, mentions_changing

CHANGING = [
    "SELECT (NOW() AS ?x) {}",
    "SELECT (rand()AS?x) {}",
    "SELECT ?x { BIND(UUID ( ) AS ?x) }",
    "SELECT (STRUUID() AS ?x) {}",
    "SELECT (BNODE('a') AS ?x) {}",
    "SELECT (BNODE() AS ?x) {}",
    "ASK { FILTERNOW() }",
    "ASK { FILTER(1<RAND()&&5>3) }",
    "SELECT (NOW# not yet\n() AS ?x) {}",
    "CONSTRUCT { <a> <b> ?x } WHERE { BIND(<http://a/rand> AS ?y) BIND(RaNd() AS ?x) }",
    "SELECT ?x { { SELECT (UUID() AS ?x) {} } }",
    "SELECT * { ?s ?p 'now' } ORDER BY RAND()",
    "DESCRIBE ?x { BIND(UUID() AS ?x) }",
]
STEADY = [
    "SELECT * { ?s ?p ?o }",
    "ASK { ?s <http://a/rand> 'now' } # uuid()",
    "ASK { ?s <http://a/\\u0072and> 'n\\u006Fw()' }",
    "SELECT ?now ?rand { ?now ?rand 'bnode()' }",
    "SELECT (<http://a/rand>() AS ?x) {}",
    "PREFIX uuid: <http://a/> ASK { uuid:bnode uuid:now ?snow }",
    "CONSTRUCT { _:bnode <a> [] } WHERE {}",
    "SELECT (isBLANK(?bnode) AS ?x) { ?bnode ?p 'Brand, Rand und Snowboard' }",
]


@pytest.mark.clause("Cache: random")
@pytest.mark.parametrize("text", CHANGING)
def test_a_query_that_calls_a_changing_function_is_not_repeatable(text: str):
    assert not is_repeatable(text)
    assert mentions_changing(text)


@pytest.mark.clause("Cache: random")
@pytest.mark.parametrize("text", STEADY)
def test_the_name_of_such_a_function_in_an_iri_a_text_or_a_name_does_not_count(text: str):
    assert is_repeatable(text)


@pytest.mark.parametrize("text", STEADY[1:])
def test_what_mentions_such_a_name_is_told_without_a_parser(text: str):
    assert mentions_changing(text)
