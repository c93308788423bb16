"""Opens the engine that the settings name: the one inside, or another behind it."""

from pathlib import Path

from kmn_ld.config import Settings
from kmn_ld.engine.embedded import open_embedded
from kmn_ld.engine.interface import Engine
from kmn_ld.releases import Release


def open_engine(settings: Settings, release: Release, folder: Path | None = None) -> Engine:
    """Open the engine for a release.

    `folder` holds slots and results of public queries; the server processes of one service share
    it, and its owner removes it. Without one the engine makes its own and removes it at the end.
    Raises EngineError where the release cannot be opened or the other engine holds another one.
    """
    if settings.endpoint:
        from kmn_ld.engine.remote import open_remote  # noqa: PLC0415 - workers need none of it

        return open_remote(settings, release, folder)
    return open_embedded(settings, release, folder)


class Opening:
    """Opens engines for one release after another, those that follow only when they can answer.

    The first is opened even where another engine is away or holds another release: what does not
    need it is served. See `open_engine`.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        self._is_first = True

    def __call__(self, release: Release) -> Engine:
        """Open the engine for a release; raises EngineError."""
        if self._settings.endpoint and not self._is_first:
            from kmn_ld.engine.remote import demand_held  # noqa: PLC0415 - as above

            demand_held(self._settings, release)
        self._is_first = False
        return open_engine(self._settings, release, self._folder)
