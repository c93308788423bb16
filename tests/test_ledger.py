import subprocess
import sys

import pytest

from kmn_ld import ledger
from kmn_ld.errors import LedgerError

DAY = "2026-11-24"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.csv"


@pytest.fixture
def keys(path):
    return ledger.mint(path, "org", 3, date=DAY)


def _key_of(call, *arguments):
    with pytest.raises(LedgerError) as caught:
        call(*arguments)
    return caught.value.key


def _append(path, *entries):
    return ledger.append(
        path,
        [(kind, key, event, DAY, targets, "", "editor") for kind, key, event, targets in entries],
    )


def test_minted_ids_are_reserved(path, keys):
    assert ledger.parse(path.read_bytes(), path).states == dict.fromkeys(keys, "reserved")


def test_published_ids_are_active(path, keys):
    ledger.publish(path, keys[:1], date=DAY)
    assert ledger.parse(path.read_bytes(), path).states[keys[0]] == "active"


def test_a_new_ledger_extends_the_old_one_byte_for_byte(path, keys):
    before = path.read_bytes()
    ledger.publish(path, keys, date=DAY)
    assert path.read_bytes().startswith(before)
    ledger.check_prefix(before, path.read_bytes(), path, "x")


def test_type_of_an_id_is_the_one_it_was_minted_for(path, keys):
    parsed = ledger.parse(path.read_bytes(), path)
    assert parsed.types == dict.fromkeys(keys, "org")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        (DAY, "2020-01-01", "ledger-check"),
        ("org", "person", "ledger-check"),
        ("seq,type", "number,type", "ledger-header"),
        ("editor", "editor,more", "ledger-columns"),
    ],
)
def test_an_edited_line_shows_without_git(path, keys, old, new, key):
    data = path.read_bytes().replace(old.encode(), new.encode(), 1)
    assert _key_of(ledger.parse, data, path) == key


def test_an_edited_line_is_named(path, keys):
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b"editor", b"author")
    with pytest.raises(LedgerError) as caught:
        ledger.parse(b"".join(lines), path)
    assert caught.value.details["line"] == 3


def test_a_removed_line_shows(path, keys):
    lines = path.read_bytes().splitlines(keepends=True)
    assert _key_of(ledger.parse, b"".join(lines[:1] + lines[2:]), path) == "ledger-check"


def test_a_cut_last_line_shows(path, keys):
    assert _key_of(ledger.parse, path.read_bytes()[:-1], path) == "ledger-last-line"


def test_bytes_that_are_no_utf8_show(path):
    assert _key_of(ledger.parse, b"\xff\n", path) == "ledger-unreadable"


def test_a_rewritten_past_is_refused_with_its_line(path, keys):
    before = path.read_bytes()
    path.unlink()
    ledger.mint(path, "org", 4, date=DAY)
    with pytest.raises(LedgerError) as caught:
        ledger.check_prefix(before, path.read_bytes(), path, "abc")
    assert (caught.value.key, caught.value.details["line"]) == ("ledger-rewritten", 2)


@pytest.mark.parametrize(
    ("event", "key"), [("published", None), ("merged", "ledger-order"), ("minted", "ledger-order")]
)
def test_events_follow_the_table_of_states(path, keys, event, key):
    if key is None:
        assert _append(path, ("org", keys[0], event, ""))[0].event == event
    else:
        assert _key_of(_append, path, ("org", keys[0], event, keys[1])) == key


def test_a_refused_event_leaves_the_ledger_as_it_was(path, keys):
    before = path.read_bytes()
    assert _key_of(_append, path, ("org", keys[0], "merged", keys[1])) == "ledger-order"
    assert path.read_bytes() == before


def test_unknown_words_are_refused(path, keys):
    assert _key_of(_append, path, ("org", keys[0], "renamed", "")) == "ledger-word"


@pytest.mark.parametrize("key", ["k7x2qf69", "kbcdfg12", "heide"])
def test_ids_that_may_not_be_minted_are_refused(path, key):
    assert _key_of(_append, path, ("org", key, "minted", "")) == "ledger-id"


