import pytest

from kmn_ld.engine.tokens import place, position, tokens, unended


def test_each_kind_of_token_is_told_apart():
    text = 'PREFIX e: <urn:#> # no\n?v $w 1.5e3 \'it\\\'s\'@de-AT e:a.b. _:x é a-b ("""""")'
    assert [(kind, token) for kind, token, _ in tokens(text)] == [
        ("word", "PREFIX"),
        ("name", "e:"),
        ("iri", "<urn:#>"),
        ("variable", "?v"),
        ("variable", "$w"),
        ("number", "1.5e3"),
        ("string", "'it\\'s'"),
        ("language", "@de-AT"),
        ("name", "e:a.b."),
        ("name", "_:x"),
        ("word", "é"),
        ("word", "a-b"),
        ("other", "("),
        ("string", '""""""'),
        ("other", ")"),
    ]


@pytest.mark.parametrize("text", ["?a 'x", "?a '''x' ''", '?a "x\n"', '?a """x""'])
def test_a_string_without_end_is_the_end(text: str):
    assert [token for _, token, _ in tokens(text)] == ["?a"]


@pytest.mark.parametrize(
    ("offset", "place"), [(0, (1, 1)), (2, (1, 3)), (3, (2, 1)), (5, (2, 3)), (6, (3, 1))]
)
def test_a_place_counts_from_one(offset: int, place: tuple[int, int]):
    assert position("ab\ncd\ne", offset) == place


@pytest.mark.parametrize(("text", "offset"), [("?a 'x", 3), ('\'a\' """b', 4), ("'a' # '", None)])
def test_the_opening_of_a_string_without_end_is_found(text: str, offset):
    assert unended(text) == offset


def test_a_place_is_shown_with_its_line_and_a_caret():
    assert place("ASK {\n\t?a ?b\n}", 10, "?b") == {
        "line": 2, "column": 5, "token": "?b", "excerpt": " ?a ?b\n    ^",
    }  # fmt: skip


@pytest.mark.parametrize("offset", [0, 40, 150, 260, 299])
def test_a_long_line_is_cut_around_the_place(offset: int):
    text = "".join(chr(0x4E00 + number) for number in range(300))
    line, caret = str(place(text, offset)["excerpt"]).split("\n")
    assert len(line) <= 74
    assert line[len(caret) - 1] == text[offset]
