from kmn_ld.describe import Property, Value, expand, shorten
from kmn_ld.describe.fields import Kin, fields_of
from kmn_ld.describe.rules import Rule, RuleBook, Shape
from kmn_ld.engine.terms import BlankNode, Iri, Literal

HAS, TEXT, INTEGER = "kmn:has", "rdf:langString", "xsd:integer"
THING = expand("kmn:Thing")


class Reader:
    """Names nothing."""

    def value(self, term):
        return Value(term)


def _iri(short):
    return Value(Iri(expand(short)))


def _rule(path=HAS, *, severity="violation", kinds=(), choices=(), **conditions):
    said = tuple(
        Property(
            expand(f"sh:{name}"), (), values if isinstance(values, tuple) else (Value(values),)
        )
        for name, values in conditions.items()
    )
    return Rule(
        iri=f"https://example.org/{path}{severity}{len(conditions)}",
        names=(),
        messages=(),
        severity=severity,
        path=path,
        path_terms=(expand(path),) if path[0].isalpha() else (),
        conditions=said,
        queries=(),
        kinds=tuple(map(_iri, kinds)),
        choices=tuple(choices),
    )


def _shape(*rules, **targets):
    told = tuple(
        Property(expand(f"sh:target{name}"), (), tuple(map(_iri, values.split())))
        for name, values in targets.items()
    )
    name = " ".join(targets.values())
    return Shape(Rule(name, (), (), "violation", "", (), (), ()), told, rules)


def _fields(*shapes, above=(), below=(), properties=()):
    kin = Kin(
        THING,
        above={expand(short) for short in above},
        below={expand(short) for short in below},
        properties={expand(short) for short in properties},
    )
    return fields_of(kin, RuleBook(None, shapes), Reader())


def _number(text):
    return Literal(str(text), datatype=expand(INTEGER))


def test_what_holds_for_a_class_above_holds_for_the_class_after_its_own_rules():
    found = _fields(
        _shape(_rule("kmn:high"), Class="kmn:High"),
        _shape(_rule("kmn:own"), Class="kmn:Thing"),
        _shape(_rule("kmn:other"), Class="kmn:Other"),
        above=["kmn:High"],
    )
    assert [(shorten(one.property.term.value), one.shape.iri, one.only) for one in found] == [
        ("kmn:own", "kmn:Thing", ()),
        ("kmn:high", "kmn:High", ()),
    ]


def test_a_shape_for_many_classes_comes_after_those_for_few():
    found = _fields(
        _shape(_rule("kmn:general"), Class="kmn:A kmn:B kmn:Thing"),
        _shape(_rule("kmn:own"), Class="kmn:Thing"),
    )
    assert [shorten(one.property.term.value) for one in found] == ["kmn:own", "kmn:general"]


def test_what_holds_for_a_class_below_or_where_a_property_stands_says_for_what():
    found = _fields(
        _shape(_rule("kmn:low"), Class="kmn:Low kmn:Other"),
        _shape(_rule("kmn:where"), SubjectsOf="kmn:stated kmn:unused"),
        below=["kmn:Low"],
        properties=["kmn:stated"],
    )
    assert {shorten(one.property.term.value): one.only for one in found} == {
        "kmn:low": (_iri("kmn:Low"),),
        "kmn:where": (_iri("kmn:stated"),),
    }


def test_the_narrowest_bounds_count_and_the_values_that_any_rule_names():
    own = _shape(_rule(maxCount=_number(5)), Class="kmn:Thing")
    high = _shape(
        _rule(kinds=["kmn:Value"], minCount=_number(1), maxCount=_number(2)), Class="kmn:High"
    )
    (field,) = _fields(own, high, above=["kmn:High"])
    assert (field.least, field.most, field.values) == ("1", "2", (_iri("kmn:Value"),))


def test_what_is_only_wished_for_bounds_nothing():
    wished = _rule(severity="info", minCount=_number(1))
    (field,) = _fields(_shape(_rule(), wished, Class="kmn:Thing"))
    assert (field.least, field.most) == ("0", "")


def test_bounds_of_a_part_of_the_things_do_not_hold_for_all():
    low = _shape(_rule(minCount=_number(1)), Class="kmn:Low")
    (field,) = _fields(_shape(_rule(), Class="kmn:Thing"), low, below=["kmn:Low"])
    assert field.least == "0"


def test_one_text_per_language_stands_as_often_as_there_are_languages():
    languages = Value(BlankNode("x"), items=(Value(Literal("de")), Value(Literal("en"))))
    rule = _rule(languageIn=(languages,), uniqueLang=Literal("true"), kinds=[TEXT])
    (field,) = _fields(_shape(rule, Class="kmn:Thing"))
    assert (field.most, field.is_link) == ("2", False)


def test_a_value_that_must_stand_stands_once_at_least_and_tells_whether_it_is_a_resource():
    wanted = _iri("kmn:x")
    rule = _rule(hasValue=(wanted,), choices=[wanted])
    (field,) = _fields(_shape(rule, Class="kmn:Thing"))
    assert (field.least, field.is_link, field.choices) == ("1", True, (wanted,))


def test_what_is_forbidden_and_what_is_no_single_property_is_left_out():
    rules = _rule("kmn:never", maxCount=_number(0)), _rule("^kmn:back")
    assert _fields(_shape(*rules, Class="kmn:Thing")) == ()


def test_a_bound_that_is_no_number_is_passed_over():
    (field,) = _fields(_shape(_rule(minCount=Literal("few")), Class="kmn:Thing"))
    assert field.least == "0"
