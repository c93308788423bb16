import sqlite3
from contextlib import closing

import pytest

from kmn_ld.errors import BuildError
from kmn_ld.search import Index
from tests.search import made_up


def test_the_same_contents_give_the_same_bytes_in_any_order(tmp_path):
    made_up.write(tmp_path / "one")
    made_up.write(tmp_path / "other", reversed(made_up.DOCUMENTS))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_an_open_index_cannot_be_changed(tmp_path):
    index = made_up.write(tmp_path / "search.sqlite")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        index._file.execute("DELETE FROM documents")


def test_a_file_that_is_no_index_or_of_another_version_is_refused(tmp_path):
    (tmp_path / "text").write_text("no index", encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "old")) as file:
        file.execute("PRAGMA user_version = 99")
    for name in ("text", "old", "none"):
        with pytest.raises(BuildError):
            Index(tmp_path / name)


def test_a_word_is_kept_as_it_is_mostly_written(tmp_path):
    things = [
        made_up.a_thing(f"region/o{number}", name)
        for number, name in enumerate(("GÖTTERN", "Göttern", "göttern Göttern"))
    ]
    index = made_up.write(tmp_path / "search.sqlite", things)
    assert index.words("word = ?", "gottern")[0][1] == "Göttern"
