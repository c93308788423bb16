import pytest

from kmn_ld.validation.prebinding import bind, refused_words

FOCUS = "{F}"


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        ("SELECT $this { ?a ?b ?c }", "SELECT ?this { {F}  ?a ?b ?c }"),
        ("SELECT $this { { $this ?p 1 } UNION { ?a ?p 2 } }",
         "SELECT ?this { {F}  { {F}  ?this ?p 1 } UNION { ?a ?p 2 } }"),
        ("SELECT $this { FILTER NOT EXISTS { { $this ?p 1 } } }",
         "SELECT ?this { {F}  FILTER NOT EXISTS { { ?this ?p 1 } } }"),
        ("SELECT $this { { SELECT $this { $this ?p 1 } } }",
         "SELECT ?this { {F}  { SELECT ?this { {F}  ?this ?p 1 } } }"),
        ("SELECT $this { ?a ?b '{ x }' # { $that\n }",
         "SELECT ?this { {F}  ?a ?b '{ x }' # { $that\n }"),
        ("SELECT $this { $this ?p $thisone }", "SELECT ?this { {F}  ?this ?p $thisone }"),
    ],
)  # fmt: skip
def test_the_focus_nodes_are_joined_into_each_group_that_needs_them(select, expected):
    assert bind(select, FOCUS) == expected


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        ("SELECT $this { $this ?p ?o }", []),
        ("SELECT $this { $this ?p 'MINUS' , ?values }", []),
        ("SELECT $this { $this ?p ?o minus { ?o ?p 1 } }", ["minus"]),
        ("SELECT $this FROM <a:b> { GRAPH $shapesGraph { } }", ["from", "graph", "$shapesgraph"]),
    ],
)
def test_what_cannot_be_evaluated_for_all_focus_nodes_at_once_is_named(select, expected):
    assert sorted(refused_words(select)) == sorted(expected)
