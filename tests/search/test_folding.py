import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmn_ld.search.folding import STOP_WORDS, fold, joined, spelled, stem, stems, words


@pytest.mark.parametrize(
    "spellings",
    [
        ("Göttingen", "GOETTINGEN", "gottingen", "Go\u0308ttingen"),
        ("Straße", "STRASSE", "strasse"),
        ("Danışma", "DANIŞMA", "danisma", "DANİŞMA"),
        ("Łódź", "lodz"),
        ("Київ", "КИЇВ"),
        ("أولدنبورغ", "اولدنبورغ", "أُولدنبُورغ"),
        ("فارسی", "فارسي"),
        ("مدرسة", "مدرسه", "مـدرسة"),
        ("١٢٣", "123"),
        ("Muster\u00adnetz", "Musternetz"),
    ],
)
def test_spellings_of_a_word_are_one_word(spellings):
    assert len({fold(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    "forms",
    [
        ("Kreuz", "Kreuzes"),
        ("Landkreis", "Landkreises", "Landkreise"),
        ("Beratung", "Beratungen"),
        ("Stelle", "Stellen"),
        ("Dienst", "Dienste", "Dienstes", "Diensten"),
        ("العربية", "عربية"),
    ],
)
def test_endings_do_not_count(forms):
    assert len({stem(words(form)[0]) for form in forms}) == 1


@pytest.mark.parametrize("word", ["haus", "emden", "leer", "jmd", "київ"])
def test_a_short_word_keeps_at_least_four_letters(word):
    assert len(stem(word)) >= min(len(word), 4)


def test_every_sign_but_letters_and_digits_parts_words():
    assert words('AWO-KV "Nienburg" (Weser), 5/SL1_x') == [
        "awo", "kv", "nienburg", "weser", "5", "sl1", "x",
    ]  # fmt: skip


def test_small_words_and_legal_forms_say_nothing():
    assert stems("Haus der Kulturen e. V.") == ["haus", "kultur"]
    assert {word for word in STOP_WORDS if fold(word) != word} == set()


def test_hyphenated_words_can_be_written_as_one():
    assert joined("Zukunfts-Werkstatt, 2007-2008, Haus") == ["zukunftswerkstatt"]


def test_a_folded_word_keeps_how_it_is_written():
    assert spelled("Musters\u00adtadt, Göttern") == [
        ("musterstadt", "Musterstadt"),
        ("gottern", "Göttern"),
    ]


@given(st.text(max_size=60))
def test_words_hold_nothing_that_a_query_language_would_read(text):
    assert [word for word in words(text) if not all(one.isalnum() for one in word)] == []


@given(st.text("abeouäöüßıİçğşéÅ-_ '.,АБйёїعربىیكـ\u00ad\u0301\u200c12٣", max_size=60))
def test_the_words_of_a_text_are_those_that_are_told_with_their_spelling(text):
    assert [word for word, _ in spelled(text)] == words(text)
