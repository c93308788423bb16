"""Says of a VoID dataset and a service what both have in common: title, release, licence, draft."""

from collections.abc import Iterator

from kmn_ld import messages
from kmn_ld.catalogue.statistics import Statistics
from kmn_ld.catalogue.writing import Description, expand
from kmn_ld.engine.terms import Literal, Term
from kmn_ld.releases import Release

_OF_THE_WHOLE = ("dcterms:license", "dcterms:creator", "dcterms:publisher")


def say_title(told: Description, subject: str, key: str, *, official: bool) -> None:
    """State the title of `[catalogue.<key>]`; a draft says that it is one (decision D13)."""
    titles = messages.in_all_languages(f"catalogue.{key}.title")
    drafts = messages.in_all_languages("site.draft")
    for language, title in titles.items():
        text = title if official else f"{title} – {drafts[language]}"
        told.add(subject, "dcterms:title", Literal(text, language))


def say_release(told: Description, subject: str, release: Release, statistics: Statistics) -> None:
    """State id and time of the release, and what the data says of licence and makers."""
    told.add(subject, "dcterms:issued", issued(release))
    told.add(subject, "owl:versionInfo", Literal(release.id))
    for name in _OF_THE_WHOLE:
        told.add(subject, name, *dict.fromkeys(_values(statistics, name)))
    changes = _values(statistics, "dcterms:modified")
    told.add(subject, "dcterms:modified", max(changes, key=lambda term: term.value, default=None))


def issued(release: Release) -> Literal:
    """Return when a release was built."""
    return Literal(release.manifest.built, datatype=expand("xsd:dateTime"))


def _values(statistics: Statistics, name: str) -> Iterator[Term]:
    """Yield the values that the named graphs have of a property."""
    for graph in sorted(statistics.facts):
        yield from (fact.term for fact in statistics.facts[graph] if fact.name == expand(name))
