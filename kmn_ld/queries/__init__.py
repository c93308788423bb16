"""Finds the `.rq` files, reads their headers, and knows what a query of the library offers."""

from kmn_ld.queries.columns import GEOMETRY, SUFFIXES, Column, column_named, columns_for
from kmn_ld.queries.files import (
    QueryFile,
    app_folder,
    find,
    fragments,
    given,
    is_query,
    load_query,
    misnamed_files,
    parameters,
    read,
    without_header,
)
from kmn_ld.queries.library import (
    CHOICES,
    TRIPLES,
    LibraryQuery,
    Parameter,
    View,
    read_library,
)
from kmn_ld.queries.values import LONGEST, TYPES, ParameterType

__all__ = [
    "CHOICES",
    "GEOMETRY",
    "LONGEST",
    "SUFFIXES",
    "TRIPLES",
    "TYPES",
    "Column",
    "LibraryQuery",
    "Parameter",
    "ParameterType",
    "QueryFile",
    "View",
    "app_folder",
    "column_named",
    "columns_for",
    "find",
    "fragments",
    "given",
    "is_query",
    "load_query",
    "misnamed_files",
    "parameters",
    "read",
    "read_library",
    "without_header",
]
