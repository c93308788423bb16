"""Measures the search among 100,000 made-up organisations, uncached, page included."""

import random
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kmn_ld import releases
from kmn_ld.config import Settings
from kmn_ld.engine.opening import open_store
from kmn_ld.engine.terms import Literal
from kmn_ld.engine.trusted import TrustedStore
from kmn_ld.search import About, Choice, Contents, Document, write_index
from kmn_ld.vocab import BASE
from kmn_ld.web import create_app
from tests.bench.measures import REPOSITORY, Row, kmn, median

ORGANISATIONS = 100_000
_KINDS = ("Jugendmigrationsdienst", "Migrationsberatung", "Beratungsstelle", "Verein", "Haus")
_OTHERS = ("Danışma Merkezi", "مركز المشورة", "Центр консультації")
_SYLLABLES = ("al", "ber", "cor", "dan", "el", "fa", "gri", "hol", "in", "ku", "lo", "mar", "no")
_DISTRICTS, _TOWNS, _CARRIERS = 45, 1_000, 4_000
_QUESTIONS = (
    "{kind} {town}", "{town}", "{kind}", "{carrier} {town}", "jmd {town}", "{mistyped} {town}",
    "{carrier}", "danışma {town}", "مركز {town}", "{code}", "{kind} {kind} {town}", "центр",
)  # fmt: skip


def search(folder: Path) -> list[Row]:
    """Ask twelve kinds of questions, and what is typed on the way to them."""
    target = folder / "search-releases"
    subprocess.run(
        kmn("build", "--sources", REPOSITORY, "--releases", target), check=True, capture_output=True
    )
    release = releases.current(target)
    index = release.path(releases.SEARCH)
    index.unlink()
    begin = time.perf_counter()
    write_index(index, _contents())
    built = time.perf_counter() - begin
    engine = TrustedStore(open_store(release, Settings().memory_triples))
    client = create_app(Settings(releases=target), engine=engine).test_client()
    html = {"Accept": "text/html"}
    pages = _times(lambda text: client.get("/search", query_string={"q": text}, headers=html))
    typed = _times(lambda text: client.get("/search/suggest", query_string={"q": text}), cut=True)
    return [
        Row(f"index of {ORGANISATIONS:,} made-up organisations", f"{built:.0f} s, {_size(index)}"),
        Row("… first page of ranked results, median", _told(pages), "< 50 ms"),
        Row("… suggestions, median", _told(typed), "< 20 ms"),
    ]


def _times(ask: Callable[[str], object], *, cut: bool = False) -> list[float]:
    """Return the seconds of each question, asked once; `cut` leaves a word unfinished."""
    found = []
    for text in _questions():
        shown = text[: max(3, len(text) - 3)] if cut else text
        begin = time.perf_counter()
        ask(shown)
        found.append(time.perf_counter() - begin)
    return found[len(_QUESTIONS) :]  # the first round warms up


def _questions() -> Iterator[str]:
    rng = random.Random(1)
    for _ in range(21):
        for question in _QUESTIONS:
            number = rng.randrange(ORGANISATIONS)
            kind = rng.choice(_KINDS)
            yield question.format(
                kind=kind, town=_town(number), carrier=_carrier(number), code=_code(number),
                mistyped=kind[:4] + kind[5:],
            )  # fmt: skip


def _contents() -> Contents:
    documents = tuple(_organisation(number) for number in range(ORGANISATIONS))
    choices = {"district": tuple(Choice(f"d{one}") for one in range(_DISTRICTS))}
    return Contents(documents, choices)


def _organisation(number: int) -> Document:
    rng = random.Random(number)
    kind, town = rng.choice(_KINDS), _town(number)
    language = f"l{rng.randrange(30)}"
    return Document(
        f"{BASE}id/org/{number}",
        "organisation",
        (Literal(f"{kind} {_carrier(number)} {town} e. V.", "de"),),
        others=tuple(Literal(f"{name} {number}", "tr") for name in _OTHERS),
        places=(f"{_code(number)} {town}", f"Kreis {_word(number % _DISTRICTS, 3)}"),
        about=(About("kind", kind, "de"), About("pillar", f"Säule {number % 13}", "de")),
        codes=(f"o-{number}",),
        facets={
            "type": ("organisation",),
            "kind": (kind.lower(),),
            "pillar": (f"p{number % 13}",),
            "district": (f"d{number % _DISTRICTS}",),
            "language": (language,),
        },
    )


def _word(seed: int, syllables: int) -> str:
    rng = random.Random(seed * 7 + syllables)
    return "".join(rng.choice(_SYLLABLES) for _ in range(syllables)).capitalize()


def _town(number: int) -> str:
    return f"{_word(number % _TOWNS, 4)}stedt"


def _carrier(number: int) -> str:
    return f"{_word(number % _CARRIERS, 5)}werk"


def _code(number: int) -> str:
    return f"{10_000 + number % _TOWNS * 7}"


def _told(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    late = ordered[int(len(ordered) * 0.95)]
    return f"{median(seconds) * 1000:.1f} ms (95 % within {late * 1000:.0f} ms)"


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 2**20:.0f} MiB"
