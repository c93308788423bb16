"""Collects from the store of a release what can be found."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from kmn_ld.engine import TrustedStore
from kmn_ld.engine.terms import Iri, Literal
from kmn_ld.iris import OPAQUE_TYPES, parse_iri
from kmn_ld.ledger import Ledger
from kmn_ld.queries import load_query
from kmn_ld.search.documents import TYPES, About, Choice, Contents, Document
from kmn_ld.search.thesaurus import language_names
from kmn_ld.vocab import BASE, PREFIXES

_NAMES = ("skos:prefLabel", "dcterms:title", "foaf:name", "schema:name")
"""Properties that name things; the first that does counts."""
_OTHER_NAMES = ("skos:altLabel", "skos:hiddenLabel", "schema:alternateName")
_CODES = ("dcterms:identifier", "skos:notation", "kmn:ags", "kmn:ars", "kmn:nuts")
_NEVER_FOUND = ("withdrawn", "erased", "merged", "reserved")
"""States whose ids the search does not show (design: identifiers, section 2)."""

T = TypeVar("T")

_Many = Mapping[str, tuple[str, ...]]


def collect(store: TrustedStore, ledger: Ledger | None) -> Contents:
    """Return what can be found in a store; the ledger says what must not be."""
    return _Collector(store, ledger or Ledger()).contents()


@dataclass(frozen=True)
class _Collector:
    store: TrustedStore
    ledger: Ledger

    def contents(self) -> Contents:
        documents = tuple(self._document(iri) for iri in self.types)
        found = {name: self._choices(name, documents) for name in ("kind", "pillar", "region")}
        found |= {name: self._choices(name, documents) for name in ("district", "language")}
        return Contents(documents, found, self._moved())

    @cached_property
    def types(self) -> dict[str, str]:
        """IRI → type of everything that can be found."""
        found: dict[str, str] = {}
        for row in self.store.rows(load_query("search/things")):
            iri, kind = row["thing"].value, row["type"].value
            if self._state(iri) not in _NEVER_FOUND:
                earlier = found.get(iri, kind)
                found[iri] = min(earlier, kind, key=TYPES.index)
        return found

    def _state(self, iri: str) -> str:
        """Return the state of an id, of other things what the data says."""
        name = parse_iri(iri)
        if name is not None and name.type in OPAQUE_TYPES and name.key in self.ledger.states:
            return self.ledger.states[name.key]
        return next(map(_last, self.statuses.get(iri, ())), "active")

    @cached_property
    def statuses(self) -> _Many:
        return self._links("kmn:status")

    @cached_property
    def kinds(self) -> _Many:
        return self._links("org:classification")

    @cached_property
    def providers(self) -> _Many:
        return self._links("kmn:providedBy")

    @cached_property
    def services(self) -> _Many:
        """Provider → its services."""
        return _inverted(self.providers)

    @cached_property
    def programmes(self) -> _Many:
        return self._links("kmn:underProgramme")

    @cached_property
    def units(self) -> _Many:
        """Unit → the organisation it belongs to."""
        return self._links("org:unitOf")

    @cached_property
    def schemes(self) -> _Many:
        return self._links("skos:inScheme")

    @cached_property
    def regions(self) -> _Many:
        """Thing → the regional associations in which it is evidenced."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in self.store.rows(load_query("search/regions")):
            found[row["thing"].value].append(row["region"].value)
        itself = {iri: (iri,) for iri, kind in self.types.items() if kind == "region"}
        return {**{iri: tuple(regions) for iri, regions in found.items()}, **itself}

    @cached_property
    def districts(self) -> _Many:
        """Thing → the districts it is in or for; a district is in itself."""
        found = dict(self._links("dcterms:spatial"))
        found |= {iri: (iri,) for iri, kind in self.types.items() if kind == "district"}
        return {
            iri: tuple(one for one in places if self.types.get(one) == "district")
            for iri, places in found.items()
        }

    @cached_property
    def pillars(self) -> _Many:
        """Thing → its pillars; a service has those of its programme, else of its provider."""
        found = {**self._links("kmn:forPillar"), **self._links("kmn:inPillar")}
        found |= {iri: (iri,) for iri, kind in self.types.items() if kind == "pillar"}
        of_services = {
            service: _joined(found, self.programmes.get(service, ()))
            or _joined(found, self.providers.get(service, ()))
            for service, kind in self.types.items()
            if kind == "service"
        }
        return {**of_services, **found}

    @cached_property
    def languages(self) -> _Many:
        """Thing → concepts of the languages offered; an organisation has those of its services."""
        concepts = _inverted(self._links("skos:exactMatch"))
        offered = {
            iri: tuple(
                concept
                for language in languages
                for concept in concepts.get(language, ())
                if concept.startswith(f"{BASE}id/concept/language/")
            )
            for iri, languages in self._links("dcterms:language").items()
        }
        of_providers = {
            iri: _joined(offered, services)
            for iri, services in self.services.items()
            if iri not in offered
        }
        return {**of_providers, **offered}

    @cached_property
    def names(self) -> dict[str, tuple[Literal, ...]]:
        return self._texts(_NAMES, first_only=True)

    @cached_property
    def others(self) -> dict[str, tuple[Literal, ...]]:
        return self._texts(_OTHER_NAMES)

    @cached_property
    def codes(self) -> dict[str, tuple[Literal, ...]]:
        return self._texts(_CODES)

    @cached_property
    def addresses(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Thing → (postal code with town, street) of each of its addresses."""
        found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in self.store.rows(load_query("search/places")):
            parts = [row[name].value for name in ("code", "town") if name in row]
            street = row["street"].value if "street" in row else ""
            found[row["thing"].value].append((" ".join(parts), street))
        return {iri: tuple(entries) for iri, entries in found.items()}

    def _texts(
        self, properties: Sequence[str], *, first_only: bool = False
    ) -> dict[str, tuple[Literal, ...]]:
        found: dict[str, tuple[Literal, ...]] = {}
        for short in properties:
            rows = self.store.rows(load_query("search/values"), {"property": _expand(short)})
            values: defaultdict[str, list[Literal]] = defaultdict(list)
            for row in rows:
                iri, value = row["thing"].value, row["value"]
                if iri in self.types and isinstance(value, Literal):
                    values[iri].append(value)
            for iri, texts in values.items():
                if not (first_only and iri in found):
                    found[iri] = (*found.get(iri, ()), *texts)
        return found

    def _links(self, short: str) -> _Many:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in self.store.rows(load_query("search/links"), {"property": _expand(short)}):
            found[row["thing"].value].append(row["target"].value)
        return {iri: tuple(targets) for iri, targets in found.items()}

    def _document(self, iri: str) -> Document:
        codes = dict.fromkeys(code.value for code in self.codes.get(iri, ()))
        return Document(
            iri=iri,
            type=self.types[iri],
            names=self.names.get(iri, ()),
            others=self.others.get(iri, ()),
            places=self._places(iri),
            about=tuple(self._about(iri)),
            codes=(*codes, _last(iri), iri.removeprefix(f"{BASE}id/")),
            facets=self._facets(iri),
            is_active=self._state(iri) != "inactive",
        )

    def _places(self, iri: str) -> tuple[str, ...]:
        """Return towns and streets, of a service those of its providers, then districts."""
        addresses = self.addresses.get(iri) or _joined(self.addresses, self.providers.get(iri, ()))
        found = [text for place, street in addresses for text in (place, street) if text]
        for district in self.districts.get(iri, ()):
            if district != iri:
                found += [name.value for name in self.names.get(district, ())]
        return tuple(dict.fromkeys(found))

    def _about(self, iri: str) -> Iterable[About]:
        targets = {
            "kind": self.kinds.get(iri, ()),
            "pillar": tuple(one for one in self.pillars.get(iri, ()) if one != iri),
            "region": tuple(one for one in self.regions.get(iri, ()) if one != iri),
            "provider": self.providers.get(iri, ()),
            "programme": self.programmes.get(iri, ()),
            "part_of": self.units.get(iri, ()),
            "scheme": self.schemes.get(iri, ()),
        }
        for field, iris in targets.items():
            for target in iris:
                for name in self.names.get(target, ()):
                    yield About(field, name.value, name.language)
        for concept in self.languages.get(iri, ()):
            for name in self.names.get(concept, ()):
                yield About("language", name.value, name.language)
            yield from self._own_names(concept, _last(concept))
        if iri.startswith(f"{BASE}id/concept/language/"):
            yield from self._own_names(iri, _last(iri))

    def _own_names(self, concept: str, tag: str) -> Iterable[About]:
        """Yield what a language calls itself, where the data does not say so."""
        known = {name.value for name in self.names.get(concept, ())}
        for name in language_names(tag):
            if name not in known:
                yield About("language", name, tag)

    def _facets(self, iri: str) -> dict[str, tuple[str, ...]]:
        found = {
            "type": (self.types[iri],),
            "kind": self.kinds.get(iri, ()),
            "pillar": self.pillars.get(iri, ()),
            "region": self.regions.get(iri, ()),
            "district": self.districts.get(iri, ()),
            "language": self.languages.get(iri, ()),
        }
        return {
            facet: tuple(dict.fromkeys(map(_last, values)))
            for facet, values in found.items()
            if values
        }

    def _choices(self, facet: str, documents: Iterable[Document]) -> tuple[Choice, ...]:
        """Return the values of a facet that occur, sorted by their IRIs."""
        used = {value for entry in documents for value in entry.facets.get(facet, ())}
        known = {
            "kind": self.kinds,
            "pillar": self.pillars,
            "region": self.regions,
            "district": self.districts,
            "language": self.languages,
        }[facet]
        iris = sorted({iri for values in known.values() for iri in values})
        return tuple(
            Choice(_last(iri), iri, self.names.get(iri, ())) for iri in iris if _last(iri) in used
        )

    def _moved(self) -> dict[str, str]:
        """Return merged id → IRI of what stands for it now."""
        types = self.ledger.types
        return {
            key: f"{BASE}id/{types[target]}/{target}"
            for key, target in self.ledger.survivors.items()
        }


def _expand(short: str) -> Iri:
    prefix, _, local = short.partition(":")
    return Iri(PREFIXES[prefix] + local)


def _last(iri: str) -> str:
    return iri.rpartition("/")[2]


def _inverted(links: _Many) -> _Many:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for thing, targets in links.items():
        for target in targets:
            found[target].append(thing)
    return {target: tuple(things) for target, things in found.items()}


def _joined(links: Mapping[str, tuple[T, ...]], iris: Iterable[str]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for iri in iris for value in links.get(iri, ())))
