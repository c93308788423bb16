"""What the killable workers cost over evaluation in process."""

from pathlib import Path

from tests.bench.measures import Row


def overhead(folder: Path) -> list[Row]:
    """Compare point queries and a large result through a worker with the same in process."""
    return []
