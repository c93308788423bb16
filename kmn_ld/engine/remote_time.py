"""Says how long a request to another engine may go on."""

from collections.abc import Callable
from dataclasses import dataclass

from kmn_ld.errors import EngineError


@dataclass
class Leave:
    """A deadline, on the clock of `monotonic`, of a request that needs leave from `short_until` on.

    `stay` is called once, in a thread of its own; what it raises is the `refusal`.
    """

    deadline: float
    short_until: float
    stay: Callable[[], object]
    is_asked: bool = False
    refusal: EngineError | None = None

    def ask(self) -> bool:
        """Return whether the request may go on."""
        self.is_asked = True
        try:
            self.stay()
        except EngineError as error:
            self.refusal = error
        return self.refusal is None


Deadline = float | Leave
