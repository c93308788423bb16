from kmn_ld.describe.usage import LINK, TEXT, Usage, UsageCounting
from kmn_ld.vocab import BASE, GRAPH, PREFIXES

TYPE, XSD = f"<{PREFIXES['rdf']}type>", PREFIXES["xsd"]
DATA, DERIVED, ONTOLOGY = (GRAPH + name for name in ("network", "derived", "ontology"))
P, C = "https://example.org/p", "https://example.org/C"
PART, THING = f"<{BASE}id/org/a#part>", f"<{BASE}id/org/b>"


def counted(*statements):
    counting = UsageCounting()
    for graph, line in statements:
        counting.add(graph, line)
    return Usage.from_json(counting.to_json())


def test_statements_are_counted_by_graph_and_those_of_vocabularies_are_no_use_in_data():
    told = counted(
        (DATA, f"{THING} <{P}> <a:x> ."),
        (DERIVED, f"{THING} <{P}> <a:y> ."),
        (ONTOLOGY, f"<a:z> <{P}> <a:y> ."),
    ).properties[P]
    assert told.counts == {DATA: 1, DERIVED: 1, ONTOLOGY: 1}
    assert (told.in_data, told.derived) == (2, 1)


def test_values_are_counted_by_what_they_are_whatever_stands_in_their_text():
    told = counted(
        (DATA, f"{THING} <{P}> <a:x> ."),
        (DATA, f"{THING} <{P}> _:b ."),
        (DATA, f'{THING} <{P}> "a\\"@en"@de .'),
        (DATA, f'{THING} <{P}> "a . <b>" .'),
        (DATA, f'{THING} <{P}> "1"^^<{XSD}integer> .'),
    ).properties[P]
    assert told.values == {LINK: 2, TEXT: 1, XSD + "string": 1, XSD + "integer": 1}


def test_an_example_is_stated_of_a_thing_rather_than_of_a_part_or_concluded():
    told = counted(
        (ONTOLOGY, f"<{BASE}def#X> <{P}> <a:0> ."),
        (DERIVED, f"{THING} <{P}> <a:1> ."),
        (DATA, f"{PART} <{P}> <a:2> ."),
        (DATA, f'{THING} <{P}> "three"@de .'),
        (DATA, f"{THING} <{P}> <a:4> ."),
    ).properties[P]
    assert told.example == (f"{BASE}id/org/b", '"three"@de')


def test_a_german_text_is_the_better_example():
    told = counted(
        (DATA, f'{THING} <{P}> "a"@en .'),
        (DATA, f'{THING} <{P}> "b"@de .'),
    ).properties[P]
    assert told.example == (f"{BASE}id/org/b", '"b"@de')


def test_the_example_of_a_class_is_the_thing_with_the_most_properties_of_it_and_its_parts():
    poor, rich = f"<{BASE}id/org/a>", f"<{BASE}id/org/c>"
    told = counted(
        *((DATA, f"{subject} {TYPE} <{C}> .") for subject in (poor, THING)),
        (DATA, f"{THING} <{P}> <a:x> ."),
        (DATA, f"{THING} <{P}> <a:y> ."),
        (DATA, f"<{BASE}id/org/c#part> <{P}2> <a:x> ."),
        (DATA, f"{rich} {TYPE} <{C}> ."),
        (DATA, f"{rich} <{P}> <a:x> ."),
    ).classes[C]
    assert told.example == (f"{BASE}id/org/c", "")


def test_of_two_things_with_as_many_properties_the_one_with_more_of_ours_is_the_example():
    ours = PREFIXES["kmn"] + "atSite"
    told = counted(
        (DATA, f"<{BASE}id/org/a> {TYPE} <{C}> ."),
        (DATA, f"<{BASE}id/org/a> <{P}> <a:x> ."),
        (DATA, f"{THING} {TYPE} <{C}> ."),
        (DATA, f"{THING} <{ours}> <a:x> ."),
    ).classes[C]
    assert told.example == (f"{BASE}id/org/b", "")


def test_a_document_of_very_many_parts_is_looked_at_in_pieces(monkeypatch):
    monkeypatch.setattr("kmn_ld.describe.usage._MOST_PARTS", 2)
    told = counted(*((DATA, f"<{BASE}id/org/a#{n}> {TYPE} <{C}> .") for n in range(5)))
    assert told.classes[C].in_data == 5


def test_values_of_a_datatype_are_counted_over_all_properties():
    told = counted(
        (DATA, f'{THING} <{P}> "1"^^<{XSD}integer> .'),
        (DATA, f'{THING} <{P}2> "2"^^<{XSD}integer> .'),
    )
    assert (told.of_datatype(XSD + "integer"), told.of_datatype(XSD + "date")) == (2, 0)


def test_instances_of_a_class_are_counted():
    told = counted((DATA, f"{THING} {TYPE} <{C}> ."), (DATA, f"{PART} {TYPE} <{C}> ."))
    assert told.classes[C].in_data == 2
    assert told.classes[C].example == (f"{BASE}id/org/b", "")
    assert told.properties == {}


def test_a_dataset_of_many_terms_is_counted_in_part(monkeypatch):
    monkeypatch.setattr("kmn_ld.describe.usage._MOST_TERMS", 2)
    told = counted(*((DATA, f"{THING} <{P}{number}> <a:x> .") for number in range(5)))
    assert len(told.properties) == 2


def test_the_name_of_a_person_is_no_example():
    """Names stand where their basis, source and date stand, and nowhere else (domain model, 2)."""
    name = PREFIXES["kmn"] + "contactPersonName"
    told = counted((DATA, f'{PART} <{name}> "Erika Mustermann" .')).properties[name]
    assert (told.in_data, told.example) == (1, ("", ""))
