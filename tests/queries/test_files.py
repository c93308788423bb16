import pyoxigraph as ox
import pytest

from kmn_ld import queries
from kmn_ld.engine import TrustedStore
from kmn_ld.errors import QueryFileError

HEADER = "#+ title: T\n#+ title@de: T\n#+ summary: S\n#+ summary@de: S\n#+ returns: a, b\n"


def _write(tmp_path, text):
    path = tmp_path / "q.rq"
    path.write_text(text, encoding="utf-8")
    return path


def test_header_is_read_up_to_the_first_other_line(tmp_path):
    query = queries.read(_write(tmp_path, HEADER + "SELECT ?a ?b {}\n#+ late: no\n"))
    assert (query.name, query.listed("returns"), "late" in query.header) == ("q", ("a", "b"), False)


def test_a_missing_header_key_is_named(tmp_path):
    with pytest.raises(QueryFileError) as caught:
        queries.read(_write(tmp_path, HEADER.replace("#+ summary@de: S\n", "") + "ASK {}"))
    assert caught.value.details["missing"] == "summary@de"


def test_an_unreadable_file_is_an_error_of_ours(tmp_path):
    with pytest.raises(QueryFileError):
        queries.read(tmp_path / "none.rq")


def test_every_query_of_the_software_has_a_complete_header():
    names = [path.relative_to(queries.app_folder()).with_suffix("").as_posix()
             for path in queries.find(queries.app_folder())]  # fmt: skip
    assert len(names) > 5
    assert [name for name in names if not queries.load_query(name).startswith("#+ title:")] == []


def test_every_list_that_pages_show_is_ordered_and_bounded():
    """Fragments of SHACL and what is asked of remote engines are none; one row needs no order.

    Style guide S12.4.
    """
    texts = {path: path.read_text("utf-8") for path in queries.find(queries.app_folder())}
    lists = {
        path: text for path, text in texts.items() if path.parent.name not in ("shacl", "remote")
    }
    several = {path: text for path, text in lists.items() if not text.endswith("\nLIMIT 1\n")}
    assert len(several) > 10
    assert [path.name for path, text in lists.items() if "\nLIMIT " not in text] == []
    assert [path.name for path, text in several.items() if "\nORDER BY " not in text] == []


SHIPPED = queries.app_folder().parent
FLAWS = {
    "concept-without-scheme-violation": (
        "GRAPH <https://w3id.org/kmn-ld/graph/concepts> "
        "{ <a:concept> <http://www.w3.org/2004/02/skos/core#prefLabel> 'x' }"
    ),
    "contact-link-violation": "<a:contact> <http://www.w3.org/2006/vcard/ns#fn> 'x' .",
    "source-unused-violation": "<a:source> a <https://w3id.org/kmn-ld/def#SourceRecord> .",
    "organisation-incomplete-violation": (
        "GRAPH <https://w3id.org/kmn-ld/graph/organisations> "
        "{ <https://w3id.org/kmn-ld/id/org/k7x2qf96> <a:label> 'x' }"
    ),
}
"""Check → triples on which it must return a row (style guide S12.2)."""


def test_every_check_has_data_that_it_finds():
    assert {path.stem for path in queries.find(SHIPPED / "checks")} == set(FLAWS)


@pytest.mark.parametrize("name", FLAWS)
def test_a_check_returns_a_row_on_the_flaw_and_none_without(name):
    text = queries.read(SHIPPED / "checks" / f"{name}.rq").text
    flawed, empty = ox.Store(), ox.Store()
    flawed.load(FLAWS[name].encode(), format=ox.RdfFormat.TRIG)
    assert [len(TrustedStore(store).rows(text)) for store in (flawed, empty)] == [1, 0]


def test_the_parameters_of_a_query_have_their_types():
    text = "#+ title: x\n#+ params: weekday (iri), time (time)\nASK {}"
    types = queries.parameters(queries.given(text))
    assert {name: kind.name for name, kind in types.items()} == {"weekday": "iri", "time": "time"}


@pytest.mark.parametrize(
    ("entry", "key"), [("day (moment)", "library-type"), ("day", "library-params")]
)
def test_parameters_that_nobody_can_read_are_refused_with_their_line(entry, key):
    with pytest.raises(QueryFileError) as caught:
        queries.parameters(queries.given(f"#+ title: x\n#+ params: time (time), {entry}\nASK {{}}"))
    assert (caught.value.key, caught.value.details["line"]) == (key, 2)
