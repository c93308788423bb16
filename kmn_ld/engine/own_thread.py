"""Lets go of Oxigraph's results in the thread that they came from, even where something fails.

They may end in no other (PyO3: unsendable classes); an error keeps what its frames hold until
somebody collects it, which may be any thread.
"""

from collections.abc import Callable
from functools import wraps
from traceback import clear_frames
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def in_own_thread(call: Callable[P, T]) -> Callable[P, T]:
    """Have the errors of a function hold nothing of what it worked with."""

    @wraps(call)
    def calling(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return call(*arguments, **named)
        except BaseException as error:
            _empty(error)
            raise

    return calling


def _empty(error: BaseException | None) -> None:
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
