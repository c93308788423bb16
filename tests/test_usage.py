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
        (DATA, f'{THING} <{P}> "three"@en .'),
        (DATA, f"{THING} <{P}> <a:4> ."),
    ).properties[P]
    assert told.example == (f"{BASE}id/org/b", '"three"@en')


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
