import pytest

from kmn_ld.engine import Iri
from kmn_ld.messages import LANGUAGES
from kmn_ld.validation.query_files import check_files, check_rows

HEADER = "#+ title: T\n#+ title@de: D\n#+ summary: S\n#+ summary@de: S\n#+ returns: focus\n"


@pytest.fixture
def write(tmp_path):
    def _write(text, folder="checks"):
        path = tmp_path / "queries" / folder / "q-violation.rq"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        for name in {"checks", "derive"} - {folder}:
            other = tmp_path / "queries" / name / "sound.rq"
            other.parent.mkdir(exist_ok=True)
            other.write_text(HEADER + "SELECT ?focus {}", encoding="utf-8")
        return tmp_path

    return _write


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("SELECT ?a {}", "query-header", 1),
        (HEADER + "SELECT ?focus {\n  ?focus ?p }", "query-file", 7),
        (HEADER + "SELECT ?focus { SERVICE <https://example.org/> {} }", "query-file", 6),
        (
            HEADER + "#+ params: district (iri)\nSELECT ?focus { ?focus ?p ?district }",
            "query-parameter",
            6,
        ),
        (HEADER + "#+ params: focus (text)\nSELECT ?focus {}", "library-type", 6),
        (HEADER + "#+ params: focus\nSELECT ?focus {}", "library-params", 6),
        (HEADER + "#+ params: lang (string)\nSELECT ?focus ?lang {}", "library-reserved", 6),
        (
            HEADER + "#+ params: focus (iri)\n#+ choices: focus = none\nSELECT ?focus {}",
            "library-choices",
            7,
        ),
        (HEADER + "#+ choices: focus = districts\nSELECT ?focus {}", "library-choices-of", 6),
        (HEADER + "#+ choices: districts\nSELECT ?focus {}", "library-choices-form", 6),
        (HEADER + "#+ view: pie\nSELECT ?focus {}", "library-view", 6),
        (HEADER + "#+ view: bar: focus\nSELECT ?focus {}", "library-view", 6),
        (HEADER + "#+ view: bar: focus count\nSELECT ?focus {}", "library-view-column", 6),
        (HEADER + "#+ view: map\nSELECT ?focus {}", "library-view-column", 6),
        (HEADER + "SELECT ?focus ?more {}", "query-returns", 5),
        (HEADER + "CONSTRUCT {} WHERE {}", "query-returns", 5),
        (HEADER.replace("#+ summary@de: S\n", "") + "SELECT ?focus {}", "query-header", 1),
    ],
)
def test_a_flaw_of_a_query_file_is_found_with_its_line(write, text, rule, line):
    found = list(check_files(write(text, "examples")))
    assert [(f.rule, f.path, f.line) for f in found] == [
        (rule, "queries/examples/q-violation.rq", line)
    ]
    assert all(found[0].text(language) for language in LANGUAGES)


def test_parameters_of_a_check_are_read_as_those_of_the_library(write):
    text = HEADER + "#+ params: focus (text)\nSELECT ?focus {}"
    found = list(check_files(write(text, "checks")))
    assert ("library-type", 6) in [(one.rule, one.line) for one in found]


def test_a_good_query_file_is_not_found(write):
    assert list(check_files(write(HEADER + "SELECT ?focus {}"))) == []
    graph = HEADER.replace("focus", "triples") + "CONSTRUCT {} WHERE {}"
    assert list(check_files(write(graph, "examples"))) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (HEADER + "ASK {}", "query-check-form"),
        (HEADER + "#+ severity: error\nSELECT ?focus {}", "query-severity"),
    ],
)
def test_a_check_selects_rows_of_a_known_severity(write, text, rule):
    assert [f.rule for f in check_files(write(text))] == [rule]


def test_each_row_of_a_check_is_a_finding_with_the_title_as_message(write):
    folder = write(HEADER + "SELECT ?focus {}")
    rows = [{"focus": Iri("https://example.org/a"), "value": Iri("https://example.org/b")}]
    found = list(check_rows(folder, lambda _: rows))
    assert [(f.rule, f.focus, f.value, f.message) for f in found] == [
        ("q-violation", "https://example.org/a", "https://example.org/b", {"de": "D", "en": "T"})
    ]


@pytest.mark.parametrize("name", ["q.RQ", "q.sparql", "q.rq.txt"])
def test_a_query_that_nobody_would_run_is_found(tmp_path, name):
    path = tmp_path / "queries" / "checks" / name
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + "SELECT ?focus {}", encoding="utf-8")
    found = [(f.rule, f.path) for f in check_files(tmp_path)]
    assert found == [
        ("queries-empty", "queries/derive"),
        ("file-ending", f"queries/checks/{name}"),
    ]


def test_a_byte_order_mark_is_no_part_of_a_query(write):
    assert list(check_files(write("\ufeff" + HEADER + "SELECT ?focus {}", "examples"))) == []


@pytest.mark.parametrize("name", ["checks", "derive"])
def test_sources_without_checks_or_rules_do_not_pass(write, name):
    folder = write(HEADER + "SELECT ?focus {}", "examples")
    (folder / "queries" / name / "sound.rq").unlink()
    found = [(one.rule, one.path) for one in check_files(folder)]
    assert found == [("queries-empty", f"queries/{name}")]
