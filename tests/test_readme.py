"""The README says what is true: its query runs, its commands work, its links lead somewhere."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.processes import ours

REPOSITORY = Path(__file__).parents[1]
TEXT = (REPOSITORY / "README.md").read_text("utf-8")
QUERY = re.search(r"```sparql\n(.*?)```", TEXT, re.DOTALL)[1]
CURL = re.findall(r"^curl .*$", TEXT, re.MULTILINE)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    command = [
        sys.executable,
        "-m",
        "kmn_ld",
        "build",
        "--sources",
        REPOSITORY,
        "--releases",
        folder,
    ]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_it_has_at_most_120_lines():
    assert len(TEXT.splitlines()) <= 120


def test_its_first_block_holds_the_two_commands_and_the_makefile_knows_them():
    first = re.search(r"```sh\n(.*?)```", TEXT, re.DOTALL)[1]
    targets = re.findall(r"^make (\w+)", first, re.MULTILINE)
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    assert targets == ["serve", "test"]
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.M)] == []


def test_its_query_answers_with_the_thirteen_pillars_in_order(built):
    command = [sys.executable, "-m", "kmn_ld", "query", "--format", "csv", "--releases", built]
    done = subprocess.run(command, input=QUERY, capture_output=True, text=True, check=True)
    assert [line.split(",")[0] for line in done.stdout.splitlines()[1:]] == [
        str(number) for number in range(1, 14)
    ]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("command", CURL)
def test_its_curl_commands_work(built, tmp_path, command):
    (tmp_path / "pillars.rq").write_text(QUERY, encoding="utf-8")
    with ours(built, workers=1) as (url, _):
        words = shlex.split(command.replace("http://127.0.0.1:8000", url))
        done = subprocess.run(
            [*words, "--fail", "--silent"], cwd=tmp_path, capture_output=True, text=True, check=True
        )
    assert "Regionalverbund Heide" in done.stdout or done.stdout.startswith("position,")


def test_its_links_lead_somewhere():
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert len(links) > 8
    assert [link for link in links if not (REPOSITORY / link).exists()] == []
