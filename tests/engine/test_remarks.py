import pytest

from kmn_ld.engine.remarks import _MEANINGS, meaning, readable, sentences, signs
from kmn_ld.messages import LANGUAGES, catalogue


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_known_remark_has_a_message_in_each_language(language):
    assert set(_MEANINGS.values()) <= set(catalogue(language)["errors"])


def test_a_remark_that_nobody_knows_has_no_meaning():
    assert meaning("Reifiers are not allowed on property paths") == ""


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("one of BIND is overriding an existing variable, [_]", "BIND is overriding an existing"),
        ("one of \"a b\", ['0'..='9'], NOT", ""),
        ("expected one of", "expected one of"),
        ("", ""),
    ],
)
def test_only_what_is_said_in_words_is_a_sentence(expected, said):
    assert sentences(expected).startswith(said)
    assert bool(sentences(expected)) == bool(said)


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ('"{"', ["{"]),
        ('one of "$", "?", NOT', ["", "?x"]),
        ('one of "\'", "\'\'\'", "\\"", "\\"\\"\\""', ["", "", '"…"', ""]),
        ('one of ",", "}", "~"', [",", "}", "~"]),
        ("ENCODE_FOR_URI", []),
        ("one of \"(\", ['0'..='9']", []),
        ('one of "a", "b", "c", "d", "e", "f", "g"', []),
        ("", []),
    ],
)
def test_signs_are_told_as_people_write_them_where_all_are_known_and_few(expected, told):
    assert [readable(sign) for sign in signs(expected)] == told
