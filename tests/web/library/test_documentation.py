"""What docs/queries.md says can be asked, can be asked."""

import re

import pytest

from kmn_ld.queries import TYPES
from tests.build.conftest import REPOSITORY

TEXT = (REPOSITORY / "docs" / "queries.md").read_text("utf-8")
CALLS = re.findall(r"^curl (?:-H 'Accept: (\S+)' )?'http://[\w.:]+(/\S+)'$", TEXT, re.M)


@pytest.mark.parametrize(("accept", "path"), CALLS)
def test_a_call_of_the_documentation_is_answered(reader, accept, path):
    answer = reader.get(path, headers={"Accept": accept} if accept else {})
    assert answer.status_code == 200
    assert accept in answer.content_type


def test_calls_and_types_are_documented():
    assert len(CALLS) > 3
    assert set(re.findall(r"^\| `(\w+)` \| .* \| (?:IRI|`xsd:\w+`) \|$", TEXT, re.M)) == set(TYPES)
