"""Reads what a remote engine answers, evens out how engines differ, and writes our formats.

Everything that comes in is parsed to its end: what is cut or mixed with an error text is no result.
"""

import re
from collections.abc import Callable, Iterator
from functools import wraps
from typing import IO, ParamSpec, TypeVar, cast

import pyoxigraph as ox

from kmn_ld.engine.conversion import to_term
from kmn_ld.engine.evaluation import Sink, write_graph, write_rows
from kmn_ld.engine.own_thread import in_own_thread
from kmn_ld.engine.remote_endpoint import Answer
from kmn_ld.engine.terms import Row
from kmn_ld.errors import EngineError
from kmn_ld.vocab import PREFIXES

P = ParamSpec("P")
T = TypeVar("T")

_MOST_HELD = 16 * 1024 * 1024
"""Bytes of JSON without a closing bracket, which then hold one value that is too long."""
_XSD_BOOLEAN = (PREFIXES["xsd"] + "boolean").encode()
_GEOMETRY = "http://www.openlinksw.com/schemas/virtrdf#Geometry"
_WKT = ox.NamedNode(PREFIXES["geo"] + "wktLiteral")
_NODE = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')
_TRUTH = re.compile(
    rb'("datatype"\s*:\s*"' + re.escape(_XSD_BOOLEAN) + rb'"\s*,\s*"value"\s*:\s*")([01])"'
)
_WKT_TYPE = re.compile(rb'("datatype"\s*:\s*")' + re.escape(_GEOMETRY.encode()) + rb'"')
_TRUTHS = {b"0": b"false", b"1": b"true"}
_PARSERS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
}


def _whole(read: Callable[P, T]) -> Callable[P, T]:
    """Have a function raise EngineError where a result does not parse."""

    @wraps(read)
    def reading(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return in_own_thread(read)(*arguments, **named)
        except (SyntaxError, MemoryError) as error:
            raise EngineError("remote-cut") from error

    return reading


@_whole
def write_result(answer: Answer, form: str, format_name: str, sink: Sink) -> None:
    """Write a remote answer, of a form, in one of our formats.

    Raises EngineError where the answer is cut or no result, QueryRefused where the format cannot
    express it, and what `answer` and `sink` raise.
    """
    if form == "graph":
        write_graph(read_triples(answer), format_name, sink)
        return
    parsed = _parsed(answer)
    if form == "boolean":
        # built by the engine: pyoxigraph has no other way to make one
        text = "ASK {}" if _truth(parsed) else "ASK { FILTER(false) }"
        parsed = cast(ox.QueryBoolean, ox.Store().query(text))
    elif isinstance(parsed, ox.QueryBoolean):
        raise EngineError("remote-cut")
    write_rows(parsed, format_name, sink)


@_whole
def read_rows(answer: Answer) -> list[Row]:
    """Return the solutions of a remote answer; raises EngineError where it is not whole."""
    parsed = _parsed(answer)
    if isinstance(parsed, ox.QueryBoolean):
        raise EngineError("query-not-select")
    names = [variable.value for variable in parsed.variables]
    return [
        {name: to_term(value) for name in names if (value := solution[name]) is not None}
        for solution in parsed
    ]


@_whole
def read_truth(answer: Answer) -> bool:
    """Return a remote boolean; raises EngineError where the answer is not whole."""
    return _truth(_parsed(answer))


def read_triples(answer: Answer) -> Iterator[ox.Triple]:
    """Yield the triples of a remote answer; raises SyntaxError where it is not whole."""
    source = cast(IO[bytes], answer)
    for quad in ox.parse(source, format=_PARSERS[answer.media_type]):
        value = quad.object
        if isinstance(value, ox.Literal) and value.datatype.value == _GEOMETRY:
            yield ox.Triple(quad.subject, quad.predicate, ox.Literal(value.value, datatype=_WKT))
        else:
            yield quad.triple


def _parsed(answer: Answer) -> ox.QuerySolutions | ox.QueryBoolean:
    evened = cast(IO[bytes], _Evened(answer))
    return ox.parse_query_results(evened, format=ox.QueryResultsFormat.JSON)


def _truth(parsed: ox.QuerySolutions | ox.QueryBoolean) -> bool:
    """Return a boolean; Virtuoso 7.2.5 answers ASK by one row or none."""
    if isinstance(parsed, ox.QueryBoolean):
        return bool(parsed)
    return len(list(parsed)) > 0


class _Evened:
    """A file of JSON results without Virtuoso's ways to write blank nodes, booleans, geometries.

    Pieces end behind a bracket, where none of the patterns does: quotation marks within values
    are escaped, so none of them is found there. (`typed-literal` and `link` Oxigraph's parser
    takes as they are.)
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._held = b""
        self._ready = b""

    def read(self, size: int = -1) -> bytes:
        while not self._ready:
            piece = self._answer.read()
            if not piece:
                self._ready, self._held = self._held, b""
                break
            end = piece.rfind(b"}") + 1
            if end:
                self._ready = _evened(self._held + piece[:end])
                self._held = piece[end:]
            else:
                self._held += piece
                if len(self._held) > _MOST_HELD:
                    raise EngineError("remote-cut")
        taken = self._ready if size < 0 else self._ready[:size]
        self._ready = self._ready[len(taken) :]
        return taken


def _evened(json: bytes) -> bytes:
    json = _NODE.sub(rb"\1", json)
    json = _TRUTH.sub(lambda match: match[1] + _TRUTHS[match[2]] + b'"', json)
    return _WKT_TYPE.sub(lambda match: match[1] + _WKT.value.encode() + b'"', json)
