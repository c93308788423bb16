"""The page for researchers says what is true: all its code runs, and prints what it shows."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from kmn_ld.build import Silent, build_release
from kmn_ld.config import Settings
from tests import questions
from tests.clients import comunica
from tests.web.served import serving

pytestmark = pytest.mark.xdist_group("clients")

PAGE = questions.REPOSITORY / "docs" / "researchers.md"
GERMAN = PAGE.with_suffix(".de.md")
ADDRESS = "http://127.0.0.1:8000"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROGRAMS = {"sh": ["bash", "-euo", "pipefail"], "python": [sys.executable],
             "r": ["Rscript"], "js": [str(comunica.NODE)]}  # fmt: skip
_ENDINGS = {"sh": "sh", "python": "py", "r": "R", "js": "mjs"}


@dataclass(frozen=True)
class Block:
    """A block of code and what the page shows below it, empty where it shows nothing."""

    line: int
    language: str
    code: str
    shown: str

    @property
    def file_name(self) -> str:
        """The name that a query gives itself in its first line."""
        return self.code.partition("\n")[0].removeprefix("# ")

    @property
    def needs_comunica(self) -> bool:
        return "comunica" in self.code


def _blocks():
    text = PAGE.read_text(encoding="utf-8")
    found = list(_BLOCK.finditer(text))
    for place, block in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else None
        shown = following[2] if following and following[1] == "text" else ""
        if block[1] != "text":
            line = text.count("\n", 0, block.start()) + 1
            yield Block(line, block[1], block[2], shown)


BLOCKS = tuple(_blocks())
QUERIES = tuple(block for block in BLOCKS if block.language == "sparql")
PROGRAMS = tuple(block for block in BLOCKS if block.language != "sparql")


def _ids(blocks):
    return [f"line {block.line}: {block.language}" for block in blocks]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("researchers")
    (folder / "releases").mkdir()
    settings = Settings(sources=questions.REPOSITORY, releases=folder / "releases")
    build_release(settings, Silent())
    with serving(settings.releases, folder / "temporary") as served:
        yield f"http://127.0.0.1:{served.port}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where readers work: the queries that the page has them save are there, and a Node.js."""
    folder = tmp_path_factory.mktemp("reader")
    comunica.link_programs(folder / "bin")
    for query in QUERIES:
        (folder / query.file_name).write_text(query.code, encoding="utf-8")
    return folder


@pytest.mark.parametrize("block", PROGRAMS, ids=_ids(PROGRAMS))
def test_a_program_of_the_page_prints_what_it_shows(server, folder, block):
    if shutil.which(_PROGRAMS[block.language][0]) is None:
        pytest.skip(f"{_PROGRAMS[block.language][0]} is not installed")
    modules = folder / "node_modules"
    if block.needs_comunica and not modules.exists():
        modules.symlink_to(comunica.installed() / "node_modules")
    printed = _run(folder, block, server)
    assert _is_shown(printed, block.shown), printed


@pytest.mark.parametrize("block", QUERIES, ids=_ids(QUERIES))
def test_a_query_of_the_page_answers_what_it_shows(server, folder, block):
    words = ["-sS", "--fail", "-H", "Accept: text/csv", "--data-urlencode"]
    command = ["curl", *words, f"query@{block.file_name}", f"{server}/sparql"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") > 1
    assert not block.shown or _is_shown(done.stdout, block.shown), done.stdout


def test_every_client_of_the_page_is_run():
    assert {block.language for block in BLOCKS} == {"sparql", *_PROGRAMS}
    assert [block for block in PROGRAMS if not block.shown] == []
    assert len([block for block in QUERIES if block.shown]) > 2
    text = "".join(block.code for block in PROGRAMS)
    clients = ["curl", "SPARQLWrapper", "SPARQLStore", "pandas", "read.csv", "comunica", "fetch("]
    assert [client for client in clients if client not in text] == []


def test_what_the_page_names_of_the_library_is_there():
    named = re.findall(r"/queries/([a-z-]+)\.", PAGE.read_text(encoding="utf-8"))
    assert set(named) <= set(questions.library())


def test_the_limits_that_the_page_names_are_the_defaults():
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    settings = Settings()
    memory, size = settings.query_memory_mb // 1024, settings.query_max_bytes // 1024
    assert f"{settings.query_seconds} seconds and {memory} GiB of memory for a query (503)" in text
    assert f"{size} KiB of text (413), {settings.result_max_bytes // 1024**2} MiB of result" in text
    assert settings.queries_per_client == 2
    assert (
        "two queries of one client at the same time (further ones wait a second, then 429)" in text
    )


def test_the_german_page_has_the_same_code_in_the_same_order():
    english, german = (_BLOCK.findall(page.read_text(encoding="utf-8")) for page in (PAGE, GERMAN))
    assert german == english


def test_the_german_page_has_the_same_parts_and_names_the_same_things():
    english, german = (page.read_text(encoding="utf-8") for page in (PAGE, GERMAN))
    parts = [re.findall(r"^#+ |^\*\*|^\|", text, re.MULTILINE) for text in (english, german)]
    assert parts[0] == parts[1]
    named = [set(re.findall(r"`[^`\n]+`", _BLOCK.sub("", text))) for text in (english, german)]
    assert named[0] - named[1] <= {"`/queries/….csv?name=value`"}


@pytest.mark.parametrize("page", [PAGE, GERMAN], ids=["English", "German"])
def test_its_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (PAGE.parent / link).exists()] == []


def _run(folder: Path, block: Block, server: str) -> str:
    script = folder / f"line-{block.line}.{_ENDINGS[block.language]}"
    script.write_text(block.code.replace(ADDRESS, server), encoding="utf-8")
    done = subprocess.run(
        [*_PROGRAMS[block.language], script],
        cwd=folder,
        env={**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _is_shown(printed: str, shown: str) -> bool:
    """Whether a text is what the page shows, where `…` stands for anything."""
    pattern = ".*".join(map(re.escape, shown.strip().split("…")))
    return re.fullmatch(pattern, printed.replace("\r\n", "\n").strip(), re.DOTALL) is not None
