import pytest

from kmn_ld.build import sorting
from kmn_ld.build.sorting import write_merged, write_sorted

LINES = ["b", "a", "é", "\u2028x", "a\u0085b", "🎉", "\uffff", "b", "", "a"]
SORTED = sorted(set(LINES))


@pytest.mark.parametrize("run", [1, 3, 10**6])
def test_lines_come_in_order_and_once_however_many_fit_into_memory(tmp_path, monkeypatch, run):
    monkeypatch.setattr(sorting, "_RUN", run)
    path = tmp_path / "a"
    write_sorted(LINES, path)
    assert path.read_text("utf-8").split("\n")[:-1] == SORTED
    assert list(tmp_path.iterdir()) == [path]


def test_runs_that_are_sorted_become_one(tmp_path):
    path = tmp_path / "a"
    assert write_merged([["a", "c", "c"], [], iter(["a", "b"])], path) == 3
    assert path.read_text("utf-8") == "a\nb\nc\n"


def test_nothing_gives_nothing(tmp_path):
    path = tmp_path / "a"
    assert write_sorted([], path) == 0
    assert path.read_bytes() == b""


def test_the_file_is_counted_and_ends_with_a_line_feed(tmp_path):
    path = tmp_path / "a"
    assert write_sorted(LINES, path) == len(SORTED)
    assert path.read_bytes() == "".join(f"{line}\n" for line in SORTED).encode()


def test_the_order_is_that_of_the_bytes(tmp_path):
    path = tmp_path / "a"
    write_sorted(LINES, path)
    lines = path.read_bytes().split(b"\n")[:-1]
    assert lines == sorted(lines)
