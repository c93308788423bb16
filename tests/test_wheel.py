"""The wheel holds everything that the commands need: nothing comes from the repository."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kmn_ld.web import assets

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a folder with the unpacked wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet"]
    subprocess.run([*command, "--wheel-dir", folder, REPOSITORY], check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def _run(installed, *words, **options):
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, *map(str, words)]
    return subprocess.run(
        command,
        env=environment,
        cwd=installed,
        capture_output=True,
        text=True,
        check=True,
        **options,
    )


def _names(folder):
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_every_file_of_the_package_and_every_query_is_in_it(installed):
    tracked = subprocess.run(
        ["git", "ls-files", "kmn_ld", "queries/app"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    wanted = {name.replace("queries/app/", "kmn_ld/app_queries/") for name in tracked}
    assert len(wanted) > 80
    assert wanted - _names(installed) == set()


def test_the_files_of_others_that_pages_load_are_in_it_with_their_licences(installed):
    if not assets.is_complete(assets.FOLDER):
        pytest.skip("no browser assets here: npm reached no registry")
    wanted = {
        f"kmn_ld/web/static/assets/{path.relative_to(assets.FOLDER).as_posix()}"
        for path in assets.FOLDER.rglob("*")
        if path.is_file()
    }
    assert "kmn_ld/web/static/assets/NOTICES.txt" in wanted
    assert wanted - _names(installed) == set()


def test_it_builds_and_answers_outside_the_repository(installed, tmp_path):
    place = _run(installed, "-c", "import kmn_ld; print(kmn_ld.__file__)").stdout
    assert place.startswith(str(installed))
    releases = tmp_path / "releases"
    _run(installed, "-m", "kmn_ld", "build", "--sources", REPOSITORY, "--releases", releases)
    query = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/kmn-ld/def#Pillar> }"
    words = ("-m", "kmn_ld", "query", "--format", "csv", "--releases", releases)
    assert _run(installed, *words, input=query).stdout.split() == ["n", "13"]


def test_its_pages_need_nothing_else(installed, tmp_path):
    releases = tmp_path / "releases"
    _run(installed, "-m", "kmn_ld", "build", "--sources", REPOSITORY, "--releases", releases)
    script = (
        "from pathlib import Path; import sys\n"
        "from kmn_ld.config import Settings; from kmn_ld.web import create_app\n"
        "client = create_app(Settings(releases=Path(sys.argv[1]))).test_client()\n"
        "print([client.get(path).status_code for path in ('/', '/doc/network.html', '/sparql')])\n"
    )
    assert _run(installed, "-c", script, releases).stdout.strip() == "[200, 200, 200]"
