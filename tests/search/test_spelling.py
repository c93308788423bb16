import pytest

from kmn_ld.search.spelling import meaning_of
from kmn_ld.search.transliterating import in_latin


def test_a_word_that_stands_in_the_index_is_not_corrected(index):
    meaning = meaning_of("waldeck", index)
    assert (meaning.stem, meaning.corrected, meaning.written) == ("waldeck", frozenset(), ())


@pytest.mark.parametrize("typed", ["waldek", "waldekc", "waldesk", "wlldeck", "valdeck"])
def test_one_mistake_in_five_letters_is_corrected(index, typed):
    assert meaning_of(typed, index).written == ("Waldeck",)


@pytest.mark.parametrize("typed", ["jugendmigratonsdienst", "jugentmigrationsdinst"])
def test_two_mistakes_in_a_long_word_are_corrected(index, typed):
    assert meaning_of(typed, index).written == ("Jugendmigrationsdienst",)


def test_a_mistyped_beginning_is_corrected(index):
    assert "Jugendmigrationsdienst" in meaning_of("jugendmigrazion", index).written


@pytest.mark.parametrize("typed", ["hau", "xyzzy", "01235", "wxyzw"])
def test_what_resembles_nothing_means_nothing(index, typed):
    meaning = meaning_of(typed, index)
    assert meaning.written == ()
    assert not meaning.corrected


def test_a_word_is_found_within_longer_ones_too(index):
    assert meaning_of("migrationsdienst", index).parts == {"jugendmigrationsdienst"}


@pytest.mark.parametrize(
    ("typed", "latin"),
    [("вальдек", "waldek"), ("гетингенн", "getingenn"), ("waldeck", ""), ("вal", "")],
)
def test_cyrillic_script_is_read_letter_by_letter(typed, latin):
    assert in_latin(typed) == latin


def test_a_name_in_cyrillic_script_is_found_by_its_letters(index):
    assert meaning_of("валдек", index).written == ("Waldeck",)
    assert meaning_of("валдецк", index).written == ("Waldeck",)
