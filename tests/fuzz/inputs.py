"""What is sent: queries made by grammar, real queries spoilt, bytes, headers, parameters."""

from pathlib import Path
from urllib.parse import quote

from hypothesis import strategies as st

EX = "https://example.org/"
_QUERIES = Path(__file__).parents[2] / "queries"
REAL = sorted(path.read_text(encoding="utf-8") for path in _QUERIES.rglob("*.rq"))

_NASTY = [
    *"\0\x01\\\"'﷽\u202e￾𐀀é%<>{}#\r\n\t$?@",
    "\\u0000",
    "\\uD800",
    '"""',
    "%FF",
    "^^",
    "<<",
    "{|",
]
_text = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\"'\\\n\r\t<>{}&"), max_size=12
)
_quoted = _text.map(
    lambda t: '"' + t.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    .replace("\r", "\\r") + '"'
)  # fmt: skip
_variable = st.sampled_from(["?a", "?b", "?c", "$d"])
_iri = st.one_of(
    st.sampled_from([f"<{EX}{name}>" for name in ("a", "b", "p", "q", "g1", "g2")]),
    st.sampled_from(["ex:a", "ex:p", "a:b", "<>", "<#x>", "<relative>", "rdf:type"]),
    _text.map(lambda text: f"<{EX}{quote(text, safe='')}>"),
)
_number = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: f"{number:e}"),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda d: f"{d:f}"),
)
_literal = st.one_of(
    _quoted,
    _number,
    st.sampled_from(["true", "false", "'x'@de", "'x'@en-GB", "'''a'b'''"]),
    st.tuples(_quoted, _iri).map("^^".join),
)
_term = st.one_of(_variable, _iri, _literal)
_FUNCTIONS = [
    "STR", "LANG", "DATATYPE", "BOUND", "IRI", "ABS", "CEIL", "STRLEN", "UCASE", "LCASE",
    "CONTAINS", "ENCODE_FOR_URI", "STRSTARTS", "STRBEFORE", "YEAR", "TZ", "MD5", "SHA256", "IF",
    "COALESCE", "STRLANG", "STRDT", "isIRI", "isBLANK", "REGEX", "SUBSTR", "REPLACE", "CONCAT",
    "BNODE", "RAND", "NOW", "UUID", "STRUUID", "TRIPLE", "SUBJECT", "isTRIPLE", "LANGMATCHES",
    "sameTerm",
]  # fmt: skip
_expression = st.recursive(
    _term,
    lambda inner: st.one_of(
        st.tuples(
            inner,
            st.sampled_from(["=", "!=", "<", ">=", "+", "-", "*", "/", "&&", "||"]),
            inner,
        ).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(st.sampled_from(_FUNCTIONS), st.lists(inner, max_size=3)).map(
            lambda call: f"{call[0]}({', '.join(call[1])})"
        ),
        inner.map(lambda e: f"!({e})"),
        st.tuples(inner, st.lists(inner, max_size=3)).map(
            lambda pair: f"({pair[0]} IN ({', '.join(pair[1])}))"
        ),
        st.tuples(_iri, st.lists(inner, max_size=2)).map(
            lambda call: f"{call[0]}({', '.join(call[1])})"
        ),
    ),
    max_leaves=5,
)
_path = st.recursive(
    _iri,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("*+?")).map("".join),
        st.tuples(inner, st.sampled_from("/|"), inner).map(lambda p: f"({''.join(p)})"),
        inner.map(lambda p: f"^({p})"),
        _iri.map(lambda iri: f"!({iri})"),
    ),
    max_leaves=4,
)
_triple = st.tuples(_variable | _iri | st.just("[]"), _variable | _path, _term).map(" ".join)
_group = st.recursive(
    st.lists(_triple, min_size=1, max_size=3).map(" . ".join),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: f"{p[0]} OPTIONAL {{ {p[1]} }}"),
        st.tuples(inner, inner).map(lambda p: f"{{ {p[0]} }} UNION {{ {p[1]} }}"),
        st.tuples(inner, inner).map(lambda p: f"{p[0]} MINUS {{ {p[1]} }}"),
        st.tuples(inner, _expression).map(lambda p: f"{p[0]} FILTER ({p[1]})"),
        st.tuples(inner, _expression, _variable).map(lambda p: f"{p[0]} BIND({p[1]} AS {p[2]})"),
        st.tuples(_variable | _iri, inner).map(lambda p: f"GRAPH {p[0]} {{ {p[1]} }}"),
        st.tuples(inner, inner).map(lambda p: f"{p[0]} FILTER NOT EXISTS {{ {p[1]} }}"),
        inner.map(lambda g: f"{{ SELECT * {{ {g} }} LIMIT 3 }}"),
        st.tuples(_variable, st.lists(_iri | _literal | st.just("UNDEF"), max_size=4)).map(
            lambda p: f"VALUES {p[0]} {{ {' '.join(p[1])} }}"
        ),
        st.tuples(_iri, inner).map(lambda p: f"SERVICE SILENT {p[0]} {{ {p[1]} }}"),
    ),
    max_leaves=4,
)
_aggregate = st.tuples(
    st.sampled_from(["COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT"]), _expression
).map(lambda p: f"({p[0]}(DISTINCT {p[1]}) AS ?n)")
_head = st.one_of(
    st.sampled_from(["ASK", "SELECT *", "SELECT DISTINCT *", "SELECT ?a ?b", "DESCRIBE ?a"]),
    _triple.map(lambda triple: f"CONSTRUCT {{ {triple} }} WHERE"),
    st.tuples(_expression).map(lambda p: f"SELECT ({p[0]} AS ?x)"),
    _aggregate.map("SELECT {}".format),
)
_tail = st.one_of(
    st.just(""),
    st.sampled_from(["LIMIT 5", "LIMIT 0 OFFSET 2", "GROUP BY ?a", "ORDER BY DESC(?a) LIMIT 3"]),
    _expression.map(lambda e: f"ORDER BY ({e})"),
    _expression.map(lambda e: f"HAVING ({e})"),
)
_PROLOGUE = f"PREFIX ex: <{EX}> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
_made = st.tuples(st.sampled_from(["", _PROLOGUE]), _head, _group, _tail).map(
    lambda parts: f"{parts[0]}{parts[1]} {{ {parts[2]} }} {parts[3]}"
)
_piece = st.one_of(
    st.sampled_from([*_NASTY, "SELECT ", "UNION ", "OPTIONAL {", "SERVICE ", "FROM ", "VALUES "]),
    st.text(max_size=4),
    _term,
)


