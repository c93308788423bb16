import pytest

from kmn_ld.sources import find
from kmn_ld.validation.reading import read
from kmn_ld.vocab import BASE, GRAPH, PREFIXES

HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
LINE = HEAD.count("\n") + 1
ORG = f"{BASE}id/org/k7x2qf96"
OTHER = f"{BASE}id/org/kbcdf023"
NAME = "data/organisations/k7x2qf96.ttl"


@pytest.fixture
def write(tmp_path):
    def _write(text, name=NAME):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((HEAD + text).encode() if isinstance(text, str) else text)
        return tmp_path

    return _write


def _read(folder, is_draft=lambda file: False):
    return read(list(find(folder)), folder, is_draft)


def test_statements_go_into_the_graph_of_their_file(write):
    reading = _read(write(f"<{ORG}> skos:note 'a' , 'a' , ( 'b' ) ."))
    lines = reading.graphs[GRAPH + "organisations"]
    note = PREFIXES["skos"] + "note"
    assert f'<{ORG}> <{note}> "a" .' in lines
    assert (len(lines), reading.described_in[ORG].name, reading.unread) == (4, NAME, [])


def test_a_draft_is_kept_apart(write):
    reading = _read(write(f"<{ORG}> skos:note ( 'b' ) ."), lambda file: True)
    assert (reading.graphs, reading.draft_names) == ({}, {NAME})
    assert len(reading.drafts[GRAPH + "organisations"]) == 3


def test_lists_of_drafts_and_of_others_share_no_label(write):
    write(f"<{ORG}> skos:note ( 'b' ) .")
    folder = write(f"<{OTHER}> skos:note ( 'b' ) .", "data/organisations/kbcdf023.ttl")
    reading = _read(folder, lambda file: file.name == NAME)
    labels = [
        {word for line in graphs[GRAPH + "organisations"] for word in line.split() if "_:" in word}
        for graphs in (reading.graphs, reading.drafts)
    ]
    assert [len(found) for found in labels] == [1, 1]
    assert labels[0] & labels[1] == set()


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        (b"\xef\xbb\xbf# x\n", "file-bom", 1),
        (b"\n\xff", "file-not-utf8", 2),
        (b"\n\n\x07", "control-character", 3),
        ("\nu\u0308".encode(), "not-composed", 2),
        (b"\n<a:b> .", "turtle-syntax", 2),
        (b"# nothing\n", "file-empty", None),
        (f"<{ORG}> skos:note\n 1.50 .", "number-form", LINE + 1),
        (f"<{ORG}> skos:note\n [] .", "blank-node", LINE + 1),
    ],
)
def test_what_is_wrong_with_a_file_is_a_finding_with_its_line(write, text, rule, line):
    write(f"<{OTHER}> skos:note 1 .", "data/organisations/kbcdf023.ttl")
    reading = _read(write(text))
    assert [(f.rule, f.path, f.line) for f in reading.findings] == [(rule, NAME, line)]
    assert (len(reading.unread), OTHER in reading.described_in) == (1, True)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f"<{OTHER}> skos:note 1 .", "subject-misplaced"),
        (f"<{BASE}id/network> skos:note 1 .", "described-twice"),
    ],
)
def test_a_statement_in_the_file_of_another_is_a_finding(write, text, rule):
    write(f"<{BASE}id/network> skos:note 1 .", "data/network.ttl")
    reading = _read(write(f"<{ORG}> skos:note 1 .\n{text}"))
    subject = text.split("> ")[0][1:]
    assert [(f.rule, f.path, f.focus) for f in reading.findings] == [(rule, NAME, subject)]


def test_iris_of_ours_are_noted_wherever_they_stand(write):
    reading = _read(
        write(f"<{ORG}> kmn:p <{OTHER}> , ( <{OTHER}#list> ) , '1'^^kmn:D , <{ORG}#part> .")
    )
    assert set(reading.mentioned_in) == {
        PREFIXES["kmn"] + "p", PREFIXES["kmn"] + "D", OTHER, f"{OTHER}#list", f"{ORG}#part",
    }  # fmt: skip
    assert reading.links == {ORG: {f"{ORG}#part"}}


def test_a_file_with_another_ending_is_a_finding(write):
    folder = write("", "data/organisations/kbcdf023.TTL")
    write(f"<{ORG}> skos:note 1 .")
    assert [(f.rule, f.path) for f in _read(folder).findings] == [
        ("file-ending", "data/organisations/kbcdf023.TTL")
    ]


def test_progress_counts_the_files(write):
    counted = []
    folder = write(f"<{ORG}> skos:note 1 .")
    read(list(find(folder)), folder, lambda file: False, counted.append)
    assert counted == [1]
