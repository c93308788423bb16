"""The tests of the suites that do not pass, by cause (docs/conformance.md, the same words)."""

_EVALUATION = {
    "numbers, dates and booleans are kept by value": (
        "sparql10/distinct/distinct-1",
        "sparql10/distinct/distinct-9",
        "sparql10/expr-builtin/dawg-str-1",
        "sparql10/expr-builtin/dawg-str-2",
        "sparql10/expr-builtin/sameTerm-eq",
        "sparql10/expr-builtin/sameTerm-not-eq",
        "sparql10/expr-builtin/sameTerm-simple",
        "sparql10/expr-equals/eq-graph-1",
        "sparql10/expr-equals/eq-graph-2",
        "sparql10/open-world/date-2",
        "sparql10/open-world/date-3",
        "sparql10/open-world/open-eq-01",
        "sparql11/cast/cast-bool",
        "sparql11/cast/cast-decimal",
        "sparql11/cast/cast-double",
        "sparql11/cast/cast-float",
        "sparql11/cast/cast-int",
        "sparql11/cast/cast-string",
        "sparql11/csv-tsv-res/csv03",
        "sparql11/csv-tsv-res/tsv03",
        "sparql12/eval-triple-terms/op-2",
        "sparql12/grouping/group01",
    ),
    "the variable of GRAPH is bound before what stands in the group": (
        "sparql10/graph/graph-optional",
        "sparql10/graph/graph-variable-scope",
        "sparql11/aggregates/agg-empty-group-count-graph",
        "sparql11/bindings/graph",
        "sparql11/negation/graph-minus",
    ),
    "a path of length zero finds only terms that are in the graph": (
        "sparql11/property-path/zero_or_more_set_end",
        "sparql11/property-path/zero_or_more_set_start",
        "sparql11/property-path/zero_or_one_set_end",
        "sparql11/property-path/zero_or_one_set_start",
    ),
    "GROUP_CONCAT keeps the language that all values share": (
        "sparql11/aggregates/agg-groupconcat-04",
        "sparql11/aggregates/agg-groupconcat-06",
    ),
    "BNODE with an argument gives the same node in all solutions": ("sparql11/functions/bnode01",),
    "TRUE and FALSE are read in small letters only": (
        "sparql10/expr-builtin/case-insensitive-booleans",
    ),
    "an expression in SELECT cannot use an aggregate before it": (
        "sparql12/grouping/select-variable-reuse",
    ),
}
_SYNTAX = {
    "the longest token does not win": ("sparql10/syntax-sparql3/syn-bad-26",),
    "an aggregate in an aggregate is not refused": ("sparql12/syntax/nested-aggregate-functions",),
    "a triple term of what cannot be one is no value instead of an error": (
        "sparql12/syntax-triple-terms-negative/tripleterm-subject-03",
        "sparql12/syntax-triple-terms-negative/tripleterm-subject-06",
    ),
}
CAUSES = {**_EVALUATION, **_SYNTAX}
EVALUATION = {name for names in _EVALUATION.values() for name in names}
SYNTAX = {name for names in _SYNTAX.values() for name in names}
