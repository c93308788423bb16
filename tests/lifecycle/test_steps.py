import pytest

from kmn_ld.errors import LedgerError
from kmn_ld.lifecycle import Wish, carry_out, plan
from tests.lifecycle.conftest import DAY


def _do(place, event, key, *targets, **more):
    planned = plan(place.folder, Wish(event, key, targets, **more))
    carry_out(place.folder, planned, date=DAY)
    return planned


def _refused(place, event, key, *targets, **more):
    before = place.path.read_bytes()
    with pytest.raises(LedgerError) as caught:
        plan(place.folder, Wish(event, key, targets, **more))
    assert place.path.read_bytes() == before
    return caught.value.key


def test_retiring_writes_status_end_and_successor_into_the_file(place):
    _do(place, "deactivated", place.young, place.old, reason="merger", end="2026-03")
    text = place.file("org", place.young).read_text("utf-8")
    assert "kmn:status <https://w3id.org/kmn-ld/id/concept/status/inactive>" in text
    assert 'schema:dissolutionDate "2026-03"^^xsd:gYearMonth' in text
    assert f"dcterms:isReplacedBy <https://w3id.org/kmn-ld/id/org/{place.old}>" in text
    assert "Neues Haus" in text
    last = place.ledger().latest[place.young]
    assert (last.event, last.targets, last.reason) == ("deactivated", (place.old,), "merger")


def test_reactivating_takes_end_and_successor_out_again(place):
    before = place.file("org", place.young).read_text("utf-8")
    _do(place, "deactivated", place.young, place.old, reason="ceased", end="2026-03-31")
    _do(place, "reactivated", place.young)
    assert place.file("org", place.young).read_text("utf-8") == before
    assert place.state(place.young) == "active"


def test_retiring_without_a_known_end_invents_none(place):
    _do(place, "deactivated", place.young, reason="left")
    assert "dissolutionDate" not in place.file("org", place.young).read_text("utf-8")


def test_merging_removes_the_file_that_git_keeps_and_names_what_still_points_there(place):
    planned = _do(place, "merged", place.young, place.old)
    assert not place.file("org", place.young).exists()
    assert place.ledger().survivors == {place.young: place.old}
    assert planned.mentions == (f"data/services/{place.service}.ttl:4",)
    assert planned.names == {place.young: "Neues Haus", place.old: "Altes Haus"}


def test_a_file_that_git_does_not_have_is_never_removed(place):
    place.write("org", place.young, "skos:prefLabel 'Anderer Name'@de")
    planned = _do(place, "merged", place.young, place.old)
    assert planned.fate == "to-remove"
    assert place.file("org", place.young).exists()


def test_unmerging_says_how_the_file_comes_back(place):
    _do(place, "merged", place.young, place.old)
    planned = _do(place, "unmerged", place.young)
    assert planned.command == f"git restore data/organisations/{place.young}.ttl"
    place.git(*planned.command.split()[1:])
    assert place.file("org", place.young).exists()
    assert place.state(place.young) == "active"


def test_unmerging_finds_the_file_in_an_earlier_commit(place):
    _do(place, "merged", place.young, place.old)
    place.commit()
    planned = plan(place.folder, Wish("unmerged", place.young))
    place.git(*planned.command.split()[1:])
    assert place.file("org", place.young).exists()


def test_withdrawing_keeps_a_reason_code_in_the_ledger(place):
    planned = _do(place, "withdrawn", place.young, reason="out-of-scope")
    assert planned.fate == "removed"
    assert place.ledger().latest[place.young].reason == "out-of-scope"


def test_ids_are_taken_as_people_type_them(place):
    typed = f"https://w3id.org/kmn-ld/id/org/{place.young[:4]}-{place.young[4:].upper()}"
    assert plan(place.folder, Wish("withdrawn", typed, reason="error")).id == place.young


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("k7x2qf69", "event-check-digits"),
        ("k7x2fq96", "event-check-digits"),
        ("k7x2qf96", "event-not-minted"),
        ("heide", "event-no-id"),
        ("", "event-no-id"),
    ],
)
def test_what_is_no_id_of_the_ledger_is_refused(place, key, error):
    assert _refused(place, "withdrawn", key, reason="error") == error
    assert _refused(place, "merged", place.young, key) == error


@pytest.mark.parametrize("event", ["deactivated", "reactivated", "merged", "unmerged"])
def test_a_reserved_id_has_no_such_event(place, event):
    assert _refused(place, event, place.draft) == "event-state-reserved"


@pytest.mark.parametrize(("event", "state"), [("reactivated", "active"), ("unmerged", "active")])
def test_an_active_id_is_neither_revived_nor_parted(place, event, state):
    assert _refused(place, event, place.young) == f"event-state-{state}"


def test_an_ended_id_refuses_what_only_living_ones_can(place):
    _do(place, "deactivated", place.old, reason="ceased")
    assert _refused(place, "deactivated", place.old, reason="left") == "event-state-inactive"
    _do(place, "merged", place.young, place.old)
    assert _refused(place, "merged", place.young, place.old) == "event-state-merged"
    _do(place, "unmerged", place.young)
    _do(place, "withdrawn", place.young, reason="error")
    assert _refused(place, "reactivated", place.young) == "event-state-withdrawn"
    _do(place, "erased", place.young)
    assert _refused(place, "erased", place.young) == "event-state-erased"


def test_a_merger_needs_an_older_living_id_of_the_same_type(place):
    assert _refused(place, "merged", place.old, place.young) == "event-younger"
    assert _refused(place, "merged", place.old, place.old) == "event-self"
    assert _refused(place, "merged", place.old, place.service) == "event-other-type"
    assert _refused(place, "merged", place.young, place.draft) == "event-target-ended"
    _do(place, "withdrawn", place.old, reason="error")
    assert _refused(place, "merged", place.young, place.old) == "event-target-ended"


def test_mergers_make_no_cycle(place):
    _do(place, "merged", place.young, place.old)
    assert _refused(place, "merged", place.old, place.young) == "event-target-merged"


def test_what_others_were_merged_into_is_not_withdrawn(place):
    _do(place, "merged", place.young, place.old)
    assert _refused(place, "withdrawn", place.old, reason="error") == "event-has-merged"


@pytest.mark.parametrize("reason", ["", "Frau X wollte das"])
def test_a_reason_is_a_code(place, reason):
    assert _refused(place, "withdrawn", place.old, reason=reason) == "event-reason"
    assert _refused(place, "deactivated", place.old, reason=reason) == "event-reason"


@pytest.mark.parametrize("end", ["31.3.2026", "gestern", "2026-3", "20260331", "2026-13-01"])
def test_an_end_is_a_day_a_month_or_a_year(place, end):
    assert _refused(place, "deactivated", place.old, reason="left", end=end) == "event-end"
