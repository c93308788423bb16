from dataclasses import replace
from pathlib import Path

import pytest

from kmn_ld import queries
from kmn_ld.errors import ResourceNotFound
from kmn_ld.messages import LANGUAGES, catalogue
from kmn_ld.web import examples
from kmn_ld.web.archive import MOST_OPEN


def test_examples_are_grouped_by_their_first_tag_and_sorted_by_title(release):
    groups = examples.groups(release, "de")
    found = [(group.title, [one.title for one in group.examples]) for group in groups]
    assert found == [
        ("made-up", ["Beispiel odd"]),
        ("Netzwerk", ["Beispiel age", "Beispiel zoo"]),
    ]


def test_queries_of_all_releases_that_may_be_open_are_read_once(release, monkeypatch, tmp_path):
    read = []
    monkeypatch.setattr(queries, "find", lambda folder: read.append(folder) or ())
    opened = [replace(release, folder=tmp_path / str(number)) for number in range(MOST_OPEN + 2)]
    for one in (*opened, *opened):
        examples.library(one)
    assert len(read) == len(opened)


def test_without_a_release_there_are_no_examples():
    assert examples.groups(None, "de") == ()


def test_an_example_is_told_in_the_language_of_the_reader_without_its_header(release):
    example, text = examples.find(release, "age", "en")
    assert (example.title, example.summary) == ("Example age", "About <age>.")
    assert example.parameters == ("day",)
    assert text == "SELECT ?day { OPTIONAL { VALUES ?day { 'age' } } }\n"


@pytest.mark.parametrize("name", ["no", "../queries/age", "age.rq"])
def test_a_name_that_no_example_has_is_not_found(release, name):
    with pytest.raises(ResourceNotFound):
        examples.find(release, name, "de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_subject_of_every_shipped_example_has_its_words(language):
    files = [queries.read(path) for path in queries.find(Path("queries/examples"))]
    subjects = {file.listed("tags")[0] for file in files}
    assert len(subjects) > 5
    assert subjects - set(catalogue(language)["example_tags"]) == set()
