import pyoxigraph as ox
import pytest

from kmn_ld.engine.functions import EXTENSION_FUNCTIONS

_TYPE = "^^<http://www.opengis.net/ont/geosparql#wktLiteral>"
AREA = f'"POLYGON((0 0,0 2,2 2,2 0,0 0))"{_TYPE}'
POINT, OTHER = f'"POINT(1 1)"{_TYPE}', f'"POINT(2 1)"{_TYPE}'
METRE = "<http://www.opengis.net/def/uom/OGC/1.0/metre>"


def _gives_a_value(function, arguments):
    (row,) = ox.Store().query(f"SELECT (<{function}>({', '.join(arguments)}) AS ?value) {{}}")
    return row[0] is not None


@pytest.mark.parametrize("function", EXTENSION_FUNCTIONS)
def test_each_listed_function_gives_a_value(function):
    calls = ([AREA], [AREA, METRE], [AREA, POINT], [POINT, OTHER, METRE])
    assert any(_gives_a_value(function, arguments) for arguments in calls)


def test_each_function_is_listed_once():
    assert len(EXTENSION_FUNCTIONS) == len(set(EXTENSION_FUNCTIONS)) > 30
