from pathlib import Path

import pytest

from kmn_ld.errors import SourceError, TurtleSyntaxError
from kmn_ld.validation.places import BLANK, Places, parse

E = "https://example.org/"
NOTE = "http://www.w3.org/2004/02/skos/core#note"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
TEXT = '''\
# <https://example.org/a> in a comment
@prefix e: <https://example.org/> .
PREFIX s: <http://www.w3.org/2004/02/skos/core#>

e:a a e:T ; s:note """two
lines with e:b ; in them""" , 'It\\'s'@de ,
    "1.50"^^e:D ;
  e:n 1.5, -2 , true.
e:list e:p ( e:a.b 7 ( e:c ) ) ; e:q [ e:r 1 ;
  s:note """x "y" z""" ] .
<https://example.org/b> e:p e:a\\,b .
'''


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ((E + "a",), (5, 1)),
        ((E + "a", TYPE), (5, 5)),
        ((E + "a", TYPE, E + "T"), (5, 7)),
        ((E + "a", NOTE, "1.50"), (7, 5)),
        ((E + "a", NOTE, E + "D"), (7, 13)),
        ((E + "a", E + "n", "1.5"), (8, 7)),
        ((E + "a", E + "n", "-2"), (8, 12)),
        ((E + "a", E + "n", "true"), (8, 17)),
        ((E + "list", E + "p", "7"), (9, 20)),
        ((E + "list", E + "p", E + "c"), (9, 24)),
        ((E + "list", E + "q", BLANK), (9, 38)),
        ((BLANK, NOTE, 'x "y" z'), (10, 10)),
        ((E + "b", E + "p", E + "a,b"), (11, 29)),
        ((E + "a", NOTE, "no such value"), (5, 13)),
        ((E + "a", E + "unused"), (5, 1)),
        ((E + "z",), None),
    ],
)
def test_a_statement_is_found_as_near_as_may_be(statement, place):
    mention = Places(TEXT).find(*statement)
    assert (mention and (mention.line, mention.column)) == place


@pytest.mark.parametrize(
    ("term", "line"),
    [(E + "a.b", 9), (NOTE, 5), (E + "D", 7), (E + "list", 9), (E + "a", 5), (E + "z", None)],
)
def test_a_term_is_found_wherever_it_stands(term, line):
    mention = Places(TEXT).of_term(term)
    assert (mention and mention.line) == line


@pytest.mark.parametrize(
    ("text", "key", "place"),
    [
        ("e:a e:p 1 ;\n e:q 1.50 .", "number-form", (3, 6)),
        ("e:a e:p\n ( 1\n 1.50 ) .", "number-form", (4, 2)),
        ("e:a e:p 1 ;\n e:q [ e:r 1 ] .", "blank-node", (3, 8)),
        ("e:a e:p 1 ;\n e:q [] .", "blank-node", (3, 6)),
        ("_:x e:p 1 .", "blank-node", (2, 5)),
        ('e:a e:p 1 ;\n e:q "x"^^x:date .', "value-form", (3, 6)),
        ('e:a e:p "x" ,\n "\\u0007" .', "control-character", (3, 2)),
        ('e:a e:p "x" ,\n "u\\u0308" .', "not-composed", (3, 2)),
        ("e:a e:p 1 ;\n e:1 2 .", "predicate-name", (3, 2)),
    ],
)
def test_an_error_about_a_statement_carries_its_place(text, key, place):
    head = "@prefix e: <https://example.org/> . @prefix x: <http://www.w3.org/2001/XMLSchema#> .\n"
    with pytest.raises(SourceError) as caught:
        parse((head + text).encode(), Path("a.ttl"))
    details = caught.value.details
    assert (caught.value.key, (details.get("line"), details.get("column"))) == (key, place)


def test_a_prefix_that_we_know_is_told_with_the_line_that_declares_it():
    with pytest.raises(TurtleSyntaxError) as caught:
        parse(b"<urn:a> a\n schema:Thing .", Path("a.ttl"))
    assert (caught.value.key, caught.value.details["line"]) == ("turtle-prefix", 2)
    assert caught.value.details["declaration"] == "PREFIX schema: <https://schema.org/>"


def test_a_prefix_that_nobody_knows_is_a_syntax_error():
    with pytest.raises(TurtleSyntaxError) as caught:
        parse(b"<urn:a> a orgs:Thing .", Path("a.ttl"))
    assert caught.value.key == "turtle-syntax"
