import pytest

from kmn_ld.search.distance import mistakes


@pytest.mark.parametrize(
    ("typed", "word", "expected"),
    [
        ("wolfsburg", "wolfsburg", 0),
        ("wolfsbrg", "wolfsburg", 1),
        ("wolfsbuurg", "wolfsburg", 1),
        ("wolfsbarg", "wolfsburg", 1),
        ("wolfsbrug", "wolfsburg", 1),
        ("olfsbrg", "wolfsburg", 2),
        ("abc", "xyz", 3),
        ("", "ab", 2),
    ],
)
def test_mistakes_are_counted(typed, word, expected):
    assert mistakes(typed, word, 5) == expected
    assert mistakes(word, typed, 5) == expected


def test_what_is_too_far_is_one_more_than_the_most():
    assert mistakes("hannover", "osnabruck", 2) == 3
    assert mistakes("a", "abcdefgh", 2) == 3
    assert mistakes("abcd", "bcda", 1) == 2
