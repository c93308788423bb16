"""Finds the `.rq` files, reads their headers, and knows what a query of the library offers."""

from kmn_ld.queries.files import (
    QueryFile,
    app_folder,
    find,
    fragments,
    is_query,
    load_query,
    misnamed_files,
    parameters,
    read,
    without_header,
)
from kmn_ld.queries.library import (
    CHOICES,
    GEOMETRY,
    SUFFIXES,
    TRIPLES,
    LibraryQuery,
    Parameter,
    View,
    columns_of,
    read_library,
)
from kmn_ld.queries.values import TYPES, ParameterType

__all__ = [
    "CHOICES",
    "GEOMETRY",
    "SUFFIXES",
    "TRIPLES",
    "TYPES",
    "LibraryQuery",
    "Parameter",
    "ParameterType",
    "QueryFile",
    "View",
    "app_folder",
    "columns_of",
    "find",
    "fragments",
    "is_query",
    "load_query",
    "misnamed_files",
    "parameters",
    "read",
    "read_library",
    "without_header",
]
