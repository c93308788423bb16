"""What bad sources get: exit code, place, advice in both languages, and the old release stays."""

import json
import re
import uuid

import pytest

from kmn_ld import iris

REFERAT = "ms-referat-301"


def _edit(path, old, new, count=1):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")
    return path


def _turtle_syntax(w):
    return _edit(w.organisation("kargah"), "org:classification", 'org:classification "')


def _unknown_prefix(w):
    return _edit(w.organisation("kargah"), "org:classification", "orgs:classification")


def _not_utf8(w):
    path = w.organisation("fluechtlingsrat-niedersachsen")
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))
    return path


def _control_character(w):
    return _edit(w.organisation("kargah"), "kargah e.V.", "kargah\x07 e.V.")


def _escaped_control(w):
    return _edit(w.organisation("kargah"), "kargah e.V.", "kargah\\u0007 e.V.")


def _iri_with_space(w):
    return _edit(w.organisation("kargah"), "concept/kind/", "concept/kind /")


def _missing_label(w):
    path = w.organisation("kargah")
    kept = [
        line for line in path.read_text("utf-8").splitlines(True) if "skos:prefLabel" not in line
    ]
    path.write_text("".join(kept), encoding="utf-8")
    return path


def _unknown_ags(w):
    return _edit(w.organisation("kargah"), "id/district/03241", "id/district/03999")


def _unknown_organisation(w):
    return _edit(
        w.organisation(REFERAT),
        "org:unitOf <https://w3id.org/kmn-ld/id/org/",
        "org:unitOf <https://w3id.org/kmn-ld/id/org/k3m9tr31> , <https://w3id.org/kmn-ld/id/org/",
    )


def _unminted(w):
    return _copy_as(w, "k7x2qf96")


def _wrong_check_digits(w):
    return _copy_as(w, "k7x2qf69")


def _copy_as(w, key):
    path = w.organisation("kargah")
    copy = path.with_name(f"{key}.ttl")
    text = path.read_text("utf-8").replace(path.stem, key)
    copy.write_text(text.replace('"kargah"^^', '"other"^^'), encoding="utf-8")
    return copy


def _edited_ledger(w):
    return _edit(w.sources / "data/ledger.csv", "2026-", "2025-")


def _two_files(w):
    path = w.organisation("kargah")
    second = path.with_name("kargah.ttl")
    second.write_bytes(path.read_bytes())
    return second


def _lost_organisation(w):
    path = w.organisation("kargah")
    path.unlink()
    return path


def _lost_region(w):
    path = w.file("data/regions/heide.ttl")
    path.unlink()
    return path


def _person(w):
    return _edit(
        w.organisation("kargah"), "    a org:", "    a <http://xmlns.com/foaf/0.1/Person> , org:"
    )


def _name_without(w, word):
    """Take a property off the contact point that bears a name."""
    path = w.organisation(REFERAT)
    head, mark, tail = path.read_text("utf-8").partition("#contact>\n    a cv:ContactPoint")
    contact, end, rest = tail.partition("\n.\n")
    kept = "".join(line for line in contact.splitlines(True) if word not in line)
    path.write_text(head + mark + kept + end + rest, encoding="utf-8")
    return path


def _name_without_basis(w):
    return _name_without(w, "kmn:contactBasis")


def _name_without_source(w):
    return _name_without(w, "prov:hadPrimarySource")


def _name_without_date(w):
    return _name_without(w, "kmn:lastVerified")


def _bad_query(w):
    path = w.sources / "queries/examples/broken.rq"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "#+ title: T\n#+ title@de: T\n#+ summary: S\n#+ summary@de: S\n#+ returns: a\n"
        "SELECT ?a { ?a ?b }\n",
        encoding="utf-8",
    )
    return path


def _blank_node(w):
    return _edit(
        w.organisation("kargah"),
        "    org:classification",
        "    skos:note [ skos:note 1 ] ;\n    org:classification",
    )


def _empty_file(w):
    path = w.organisation("kargah")
    path.write_text("", encoding="utf-8")
    return path


def _undefined_datatype(w):
    return _edit(w.organisation("kargah"), '"2026-11"^^xsd:gYearMonth', '"2026-11"^^kmn:Month')


def _wrong_value(w):
    return _edit(w.organisation("kargah"), '"2026-11"^^', '"gestern"^^')


def _misspelt_term(w):
    return _edit(w.organisation("kargah"), "skos:prefLabel", "skos:prefLable")


def _draft(w):
    """Reserve an id and write its file; return both."""
    key = w.run("mint", "--sources", str(w.sources)).stdout.split()[0]
    return key, _copy_as(w, key)


def _link_to_draft(w):
    key, _ = _draft(w)
    path = w.organisation(REFERAT)
    return _edit(
        path,
        "    org:unitOf ",
        f"    skos:related <https://w3id.org/kmn-ld/id/org/{key}> ;\n    org:unitOf ",
    )


def _unknown_type(w):
    return _edit(w.organisation("kargah"), "id/district/03241", "id/person/meier")


def _without_kind(w):
    path = w.organisation("ntfn")  # nothing else in the data refers to it
    iri = f"<https://w3id.org/kmn-ld/id/org/{path.stem}>"
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    path.write_text(f'{iri} {label} "ntfn"@de .\n', encoding="utf-8")
    return path


