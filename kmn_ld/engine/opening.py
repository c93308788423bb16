"""Opens the store of a release: in memory up to a size, above from its folder, read-only."""

import pyoxigraph as ox

from kmn_ld.engine.loading import load_store
from kmn_ld.errors import BuildError, EngineError
from kmn_ld.releases import STORE, Release, demand_files


def open_store(release: Release, memory_triples: int) -> ox.Store:
    """Return the store of a release that holds `memory_triples` quads or fewer in memory.

    Raises EngineError where its files are missing, broken, or not what the manifest says.
    """
    try:
        if release.manifest.quads > memory_triples:
            return ox.Store.read_only(str(release.path(STORE)))
        demand_files(release, (name for name, _ in release.manifest.load))
        return load_store([(release.path(name), kind) for name, kind in release.manifest.load])
    except (OSError, RuntimeError, ValueError, SyntaxError) as error:  # Runtime: RocksDB's files
        raise EngineError("store-unreadable", path=release.folder, reason=str(error)) from error
    except BuildError as error:
        reason = f"{error.details['path']} is missing or damaged"
        raise EngineError("store-unreadable", path=release.folder, reason=reason) from error
