from pathlib import Path

import pytest
from rdflib.compare import isomorphic

from kmn_ld import turtle
from kmn_ld.errors import SourceError, TurtleSyntaxError

PATH = Path("a.ttl")
MESSY = """\
# Licence: example
@prefix s: <http://www.w3.org/2004/02/skos/core#> .
@prefix e: <https://example.org/> .
@prefix x: <http://www.w3.org/2001/XMLSchema#> .
e:b s:prefLabel "B"@de, "Quote \\" and # sign"@en ;
  a e:T, s:Concept ; e:n 3, 1.5, true, "2026-11"^^x:gYearMonth .
e:a s:related e:b ; e:list ( e:c "x" ) .
"""
NEAT = """\
# Licence: example
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

<https://example.org/a>
    skos:related <https://example.org/b> ;
    <https://example.org/list> (
        <https://example.org/c>
        "x"
    ) ;
.

<https://example.org/b>
    a
        skos:Concept ,
        <https://example.org/T> ;
    skos:prefLabel
        "B"@de ,
        "Quote \\" and # sign"@en ;
    <https://example.org/n>
        1.5 ,
        "2026-11"^^xsd:gYearMonth ,
        3 ,
        true ;
.
"""


def test_layout_is_the_one_of_the_house():
    assert turtle.format_text(MESSY, PATH) == NEAT


def test_layout_is_stable_and_keeps_the_graph():
    assert turtle.format_text(NEAT, PATH) == NEAT
    assert isomorphic(turtle.parse(MESSY, PATH), turtle.parse(NEAT, PATH))


def test_one_added_triple_is_one_added_line():
    more = turtle.format_text(
        NEAT.replace(
            "    skos:related", "    skos:note <https://example.org/b> ;\n    skos:related"
        ),
        PATH,
    )
    assert [line for line in more.splitlines() if line not in NEAT.splitlines()] == [
        "    skos:note <https://example.org/b> ;"
    ]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a b c", 1, 1),
        ("@prefix a: <http://a/> .\na:b a:c b:d .", 2, 9),
        ('<https://example.org/a> <https://example.org/b> "x', 1, 1),
    ],
)
def test_syntax_errors_carry_their_place(text, line, column):
    with pytest.raises(TurtleSyntaxError) as caught:
        turtle.parse(text, PATH)
    assert (caught.value.details["line"], caught.value.details["column"]) == (line, column)


def test_a_comment_in_the_body_is_refused_because_it_would_be_lost():
    with pytest.raises(SourceError) as caught:
        turtle.format_text(NEAT + "# why\n", PATH)
    assert (caught.value.key, caught.value.details["line"]) == (
        "turtle-comment",
        NEAT.count("\n") + 1,
    )


def test_a_file_that_is_no_utf8_is_named_with_its_place(tmp_path):
    path = tmp_path / "a.ttl"
    path.write_bytes(b"\n\nab\xff")
    with pytest.raises(SourceError) as caught:
        turtle.read_text(path)
    assert (caught.value.details["line"], caught.value.details["column"]) == (3, 3)


def test_a_missing_file_is_an_error_of_ours(tmp_path):
    with pytest.raises(SourceError) as caught:
        turtle.read_text(tmp_path / "none.ttl")
    assert caught.value.key == "file-unreadable"


def test_a_name_in_a_list_gets_its_prefix():
    text = "<https://example.org/a> <https://example.org/b> ( rdf:type ) ."
    head = "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
    written = turtle.format_text(head + text, Path("x.ttl"))
    assert written.startswith(head)
    assert turtle.format_text(written, Path("x.ttl")) == written


@pytest.mark.parametrize(
    "text",
    [
        NEAT.replace("\n", "\r\n"),
        NEAT.replace("example\n", "example\r\n", 1),
    ],
)
def test_the_line_ends_of_a_licence_become_line_feeds(text):
    assert turtle.format_text(text, PATH) == NEAT


def test_a_licence_may_hold_any_character_but_a_line_end():
    text = NEAT.replace("example", "a\u2028b\x85c", 1)
    assert turtle.format_text(text, PATH) == text


def test_a_licence_alone_stays():
    assert turtle.format_text("# Licence", PATH).startswith("# Licence\n")


def test_a_byte_order_mark_is_named_as_such():
    with pytest.raises(SourceError) as caught:
        turtle.decode(b"\xef\xbb\xbf# x", PATH)
    assert (caught.value.key, caught.value.details["line"]) == ("file-bom", 1)
