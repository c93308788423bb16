"""The error tree, and nothing else.

KmnError                     500, exit 1
├─ ConfigError               exit 2
├─ SourceError               a file of ours is missing or wrong; details: path, line, column
│  ├─ TurtleSyntaxError
│  ├─ QueryFileError
│  └─ LedgerError
├─ ValidationFailed          carries the findings
├─ BuildError                a release cannot be made or activated
├─ EngineError               503
│  ├─ QuerySyntaxError       400, details: line, column
│  ├─ QueryRefused           400, names what is not offered
│  ├─ QueryTimeout           503
│  ├─ QueryTooLong           413
│  ├─ QueryOutOfMemory       503
│  ├─ TooManyQueries         429
│  ├─ TooManyResults         429
│  ├─ SpoolFull              503
│  └─ ResultTooLarge         400, names the limit
└─ RequestError              400
   ├─ ResourceNotFound       404
   ├─ MethodNotAllowed       405
   ├─ NotAcceptable          406, lists what is offered
   ├─ RequestLate            408
   ├─ ResourceGone           410
   ├─ BodyTooLarge           413
   ├─ UnsupportedMediaType   415
   └─ ServerBusy             503
"""

from collections.abc import Sequence
from typing import ClassVar


class KmnError(Exception):
    """A failure of ours: a key of the message catalogues and the details that fill its text.

    `messages.explain` turns it into a title and a text in the reader's language.
    """

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, key: str, /, **details: object) -> None:
        super().__init__(key)
        self.key = key
        self.details = details

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.key} ({details})" if details else self.key


class ConfigError(KmnError):
    """A setting is unknown or has a value that it cannot have."""

    exit_code = 2


class SourceError(KmnError):
    """A file of the sources is missing or wrong."""


class TurtleSyntaxError(SourceError):
    """A Turtle file does not parse."""


class QueryFileError(SourceError):
    """A query file has no proper header or does not parse."""


class LedgerError(SourceError):
    """The ledger is not what its own rules demand."""


class ValidationFailed(KmnError):
    """The sources parse but break a rule; `findings` says which, where."""

    def __init__(self, key: str, findings: Sequence[object], /, **details: object) -> None:
        super().__init__(key, **details)
        self.findings = findings


class BuildError(KmnError):
    """A release cannot be made, found or activated."""


class EngineError(KmnError):
    """The query engine cannot answer."""

    status = 503


class QuerySyntaxError(EngineError):
    """The text is no SPARQL query."""

    status = 400


class QueryRefused(EngineError):
    """The query asks for something that this service does not offer."""

    status = 400


class QueryTimeout(EngineError):
    """The query did not end before its deadline."""


class QueryTooLong(EngineError):
    """The query text is longer than the limit."""

    status = 413


class QueryOutOfMemory(EngineError):
    """The query needed more memory than a worker may have, or its worker died."""


class TooManyQueries(EngineError):
    """The client, or all clients together, run as many queries as the limits allow."""

    status = 429


class TooManyResults(EngineError):
    """The client has not fetched its large results: together they take the room that it may use."""

    status = 429


class SpoolFull(EngineError):
    """The results of all clients take the room that there is."""


class ResultTooLarge(EngineError):
    """The result is larger than the limit."""

    status = 400


class RequestError(KmnError):
    """The HTTP request is not one that this service can answer."""

    status = 400


class ResourceNotFound(RequestError):
    """Nothing answers at this path."""

    status = 404


class MethodNotAllowed(RequestError):
    """The path answers, but not to this method."""

    status = 405


class NotAcceptable(RequestError):
    """None of the offered representations is acceptable to the client."""

    status = 406


class RequestLate(RequestError):
    """The request did not arrive completely in time."""

    status = 408


class ResourceGone(RequestError):
    """The resource was withdrawn and will not come back."""

    status = 410


class BodyTooLarge(RequestError):
    """The request body is larger than anything this path takes."""

    status = 413


class UnsupportedMediaType(RequestError):
    """The request body has a media type that this path does not take."""

    status = 415


class ServerBusy(RequestError):
    """More requests wait than the server can hold."""

    status = 503