CASES = {
    "an organisation without a class": (
        _without_kind,
        True,
        "needs a class",
        "braucht eine Klasse",
    ),
    "an empty file": (_empty_file, False, "states nothing", "sagt nichts aus"),
    "a value that belies its datatype": (_wrong_value, True, "no value of", "kein Wert vom Typ"),
    "a datatype that nobody defined": (_undefined_datatype, True, "kmn:Month", "kmn:Month"),
    "a misspelt term": (_misspelt_term, True, "term is skos:prefLabel", "ist skos:prefLabel"),
    "a link to a draft": (_link_to_draft, True, "not published yet", "noch nicht veröffentlicht"),
    "an IRI of no type": (_unknown_type, True, "no type “person”", "den Typ „person“"),
    "a Turtle syntax error": (_turtle_syntax, True, "no valid Turtle", "kein gültiges Turtle"),
    "an unknown prefix": (_unknown_prefix, True, "orgs:", "orgs:"),
    "a file that is no UTF-8": (_not_utf8, True, "no UTF-8", "kein UTF-8"),
    "a control character": (_control_character, True, "control character", "Steuerzeichen"),
    "an escaped control character": (_escaped_control, True, "control character", "Steuerzeichen"),
    "an IRI with a space": (_iri_with_space, True, "IRI", "IRI"),
    "a missing label": (_missing_label, True, "name", "Namen"),
    "an AGS that does not exist": (_unknown_ags, True, "none of the 45", "keiner der 45"),
    "a link to an organisation that is not there": (
        _unknown_organisation,
        True,
        "k3m9tr31 does not exist",
        "k3m9tr31 gibt es nicht",
    ),
    "an id that was not minted": (_unminted, False, "not in the ledger", "nicht im Register"),
    "wrong check digits": (_wrong_check_digits, False, "check digits", "Prüfziffern"),
    "an edited ledger line": (_edited_ledger, True, "edited by hand", "von Hand geändert"),
    "two files for one organisation": (_two_files, False, "described in", "wird schon in"),
    "an organisation that vanished": (_lost_organisation, False, "is missing", "Datei fehlt"),
    "another thing that vanished": (_lost_region, False, "go on answering", "weiter antworten"),
    "a person as an instance": (_person, True, "Persons are not", "Personen werden"),
    "a contact name without basis": (_name_without_basis, True, "name", "Name"),
    "a contact name without source": (_name_without_source, True, "name", "Name"),
    "a contact name without date": (_name_without_date, True, "name", "Name"),
    "a query file with an error": (
        _bad_query,
        True,
        "cannot be run like this",
        "lässt sich so nicht ausführen",
    ),
    "a blank node": (_blank_node, True, "blank node", "Blank Node"),
}


@pytest.mark.parametrize("flaw", CASES)
def test_bad_sources_end_in_advice_and_leave_the_release_alone(workplace, flaw):
    spoil, has_line, english, german = CASES[flaw]
    before = workplace.state()
    path = spoil(workplace)
    for language, words in (("en", english), ("de", german)):
        result = workplace.run("build", language=language)
        assert result.exit_code == 1
        assert words in result.output
        assert "Traceback" not in result.output
        _assert_place(result.output, path, workplace, has_line=has_line)
    assert workplace.state() == before
    assert not list(workplace.releases.glob(".building-*"))


def _assert_place(output, path, workplace, *, has_line):
    if path is None:
        return
    name = re.escape(path.relative_to(workplace.sources).as_posix())
    assert re.search(rf"^{name}{':[0-9]+' if has_line else ''}", output, re.M), output


def test_check_reports_the_same_as_build(workplace):
    _unknown_ags(workplace)
    result = workplace.run("check")
    assert (result.exit_code, "03999" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Die Shapes wurden wegen dieser Fehler nicht geprüft"),
        ("en", "The shapes were not checked because of these errors"),
    ],
)
def test_no_count_is_given_of_what_was_not_checked(workplace, language, words):
    _turtle_syntax(workplace)
    text = workplace.run("check", language=language)
    page = workplace.run("check", "--format", "html", language=language)
    data = json.loads(workplace.run("check", "--format", "json", language=language).stdout)
    assert words in text.output
    assert words in page.stdout
    assert [one["severity"] for one in data if one["rule"] == "unchecked-shapes"] == ["info"]
    assert re.search("(Hinweise|notes): 0", text.output + page.stdout) is None


def test_the_shipped_sources_have_no_violation(workplace):
    result = workplace.run("check")
    assert (result.exit_code, "Errors: 0" in result.output) == (0, True), result.output


def test_ids_of_the_examples_were_never_minted(workplace):
    ledger = (workplace.sources / "data/ledger.csv").read_text("utf-8")
    assert [key for key in ("k7x2qf96", "kbcdf023", "k3m9tr31") if key in ledger] == []
    assert iris.is_well_formed("k7x2qf96")


@pytest.mark.parametrize("words", [["--unknown"], ["--dataset", "missing.nq"], ["surplus"]])
def test_wrong_use_exits_with_2(workplace, words):
    assert workplace.run("build", *words).exit_code == 2


def test_an_unknown_setting_exits_with_2(workplace, monkeypatch):
    monkeypatch.setenv(f"KMN_LD_{uuid.uuid4().hex}".upper(), "1")
    result = workplace.run("build")
    assert (result.exit_code, "Known are" in result.output) == (2, True)
