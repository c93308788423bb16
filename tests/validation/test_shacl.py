import pytest
from rdflib import SH, Graph, Literal, URIRef

from kmn_ld.errors import ValidationFailed
from kmn_ld.validation.shacl import graph_of, messages_of, severity_of, validate_graph

E = "https://example.org/"
HEAD = f"PREFIX e: <{E}>\nPREFIX sh: <http://www.w3.org/ns/shacl#>\n"
SHAPES = """
e:S a sh:NodeShape ; sh:targetClass e:T ; sh:property e:P .
e:P a sh:PropertyShape ; sh:path e:p ; sh:nodeKind sh:Literal ; sh:severity sh:Warning ;
  sh:message "Text angeben."@de , "Give a text."@en .
"""
DATA = "e:Sub <http://www.w3.org/2000/01/rdf-schema#subClassOf> e:T . e:a a e:Sub ; e:p e:b .\n"


def _graph(text):
    return Graph(bind_namespaces="none").parse(data=HEAD + text, format="turtle")


def test_a_result_has_all_that_a_reader_needs():
    (finding,) = validate_graph(_graph(DATA), _graph(SHAPES))
    assert (finding.severity, finding.rule, finding.focus, finding.result_path, finding.value) == (
        "warning", E + "P", E + "a", E + "p", E + "b",
    )  # fmt: skip
    assert finding.message == {"de": "Text angeben.", "en": "Give a text."}


def test_a_shape_without_a_message_gets_the_one_of_the_validator():
    shapes = SHAPES.replace(';\n  sh:message "Text angeben."@de , "Give a text."@en', "")
    (finding,) = validate_graph(_graph(DATA), _graph(shapes))
    assert all(text for text in finding.message.values())
    assert len(finding.message) == 1


def test_data_without_fault_has_no_result():
    assert validate_graph(_graph("e:a a e:T ; e:p 1 ."), _graph(SHAPES)) == []


def test_a_path_that_is_no_property_is_not_named():
    shapes = SHAPES.replace("sh:path e:p", "sh:path [ sh:inversePath e:p ]")
    (finding,) = validate_graph(_graph("e:a a e:T . e:b e:p e:a ."), _graph(shapes))
    assert (finding.result_path, finding.value) == ("", E + "b")


def test_a_shape_that_is_not_well_formed_is_an_error_of_ours():
    with pytest.raises(ValidationFailed) as caught:
        validate_graph(
            _graph(DATA), _graph(SHAPES.replace("sh:nodeKind sh:Literal", "sh:minCount 'x'"))
        )
    assert caught.value.key == "shape-broken"
    assert caught.value.details["reason"]


@pytest.mark.parametrize(
    ("iri", "word"),
    [(SH.Violation, "violation"), (SH.Warning, "warning"), (SH.Info, "info"),
     (None, "violation"), (URIRef(E + "own"), "violation")],
)  # fmt: skip
def test_every_severity_has_a_word_of_ours(iri, word):
    assert severity_of(iri) == word


def test_messages_are_kept_by_language():
    values = [Literal("a", lang="de"), Literal("b"), URIRef(E)]
    assert messages_of(values) == {"de": "a", "": "b"}


def test_lines_make_a_graph():
    assert len(graph_of([f"<{E}a> <{E}p> <{E}b> .", f'<{E}a> <{E}p> "\u2028" .'])) == 2
