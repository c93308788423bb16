import pytest

from kmn_ld import ledger
from kmn_ld.sources import find
from kmn_ld.validation.reading import read
from kmn_ld.validation.states import check_gone, check_states, holds, names_in
from tests.lifecycle.conftest import DAY, Place


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def _reading(place):
    return read(list(find(place.folder)), place.folder, lambda file: False)


def _event(place, key, event, targets="", reason=""):
    ledger.append(place.path, [("org", key, event, DAY, targets, reason, "editor")])


def _states(place):
    return [(f.rule, f.path) for f in check_states(_reading(place), place.ledger())]


def _gone(place, names):
    found = check_gone(_reading(place), place.ledger(), names, place.folder)
    return [(f.rule, f.path, f.line) for f in found]


def test_records_that_say_what_the_ledger_says_have_no_finding(place):
    assert _states(place) == []
    assert _gone(place, {}) == []


def test_without_a_ledger_nothing_is_said(place):
    assert list(check_states(_reading(place), None)) == []
    assert list(check_gone(_reading(place), None, {}, place.folder)) == []


def test_a_status_other_than_that_of_the_ledger_is_found(place):
    _event(place, place.young, "deactivated")
    assert _states(place) == [("status-differs", f"data/organisations/{place.young}.ttl")]


def test_a_successor_that_the_record_does_not_name_is_found(place):
    _event(place, place.young, "deactivated", place.old)
    said = "kmn:status <https://w3id.org/kmn-ld/id/concept/status/inactive>"
    place.write("org", place.young, said)
    assert _states(place) == [("successor-missing", f"data/organisations/{place.young}.ttl")]
    same = f"<https://w3id.org/kmn-ld/id/org/{place.old}>"
    place.write("org", place.young, f"{said} ; dcterms:isReplacedBy {same}")
    assert _states(place) == []


def test_ids_and_names_of_what_is_gone_are_found_wherever_they_stand(place):
    _event(place, place.young, "withdrawn", reason="error")
    place.file("org", place.young).unlink()
    table = place.folder / "data" / "tables" / "x.csv"
    table.parent.mkdir()
    table.write_text(f"a\n{place.young}\nNEUES HAUS\nNeues Hausboot\n", encoding="utf-8")
    found = _gone(place, {place.young: ["Neues Haus"]})
    assert found == [("name-left", "data/tables/x.csv", line) for line in (2, 3)]


def test_a_name_that_a_living_record_bears_may_stand(place):
    _event(place, place.young, "withdrawn", reason="error")
    place.file("org", place.young).unlink()
    assert _gone(place, {place.young: ["Altes Haus"]}) == []


def test_names_are_read_from_the_lines_of_a_release():
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    note = label.replace("prefLabel", "note")
    lines = [
        f'<a:b> {label} "Das \\"Haus\\"\\n"@de <a:g> .',
        f'<a:b> {note} "x" .',
        f'<a:c> {label} "y" .',
    ]
    assert names_in(lines, {"a:b": "k"}) == {"k": {'Das "Haus"\n'}}


@pytest.mark.parametrize(("text", "is_held"), [("im neuen haus.", True), ("neuen hauses", False)])
def test_a_name_stands_as_whole_words(text, is_held):
    assert holds(text, "Neuen Haus") is is_held
