"""Hands out the dumps of the current release as files."""

from pathlib import PurePosixPath

from flask import Blueprint, Response

from kmn_ld import releases
from kmn_ld.errors import ResourceNotFound
from kmn_ld.formats import FORMATS
from kmn_ld.web import responses
from kmn_ld.web.live import current

bp = Blueprint("dumps", __name__)

_MEDIA_TYPES = {entry.suffix: entry.content_type for entry in FORMATS} | {"gz": "application/gzip"}


@bp.get("/dump/<file_name>")
def dump(file_name: str) -> Response:
    """Send a dump; its ETag is the digest that the manifest names."""
    release = current().release
    entry = release.files.get(f"{releases.DUMPS}/{file_name}") if release else None
    if release is None or entry is None:
        raise ResourceNotFound("dump-unknown", file=file_name)
    suffix = PurePosixPath(file_name).suffix[1:]
    return responses.released(release, entry, _MEDIA_TYPES.get(suffix, "application/octet-stream"))
