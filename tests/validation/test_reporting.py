import json
import re
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, SH, Graph, Literal, Namespace, URIRef

from kmn_ld.validation.findings import Finding, violation
from kmn_ld.validation.reporting import REPORTS, as_html, as_json, as_turtle, report
from kmn_ld.vocab import EARL, POINTERS

E = "https://example.org/"
NAME = "data/a b.ttl"
LINE = "<https://example.org/a> skos:note 1.50 ."
POINTER = Namespace(POINTERS)
PAGE = Path(__file__).parents[2] / "docs" / "findings.md"


@pytest.fixture
def sources(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / NAME).write_text(f"# one\n{LINE}\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def findings():
    return [
        Finding("info", E + "N", {"de": "Fehlt noch.", "en": "Still missing."}, "data/z.ttl"),
        Finding("warning", E + "W", {"de": "Bald.", "en": "Soon."}, NAME, 1, focus=E + "a",
                result_path=E + "p", value="x", component=str(SH.InConstraintComponent)),
        violation("number-form", path=NAME, line=2, column=35, value="1.50", predicate="skos:note"),
        violation("sources-empty"),
    ]  # fmt: skip


def test_json_is_one_object_for_each_finding_with_all_fields(findings):
    objects = json.loads(as_json(findings))
    assert objects == [finding.as_dict() for finding in findings]
    documented = re.findall(r"^\| `([a-z_]+)` \|", PAGE.read_text("utf-8"), re.M)
    assert list(objects[0]) == documented


def _results(findings, sources):
    graph = Graph().parse(data=as_turtle(findings, sources), format="turtle")
    return graph, {str(graph.value(r, SH.resultMessage)): r for r in graph.objects(None, SH.result)}


def test_turtle_is_a_validation_report(findings, sources):
    graph, results = _results(findings, sources)
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(node, SH.conforms) == Literal(False)
    assert len(set(results.values())) == len(findings)
    assert {graph.value(r, SH.resultSeverity) for r in results.values()} == {
        SH.Violation, SH.Warning, SH.Info,
    }  # fmt: skip


def test_a_result_of_a_shape_names_shape_component_path_and_value(findings, sources):
    graph = Graph().parse(data=as_turtle(findings[1:2], sources), format="turtle")
    (result,) = graph.objects(None, SH.result)
    assert set(graph.predicate_objects(result)) >= {
        (SH.sourceShape, URIRef(E + "W")),
        (SH.sourceConstraintComponent, SH.InConstraintComponent),
        (SH.focusNode, URIRef(E + "a")),
        (SH.resultPath, URIRef(E + "p")),
        (SH.value, Literal("x")),
        (SH.resultMessage, Literal("Bald.", lang="de")),
        (SH.resultMessage, Literal("Soon.", lang="en")),
    }
    assert (None, SH.conforms, Literal(True)) in graph


def test_a_result_points_at_file_line_and_column(findings, sources):
    graph = Graph().parse(data=as_turtle(findings[2:3], sources), format="turtle")
    (result,) = graph.objects(None, SH.result)
    pointer = graph.value(result, URIRef(EARL + "pointer"))
    file = URIRef((sources / NAME).as_uri())
    assert graph.value(result, DCTERMS.identifier) == Literal("number-form")
    assert graph.value(result, SH.focusNode) == file
    assert dict(graph.predicate_objects(pointer)) == {
        RDF.type: POINTER.LineCharPointer,
        POINTER.reference: file,
        POINTER.lineNumber: Literal(2),
        POINTER.charNumber: Literal(35),
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", ["Fehler: 2, Warnungen: 1, Hinweise: 1", "Zeile 2", "kürzesten Form", "Bald."]),
     ("en", ["Errors: 2, warnings: 1, notes: 1", "line 2", "shortest form", "Soon."])],
)  # fmt: skip
def test_the_page_counts_and_says_what_is_wrong_and_what_to_do(findings, sources, language, words):
    page = as_html(findings, sources, language)
    assert f'<html lang="{language}">' in page
    assert [word for word in words if word not in page] == []


def test_the_page_quotes_the_line_and_escapes_it(findings, sources):
    page = as_html(findings, sources, "de")
    assert "&lt;https://example.org/a&gt; skos:note 1.50 ." in page
    assert LINE not in page


def test_the_page_has_files_with_errors_first_and_errors_before_warnings(findings, sources):
    page = as_html(findings, sources, "en")
    assert re.findall(r"<h2>(.*)</h2>", page) == ["Without a file", NAME, "data/z.ttl"]
    assert re.findall(r'<article class="(.*)">', page) == [
        "violation", "violation", "warning", "info",
    ]  # fmt: skip


def test_the_page_needs_nothing_else(findings, sources):
    page = as_html(findings, sources, "de")
    assert re.findall(r"<(?:script|link|img|iframe)|url\(|@import| src=", page) == []


@pytest.mark.parametrize(("language", "words"), [("de", "Alles in Ordnung"), ("en", "All is well")])
def test_the_page_says_so_where_nothing_is_wrong(sources, language, words):
    page = as_html([], sources, language)
    assert ("<article" in page, words in page) == (False, True)


@pytest.mark.parametrize("name", REPORTS)
def test_every_form_has_its_section_in_the_documentation(findings, sources, name):
    assert report(findings, name, sources, "de")
    assert f"--format {name}" in PAGE.read_text("utf-8")
