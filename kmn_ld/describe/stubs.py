"""What remains of things that were merged, withdrawn or erased, as data.

Identifiers, section 2: a stub says the state and no more than that state allows; none has a name.
"""

from collections.abc import Iterator

from kmn_ld.engine.terms import Iri, Literal, Statement, Term
from kmn_ld.iris import ResourceName
from kmn_ld.ledger import Ledger
from kmn_ld.vocab import BASE, GRAPH, PREFIXES

ENDED = ("merged", "withdrawn", "erased")
"""States whose things have a stub and no record."""

_GRAPH = Iri(f"{GRAPH}history")
_CONCEPTS = f"{BASE}id/concept/"
_DCTERMS = PREFIXES["dcterms"]


def all_stubs(ledger: Ledger) -> Iterator[Statement]:
    """Yield the stubs of all ids whose record is gone."""
    for key in ledger.states:
        yield from stub(key, ledger)


def stub(key: str, ledger: Ledger) -> Iterator[Statement]:
    """Yield what is still said about an id; nothing where it has, or may get, its record.

    Merged: status and, twice, the survivor at the end of the chain. Withdrawn: id, status, date
    and code of the reason. Erased: id, status and date.
    """
    state = ledger.states.get(key, "")
    if state not in ENDED:
        return
    subject = Iri(ResourceName(ledger.types[key], key).iri)
    for predicate, value in _said(key, state, ledger):
        yield Statement(subject, Iri(predicate), value, _GRAPH)


def _said(key: str, state: str, ledger: Ledger) -> Iterator[tuple[str, Term]]:
    yield PREFIXES["kmn"] + "status", Iri(f"{_CONCEPTS}status/{state}")
    if state == "merged":
        survivor = Iri(ResourceName(ledger.types[key], ledger.survivors[key]).iri)
        yield f"{_DCTERMS}isReplacedBy", survivor
        yield PREFIXES["owl"] + "sameAs", survivor
        return
    last = ledger.latest[key]
    yield f"{_DCTERMS}identifier", Literal(key)
    yield f"{_DCTERMS}modified", Literal(last.date, datatype=PREFIXES["xsd"] + "date")
    if state == "withdrawn" and last.reason:  # notes may be resources (SKOS Reference, 7.4)
        yield PREFIXES["skos"] + "changeNote", Iri(f"{_CONCEPTS}status-reason/{last.reason}")
