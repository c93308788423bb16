import base64
import hashlib
import io
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from kmn_ld.errors import BuildError
from kmn_ld.web import assets

PACKAGE = assets.Package(
    name="@made/up",
    version="1.0.0",
    integrity="",
    folder="up-1.0.0",
    files=("build/up.js", "up.css"),
    licence="MIT",
    licence_text="As you like it.",
)
FILES = {"build/up.js": b"up();" * 400, "up.css": b"a{}", "LICENCE": b"Do well."}


@pytest.fixture
def archive():
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as members:
        for name, data in FILES.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            members.addfile(entry, io.BytesIO(data))
    return target.getvalue()


@pytest.fixture
def package(archive):
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    return replace(PACKAGE, integrity=f"sha512-{digest}")


@pytest.fixture
def registry(monkeypatch, archive):
    """An npm that puts the made-up archive where it is told to; what it was asked."""
    asked = []

    def run(command, **_):
        asked.append(command)
        place = next(word for word in command if word.startswith("--pack-destination="))
        (Path(place.partition("=")[2]) / "up.tgz").write_bytes(archive)

    monkeypatch.setattr(assets.subprocess, "run", run)
    return asked


def test_the_wanted_files_are_put_into_a_folder_with_the_version_in_its_name(
    registry, package, tmp_path
):
    assets.fetch([package], tmp_path / "assets")
    written = {path.name for path in (tmp_path / "assets" / "up-1.0.0").iterdir()}
    assert written == {"up.js", "up.js.gz", "up.css"}
    assert (tmp_path / "assets" / "up-1.0.0" / "up.js").read_bytes() == FILES["build/up.js"]
    assert "@made/up@1.0.0" in registry[0]
    assert "--ignore-scripts" in registry[0]


def test_the_notices_name_package_licence_and_text(registry, package, tmp_path):
    other = replace(package, folder="other", licence_file="LICENCE", licence_text="")
    assets.fetch([package, other], tmp_path / "assets")
    text = (tmp_path / "assets" / assets.NOTICES).read_text("utf-8")
    assert "@made/up 1.0.0\nMIT; up.js, up.css\n\nAs you like it.\n" in text
    assert "Do well." in text


def test_what_was_fetched_before_is_gone_afterwards(registry, package, tmp_path):
    assets.fetch([replace(package, folder="up-0.9.0")], tmp_path / "assets")
    assets.fetch([package], tmp_path / "assets")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["assets"]
    assert sorted(path.name for path in (tmp_path / "assets").iterdir()) == [
        assets.NOTICES,
        "up-1.0.0",
    ]


def test_another_archive_than_the_one_of_the_table_is_refused(registry, package, tmp_path):
    assets.fetch([package], tmp_path / "assets")
    changed = replace(package, integrity="sha512-" + "A" * 86 + "==")
    with pytest.raises(BuildError) as refused:
        assets.fetch([changed], tmp_path / "assets")
    assert refused.value.key == "asset-digest"
    assert (tmp_path / "assets" / "up-1.0.0" / "up.js").exists()


@pytest.mark.parametrize("wanted", [{"files": ("no.js",)}, {"licence_file": "NO"}])
def test_a_file_that_the_package_lacks_is_named(registry, package, tmp_path, wanted):
    with pytest.raises(BuildError) as refused:
        assets.fetch([replace(package, **wanted)], tmp_path / "assets")
    assert refused.value.key == "asset-file"


def test_a_registry_that_cannot_be_reached_is_told_in_words(monkeypatch, package, tmp_path):
    script = "import sys; sys.exit('npm error code ECONNREFUSED')"
    monkeypatch.setattr(assets, "npm", lambda: [sys.executable, "-c", script])
    with pytest.raises(BuildError) as refused:
        assets.fetch([package], tmp_path / "assets")
    assert refused.value.details["reason"] == "npm error code ECONNREFUSED"


def test_set_up_goes_on_without_assets_and_says_so(monkeypatch, capsys):
    def fail(*_):
        raise BuildError("asset-npm")

    monkeypatch.setattr(assets, "fetch", fail)
    assert assets.main() == 0
    assert assets.main(["--strict"]) == 1
    assert "npm" in capsys.readouterr().err


def test_npm_comes_from_a_wheel_where_none_is_installed(monkeypatch):
    monkeypatch.setattr(assets.shutil, "which", lambda _: None)
    told = subprocess.run([*assets.npm(), "--version"], capture_output=True, text=True, check=True)
    assert told.stdout.strip().replace(".", "").isdecimal()


def test_without_any_npm_that_is_said(monkeypatch):
    monkeypatch.setattr(assets.shutil, "which", lambda _: None)
    monkeypatch.setattr(assets.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(BuildError) as refused:
        assets.npm()
    assert refused.value.key == "asset-npm"


def test_every_package_of_the_table_has_digest_version_and_licence():
    assert len(assets.packages()) > 0
    faults = [
        package.name
        for package in assets.packages()
        if len(base64.b64decode(package.integrity.removeprefix("sha512-"))) != 64
        or package.version not in package.folder
        or not package.licence
        or bool(package.licence_file) == bool(package.licence_text)
    ]
    assert faults == []


@pytest.fixture
def fetched(registry, package, tmp_path, monkeypatch):
    folder = tmp_path / "static" / "assets"
    assets.fetch([package], folder)
    monkeypatch.setattr(assets, "FOLDER", folder)
    monkeypatch.setattr(assets, "packages", lambda: (package,))
    monkeypatch.setattr("kmn_ld.web.pages._STATIC", folder.parent)


def test_a_fetched_file_is_found_by_package_and_name(fetched):
    assert assets.find("@made/up", "up.js") == "assets/up-1.0.0/up.js"
    assert assets.find("@made/up", "no.js") == ""
    assert assets.is_complete(assets.FOLDER)
    (assets.FOLDER / "up-1.0.0" / "up.css").unlink()
    assert not assets.is_complete(assets.FOLDER)


def test_a_fetched_file_may_be_kept_for_ever_and_comes_packed_to_who_unpacks(fetched, client):
    plain = client.get("/static/assets/up-1.0.0/up.js", headers={"Accept-Encoding": "gzip;q=0"})
    packed = client.get("/static/assets/up-1.0.0/up.js", headers={"Accept-Encoding": "br, gzip"})
    assert plain.data == FILES["build/up.js"]
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (plain.headers["Vary"], packed.headers["Vary"]) == ("Accept-Encoding",) * 2
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data)
    assert plain.headers["ETag"] != packed.headers["ETag"]


def test_the_notices_have_no_version_in_their_address_and_are_asked_for_anew(fetched, client):
    answer = client.get("/static/assets/NOTICES.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert "immutable" not in answer.headers["Cache-Control"]
