"""Knows which file belongs to which named graph, and which thing a file is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kmn_ld.errors import SourceError
from kmn_ld.vocab import BASE, GRAPH, ONTOLOGY, SHAPES

LEDGER = Path("data/ledger.csv")
QUERIES = Path("queries")
CHECKS = QUERIES / "checks"
EXAMPLES = QUERIES / "examples"
RULES = QUERIES / "derive"

_LIKE_RDF = (".ttl", ".ttl.txt", ".turtle", ".nt", ".nq", ".n3", ".trig", ".rdf", ".owl", ".jsonld")
_WORKED_EXAMPLES = "ontology/examples/"


@dataclass(frozen=True)
class _Rule:
    """Files at or below `path` go to the named graph; `about` is the IRI of what they describe.

    `{stem}` stands for the file name without its ending; what a file says is about that IRI, its
    `#parts`, and below a scheme its concepts. An empty `about` leaves the subjects free.
    """

    path: str
    graph: str
    about: str = ""


_RULES = (
    _Rule("ontology/", "ontology", ONTOLOGY),
    _Rule("shapes/", "shapes", SHAPES),
    _Rule("data/concepts/", "concepts", BASE + "id/concept/{stem}"),
    _Rule("data/network.ttl", "network", BASE + "id/network"),
    _Rule("data/regions/", "network", BASE + "id/region/{stem}"),
    _Rule("data/programmes/", "network", BASE + "id/programme/{stem}"),
    _Rule("data/organisations/", "organisations", BASE + "id/org/{stem}"),
    _Rule("data/services/", "organisations", BASE + "id/service/{stem}"),
    _Rule("data/districts/", "districts", BASE + "id/district/{stem}"),
    _Rule("data/history/", "history"),
    _Rule("data/sources/", "sources", BASE + "id/source/{stem}"),
    _Rule("data/agents/", "sources", BASE + "id/agent/{stem}"),
    _Rule("data/claims.ttl", "sources"),
    _Rule("data/graphs.ttl", "sources"),
)

DERIVED = "derived"
"""Name of the graph of what the rules conclude from all the others."""

HISTORY = "history"
"""Name of the graph of what was: also of what remains of ids that have ended."""

LIBRARY = "queries"
"""Name of the graph that describes the query library."""

GRAPHS = (*dict.fromkeys(rule.graph for rule in _RULES), DERIVED, LIBRARY)
"""Names of our named graphs; all but the last two hold what stands in Turtle files."""

OUTSIDE_DEFAULT_GRAPH = ("shapes",)
"""Named graphs that are not repeated in the default graph (decision D5)."""

DUMPED = {
    "network": (
        "network",
        "organisations",
        "districts",
        "history",
        "sources",
        "concepts",
        DERIVED,
    ),
    "vocabulary": ("ontology", "concepts", "shapes"),
}
"""Dump name → names of the graphs it holds (domain model, section 4)."""


@dataclass(frozen=True)
class SourceFile:
    """A Turtle file of the sources.

    `name` is its path below the sources with `/`; `graph` the IRI of its named graph, empty for a
    worked example; `about` the IRI that it describes, empty where the rule leaves that free.
    """

    path: Path
    name: str
    graph: str
    about: str

    def may_describe(self, subject: str) -> bool:
        """Return whether a statement about this subject belongs into this file."""
        if not self.about:
            return True
        rest = subject.removeprefix(self.about)
        return rest != subject and (rest == "" or rest[0] in "#/")


def find(sources: Path) -> Iterator[SourceFile]:
    """Yield the Turtle files that make up a release, in a stable order.

    Raises SourceError where a folder is missing or a file belongs to no graph.
    """
    if not (sources / "data").is_dir():
        raise SourceError("sources-missing", path=sources.resolve())
    for path in turtle_files(sources):
        name = path.relative_to(sources).as_posix()
        if not name.startswith(_WORKED_EXAMPLES):
            yield place(path, name)


def find_examples(sources: Path) -> Iterator[SourceFile]:
    """Yield the worked examples of the ontology, which are checked but never released."""
    for path in sorted((sources / _WORKED_EXAMPLES).glob("*.ttl")):
        name = path.relative_to(sources).as_posix()
        yield SourceFile(path, name, "", "")


def file_of(iri: str) -> str | None:
    """Return the name of the file that describes a thing or a part, or None where that is free."""
    for rule in _RULES:
        start, is_folder, _ = rule.about.partition("{stem}")
        if is_folder and iri.startswith(start):
            stem = iri.removeprefix(start).partition("#")[0].partition("/")[0]
            return f"{rule.path}{stem}.ttl"
        if start.startswith(f"{BASE}id/") and iri.partition("#")[0] == start:
            return rule.path
    return None


def demand_files(sources: Path, ids: Iterable[str]) -> None:
    """Raise SourceError unless each id of an organisation or service has its file."""
    for key in ids:
        names = [
            sources / "data" / folder / f"{key}.ttl" for folder in ("organisations", "services")
        ]
        if not any(path.is_file() for path in names):
            raise SourceError("publish-without-file", path=names[0], id=key)


def turtle_files(sources: Path) -> Iterator[Path]:
    """Yield every Turtle file of the sources, worked examples included, sorted."""
    for folder in ("ontology", "shapes", "data"):
        yield from sorted((sources / folder).rglob("*.ttl"))


def misnamed_files(sources: Path) -> Iterator[Path]:
    """Yield files that look like RDF but do not end in `.ttl`: nobody would read them."""
    for folder in ("ontology", "shapes", "data"):
        for path in sorted((sources / folder).rglob("*")):
            is_rdf = path.name.lower().endswith(_LIKE_RDF) and path.suffix != ".ttl"
            if is_rdf and not path.name.startswith(".") and path.is_file():
                yield path


def place(path: Path, name: str) -> SourceFile:
    """Return a file with its graph and what it is about; raises SourceError where it has none."""
    for rule in _RULES:
        if name == rule.path or (rule.path.endswith("/") and name.startswith(rule.path)):
            return SourceFile(path, name, GRAPH + rule.graph, rule.about.format(stem=path.stem))
    raise SourceError("file-misplaced", path=path)
