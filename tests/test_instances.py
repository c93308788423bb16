from kmn_ld.describe.instances import thing_as_turtle
from kmn_ld.describe.names import expand
from kmn_ld.describe.statements import Statements
from kmn_ld.engine.terms import BlankNode, Iri, Literal, Statement

THING, OTHER = Iri("https://example.org/a#b"), Iri("https://example.org/c")


def _turtle(*said):
    statements = [Statement(subject, Iri(expand(by)), value) for subject, by, value in said]
    return thing_as_turtle(THING, expand("org:Site"), Statements(statements))


def test_a_thing_is_written_with_its_class_first_and_prefixes_where_they_fit():
    told = _turtle(
        (THING, "skos:note", Literal('say "so"\n', "de")),
        (THING, "rdf:type", Iri(expand("prov:Entity"))),
        (THING, "schema:value", Literal("1", datatype=expand("xsd:integer"))),
        (THING, "org:siteOf", BlankNode("x")),
    )
    assert told.splitlines() == [
        "<https://example.org/a#b>",
        "    a org:Site ;",
        "    org:siteOf [] ;",
        '    schema:value "1"^^xsd:integer ;',
        '    skos:note "say \\"so\\"\\n"@de ;',
        ".",
    ]


def test_of_many_values_the_first_are_written_and_the_others_counted():
    told = _turtle(*((THING, "skos:note", Literal(str(n))) for n in range(5)))
    assert '    skos:note "0" , "1" , "2" ; # + 2' in told.splitlines()


def test_statements_of_another_thing_follow_in_a_block_of_their_own():
    told = _turtle((THING, "skos:note", Literal("a")), (OTHER, "skos:note", Literal("b")))
    assert told.split("\n\n")[1] == '<https://example.org/c>\n    skos:note "b" ;\n.'


def test_a_part_is_written_with_its_class():
    part = Iri("https://example.org/a#c")
    told = _turtle(
        (THING, "org:siteAddress", part), (part, "rdf:type", Iri(expand("locn:Address")))
    )
    assert told.split("\n\n")[1] == "<https://example.org/a#c>\n    a locn:Address ;\n."


def test_names_of_persons_are_left_out():
    assert "vcard:fn" not in _turtle((THING, "vcard:fn", Literal("x")))
