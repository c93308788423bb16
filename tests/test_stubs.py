import pytest

from kmn_ld import ledger
from kmn_ld.describe.stubs import all_stubs, stub
from kmn_ld.engine.serialising import serialise

DAY = "2026-11-24"
ID = "https://w3id.org/kmn-ld/id"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.csv"


@pytest.fixture
def keys(path):
    keys = ledger.mint(path, "org", 3, date=DAY)
    ledger.publish(path, keys, date=DAY)
    return keys


def _append(path, *entries):
    ledger.append(
        path,
        [("org", key, event, "2026-12-01", to, why, "editor") for key, event, to, why in entries],
    )
    return ledger.parse(path.read_bytes(), path)


def _said(key, known):
    """Return the end of each property and of each value of a stub."""
    lines = serialise(stub(key, known), "nt").decode().splitlines()
    split = [line.removesuffix(" .").split(" ", 2) for line in lines]
    assert {subject for subject, _, _ in split} == {f"<{ID}/org/{key}>"}
    return {
        (name.strip("<>").replace("#", "/").rpartition("/")[2], value) for _, name, value in split
    }


def test_what_has_or_may_get_a_record_has_no_stub(path, keys):
    known = _append(path, (keys[0], "deactivated", "", "ceased"))
    assert list(all_stubs(known)) == []


def test_a_merged_id_points_straight_at_the_final_survivor(path, keys):
    first, second, third = keys
    known = _append(path, (first, "merged", second, ""), (second, "merged", third, ""))
    survivor = f"<{ID}/org/{third}>"
    assert _said(first, known) == {
        ("status", f"<{ID}/concept/status/merged>"),
        ("isReplacedBy", survivor),
        ("sameAs", survivor),
    }


def test_a_withdrawn_id_tells_id_status_date_and_reason(path, keys):
    known = _append(path, (keys[0], "withdrawn", "", "out-of-scope"))
    assert _said(keys[0], known) == {
        ("identifier", f'"{keys[0]}"'),
        ("status", f"<{ID}/concept/status/withdrawn>"),
        ("modified", '"2026-12-01"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("changeNote", f"<{ID}/concept/status-reason/out-of-scope>"),
    }


def test_an_erased_id_tells_id_status_and_date_alone(path, keys):
    known = _append(path, (keys[0], "withdrawn", "", "error"), (keys[0], "erased", "", ""))
    assert {name for name, _ in _said(keys[0], known)} == {"identifier", "status", "modified"}


def test_an_unmerged_id_has_no_stub_any_more(path, keys):
    known = _append(path, (keys[0], "merged", keys[1], ""), (keys[0], "unmerged", "", ""))
    assert list(all_stubs(known)) == []
