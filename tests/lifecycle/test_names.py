import bz2
import gzip
import lzma
import zipfile

import pytest

from kmn_ld.lifecycle import names

NAME = "Haus für Müller & Söhne"


@pytest.mark.parametrize(
    "text",
    [
        "Im Haus für Müller & Söhne.",
        "HAUS FÜR MÜLLER & SÖHNE",
        "Haus\u00a0für\nMüller und".replace(" und", " &amp; Söhne"),
        "haus-fuer-mueller-soehne",
        "Haus_fuer_Mueller_Soehne.pdf",
        "info@hausfuermuellersoehne.example.org",
        "https://example.org/Haus%20f%C3%BCr%20M%C3%BCller%20&%20S%c3%b6hne",
        "https://example.org/?q=Haus+f%C3%BCr+M%C3%BCller+%26+S%C3%B6hne",
        r'"Haus f\u00fcr M\u00FCller \u0026 S\u00f6hne"',
        "<b>Haus f&#252;r M&#xFC;ller &amp; S&#246;hne</b>",
        r"\nHaus für Müller & Söhne\n",
    ],
)
def test_a_name_is_found_however_it_is_written(text):
    assert names.pattern_of([NAME]).search(text)


@pytest.mark.parametrize("text", ["Haus für Söhne", "Haus für Müller und Söhne", "Müller & Söhne"])
def test_other_names_are_not_found(text):
    assert names.pattern_of([NAME]).search(text) is None


def test_names_that_are_too_short_are_not_looked_for():
    assert names.searchable(["AWO", " Haus   am  See ", "Haus am See"]) == ["Haus am See"]
    assert names.pattern_of(["AWO"]) is None


def test_decomposed_letters_are_found(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("Mu\u0308ller", encoding="utf-8")
    assert names.has_name(path, names.pattern_of(["Müller"]))


def test_packed_files_are_looked_into(tmp_path):
    data = f"…{NAME}…".encode()
    (tmp_path / "a.nt.gz").write_bytes(gzip.compress(data))
    (tmp_path / "b.nt.bz2").write_bytes(bz2.compress(data))
    (tmp_path / "c.nt.xz").write_bytes(lzma.compress(data))
    with zipfile.ZipFile(tmp_path / "d.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.nt", data)
    (tmp_path / "e.nt.gz").write_bytes(gzip.compress(b"nothing"))
    (tmp_path / "f.bin").write_bytes(b"\x00\xff" + data + b"\xfe")
    found = names.files_with(tmp_path, names.pattern_of([NAME]))
    assert [path.name[0] for path in found] == ["a", "b", "c", "d", "f"]


def test_a_name_across_two_pieces_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(names, "_PIECE", 5000)
    path = tmp_path / "x.txt"
    path.write_bytes(b"." * 4990 + NAME.encode() + b"." * 9000)
    assert names.has_name(path, names.pattern_of([NAME]))


def test_the_name_of_a_file_counts(tmp_path):
    (tmp_path / "haus-am-see.ttl").touch()
    assert len(names.files_with(tmp_path, names.pattern_of(["Haus am See"]))) == 1
