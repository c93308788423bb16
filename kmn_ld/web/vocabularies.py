"""Collects the documentation of ontology and shapes in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kmn_ld.describe import (
    CodeList,
    Module,
    Names,
    Part,
    Property,
    ReusedVocabulary,
    TermDescription,
    Value,
    expand,
    sort_key,
)
from kmn_ld.describe.rules import Shape, by_subject
from kmn_ld.describe.terms import CLASS, DATATYPE, Vocabulary, anchor_of
from kmn_ld.vocab import PREFIXES
from kmn_ld.web import languages
from kmn_ld.web.diagrams import Diagram, diagram
from kmn_ld.web.live import Current
from kmn_ld.web.overviews import Overview, overview

MOST_TOLD = 10_000
"""Triples up to which a vocabulary is told on one page."""


@dataclass(frozen=True)
class ModulePage:
    """A module with its picture (None: it has no class to show) and its terms by sort.

    `reused` are the classes of other vocabularies that it rests on.
    """

    module: Module
    diagram: Diagram | None
    classes: tuple[TermDescription, ...]
    reused: tuple[TermDescription, ...]
    properties: tuple[TermDescription, ...]


@dataclass(frozen=True)
class IndexEntry:
    """A term in the table of all terms, with the module that it belongs to."""

    term: TermDescription
    module: Module


@dataclass(frozen=True)
class OntologyPage:
    """What the page of the ontology shows.

    `facts` is short name (`owl:versionInfo`) → values of the header; `index` is sorted by name;
    `classes` and `datatypes` count those in it. `overview` is the picture of the whole (None: not
    all of it is explained here); `prefixes` are those of the Turtle on the page. `anchors` is
    IRI → anchor of what the page tells of terms of others; `entries` are those of them that have
    an entry of their own. `has_modules` says that terms are said to belong to modules,
    `is_counted` that their uses are known.
    """

    about: Part
    facts: Mapping[str, tuple[Value, ...]]
    modules: tuple[ModulePage, ...]
    reused: tuple[ReusedVocabulary, ...]
    lists: tuple[CodeList, ...]
    index: tuple[IndexEntry, ...]
    classes: int
    datatypes: int
    overview: Overview | None
    prefixes: tuple[tuple[str, str], ...]
    anchors: Mapping[str, str]
    entries: frozenset[str]
    has_modules: bool
    is_counted: bool


@dataclass(frozen=True)
class ShapesPage:
    """What the page of the shapes shows: groups of node shapes, by their names for anchors.

    `helpers` are shapes that apply only where others refer to them.
    """

    about: Part
    groups: tuple[tuple[str, list[Shape]], ...]
    helpers: tuple[Shape, ...]
    shapes: int
    rules: int


def ontology(current: Current) -> OntologyPage:
    """Return the documentation of the ontology."""
    told = current.vocabulary
    language = languages.current()
    index = [IndexEntry(term, module) for module in told.modules for term in module.terms]
    entries = frozenset(term.iri for module in told.modules for term in module.reused)
    listed = {entry.term.term.value for vocabulary in told.reused for entry in vocabulary.terms}
    return OntologyPage(
        about=told.about,
        facts=_facts(told.about),
        modules=tuple(_module(module) for module in told.modules),
        reused=told.reused,
        lists=tuple(sorted(told.lists, key=lambda entry: sort_key(entry.scheme.names, language))),
        index=tuple(sorted(index, key=lambda entry: entry.term.local.casefold())),
        classes=sum(entry.term.kind == CLASS for entry in index),
        datatypes=sum(entry.term.kind == DATATYPE for entry in index),
        overview=overview(_names(told)),
        prefixes=tuple(sorted(PREFIXES.items())),
        anchors={iri: anchor_of(iri) for iri in entries | listed},
        entries=entries,
        has_modules=any(module.iri for module in told.modules),
        is_counted=told.is_counted,
    )


def _names(told: Vocabulary) -> Mapping[str, Names]:
    """Return IRI → names of all terms that the page explains or lists."""
    terms = (term for module in told.modules for term in (*module.terms, *module.reused))
    others = (one.term for vocabulary in told.reused for one in vocabulary.terms)
    return {one.term.value: one.names for one in others} | {one.iri: one.names for one in terms}


def shapes(current: Current) -> ShapesPage:
    """Return the documentation of the shapes."""
    told = current.shapes
    groups = by_subject(told.shapes)
    helpers = groups.pop("", [])
    language = languages.current()
    ordered = sorted(groups.items(), key=lambda group: sort_key(group[1][0].rule.names, language))
    return ShapesPage(
        about=told.about,
        groups=tuple(ordered),
        helpers=tuple(helpers),
        shapes=len(told.shapes),
        rules=sum(len(shape.rules) for shape in told.shapes),
    )


PAGES: Mapping[str, Callable[[Current], OntologyPage | ShapesPage]] = {
    "ontology": ontology,
    "shapes": shapes,
}
"""Name of a named graph → what collects its documentation."""


def _module(module: Module) -> ModulePage:
    classes = tuple(term for term in module.terms if term.kind == CLASS)
    others = tuple(term for term in module.terms if term.kind != CLASS)
    return ModulePage(module, diagram(module), classes, module.reused, others)


def _facts(about: Part) -> Mapping[str, tuple[Value, ...]]:
    told: dict[str, Property] = {
        entry.iri: entry for entry in (*about.properties, *about.identifiers, *about.provenance)
    }
    wanted = (
        *("dcterms:description", "dcterms:license", "dcterms:modified", "dcterms:creator"),
        *("dcterms:bibliographicCitation", "owl:versionInfo", "owl:versionIRI", "bibo:status"),
        *("vann:preferredNamespacePrefix", "vann:preferredNamespaceUri"),
    )
    return {short: told[iri].values for short in wanted if (iri := expand(short)) in told}