@st.composite
def _spoilt(draw: st.DrawFn) -> str:
    """Take a real query, and cut, double, move and insert pieces."""
    text = draw(st.sampled_from(REAL))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(start + draw(st.sampled_from([0, 1, 2, 5, 20, 200])), len(text))
        put = draw(_piece)
        change = draw(st.sampled_from(["insert", "replace", "double", "cut off"]))
        if change == "double":
            put = text[start:end] * 2
        text = text[:start] + put + ("" if change == "cut off" else text[end:])
        if change == "insert":
            text = text[:start] + put + text[start:]
    return text


queries = st.one_of(_made, _made, _spoilt())
"""Texts that are queries, or nearly."""

media_type = st.one_of(
    st.sampled_from(
        ["*/*", "text/html", "text/*", "text/turtle", "text/csv", "application/json",
         "application/sparql-results+xml", "application/sparql-results+json", "application/*",
         "application/ld+json", "application/rdf+xml", "text/tab-separated-values", "*", "a/b",
         "application/n-triples", "application/n-quads", "application/trig", "image/png"]
    ),
    st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=10),
)  # fmt: skip
_quality = st.sampled_from(["", ";q=0", ";q=1", ";q=0.5", "; q=0.001", ";q=2", ";q=x", ';a="b,c"'])
accept = st.lists(st.tuples(media_type, _quality).map("".join), max_size=5).map(", ".join)
_value = st.text(
    st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30
)
_any_header = st.one_of(
    st.tuples(st.just("Accept"), accept),
    st.tuples(st.just("Accept-Language"), st.sampled_from(["de", "en;q=0.5", "*", "x-y", ""])),
    st.tuples(st.just("If-None-Match"), st.sampled_from(["*", '"a"', 'W/"a", "b"', '"', "", ","])),
    st.tuples(
        st.sampled_from(
            ["Accept", "Accept-Language", "Accept-Charset", "Accept-Encoding", "If-None-Match",
             "If-Modified-Since", "Range", "Origin", "Cookie", "Authorization", "Referer",
             "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "User-Agent",
             "Access-Control-Request-Method", "Content-Language", "X-Sendfile", "Forwarded"]
        ),
        _value,
    ),
)  # fmt: skip
headers = st.lists(_any_header, max_size=5)
hosts = st.one_of(
    st.just("example.org"),
    st.sampled_from(["localhost:1", "[::1]", "EXAMPLE.org:80", "a..b", "a b", "ä", "x" * 300, ""]),
    _value,
)
content_types = st.one_of(
    st.sampled_from(
        ["application/x-www-form-urlencoded", "application/sparql-query",
         "application/sparql-query;charset=UTF-8", "application/sparql-query; charset=latin-1",
         "application/sparql-update", "multipart/form-data; boundary=x", "text/plain", ""]
    ),
    _value,
)  # fmt: skip
_encoded = st.one_of(
    _text.map(lambda text: quote(text, safe="")),
    st.text(st.sampled_from("abc%+&=;?/0123456789ABCDEFxyz{}<>\"'"), max_size=20),
    st.binary(max_size=8).map(lambda data: quote(data, safe="")),
)
_names = st.sampled_from(
    ["query", "query", "default-graph-uri", "named-graph-uri", "format", "update", "lang",
     "example", "timeout", "at", "q", "$a"]
)  # fmt: skip
_values = st.one_of(
    _encoded,
    queries.map(lambda text: quote(text, safe="")),
    st.sampled_from(
        ["json", "xml", "csv", "tsv", "ttl", "html", "rdf", "jsonld", "nt", "de", "en"]
    ),
    st.sampled_from([quote(f"{EX}g1", safe=""), quote(f"{EX}g2", safe=""), "ASK%7B%7D"]),
)
parameters = st.lists(st.tuples(_names | _encoded, _values).map("=".join), max_size=5).map("&".join)