def test_processes_that_mint_at_once_lose_no_id(path):
    script = (
        "import sys; from pathlib import Path; from kmn_ld import ledger\n"
        "print(*ledger.mint(Path(sys.argv[1]), 'org', 5, date='2026-11-24'))"
    )
    command = [sys.executable, "-c", script, str(path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    printed = [key for process in running for key in process.communicate()[0].split()]
    assert len(printed) == 20
    assert set(printed) == set(ledger.parse(path.read_bytes(), path).states)


def test_a_survivor_may_be_erased_and_a_merger_undone_and_made_anew(path, keys):
    ledger.publish(path, keys, date=DAY)
    first, second, third = keys
    _append(path, ("org", first, "merged", second))
    _append(path, ("org", first, "unmerged", ""))
    _append(path, ("org", first, "merged", third))
    _append(path, ("org", second, "erased", ""))
    states = ledger.parse(path.read_bytes(), path).states
    assert states == {first: "merged", second: "erased", third: "active"}


def test_an_id_keeps_its_type(path, keys):
    assert _key_of(_append, path, ("service", keys[0], "published", "")) == "ledger-type"


@pytest.mark.parametrize("day", ["gestern", "1999-01-01"])
def test_dates_are_dates_and_never_go_back(path, keys, day):
    entry = ("org", keys[0], "published", day, "", "", "editor")
    assert _key_of(ledger.append, path, [entry]) == "ledger-date"


def test_a_merger_points_at_one_existing_id(path, keys):
    ledger.publish(path, keys, date=DAY)
    _append(path, ("org", keys[0], "merged", keys[1]))
    assert ledger.parse(path.read_bytes(), path).states[keys[0]] == "merged"
    assert _key_of(_append, path, ("org", keys[2], "merged", keys[0])) == "ledger-target"
    assert _key_of(_append, path, ("org", keys[2], "merged", "")) == "ledger-target"


def test_chains_of_mergers_are_followed_to_their_end(path, keys):
    ledger.publish(path, keys, date=DAY)
    first, second, third = keys
    _append(path, ("org", first, "merged", second), ("org", second, "merged", third))
    assert ledger.parse(path.read_bytes(), path).survivors == {first: third, second: third}
    _append(path, ("org", second, "unmerged", ""))
    assert ledger.parse(path.read_bytes(), path).survivors == {first: second}


def test_mergers_make_no_cycle(path, keys):
    ledger.publish(path, keys, date=DAY)
    _append(path, ("org", keys[0], "merged", keys[1]))
    assert _key_of(_append, path, ("org", keys[1], "merged", keys[0])) == "ledger-target"


def test_what_ended_may_name_living_successors_of_its_type_alone(path, keys):
    ledger.publish(path, keys[:2], date=DAY)
    assert _key_of(_append, path, ("org", keys[0], "deactivated", keys[2])) == "ledger-target"
    assert _append(path, ("org", keys[0], "deactivated", keys[1]))[0].targets == (keys[1],)


@pytest.mark.parametrize("event", ["withdrawn", "erased"])
def test_only_mergers_and_ends_have_targets(path, keys, event):
    ledger.publish(path, keys, date=DAY)
    assert _key_of(_append, path, ("org", keys[0], event, keys[1])) == "ledger-target"


def test_what_others_were_merged_into_is_not_withdrawn(path, keys):
    ledger.publish(path, keys, date=DAY)
    _append(path, ("org", keys[0], "merged", keys[1]))
    assert _key_of(_append, path, ("org", keys[1], "withdrawn", "")) == "ledger-survivor"


@pytest.mark.parametrize(
    ("event", "reason", "key"),
    [
        ("withdrawn", "out-of-scope", None),
        ("deactivated", "ceased", None),
        ("withdrawn", "Frau X wollte das", "ledger-reason"),
        ("erased", "error", "ledger-reason"),
    ],
)
def test_a_reason_is_a_code_of_its_event(path, keys, event, reason, key):
    ledger.publish(path, keys, date=DAY)
    entry = [("org", keys[0], event, DAY, "", reason, "editor")]
    if key is None:
        assert ledger.append(path, entry)[0].reason == reason
    else:
        assert _key_of(ledger.append, path, entry) == key
