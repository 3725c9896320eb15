"""What a region says in words can be read in one way only."""

from policycheck.model.region import Choice, Literal, Subject, Term
from policycheck.report.region_rows import Common, constraint_row, spell_period


def lines(*terms, subject=Subject.KEY):
    return constraint_row(Choice(subject, tuple(map(Term, terms))), Common())[1]


def test_a_text_that_is_not_one_in_any_case():
    one = Literal("aws:Referer", "is, in any case,", ("a", "b"), negated=True)
    assert lines((one,)) == ["aws:Referer is not, in any case, a and not b"]


def test_a_number_that_is_not_equal():
    one = Literal("aws:Age", "equals", ("5", "6"), negated=True)
    assert lines((one,)) == ["aws:Age does not equal 5 and not 6"]


def test_a_key_that_has_to_be_there_is_not_said_to_be_absent():
    above = Literal("aws:Age", "is at least", ("5",), negated=True, or_absent=True)
    below = Literal("aws:Age", "is less than", ("10",))
    assert lines((below, above)) == ["aws:Age is less than 10", "and aws:Age is not at least 5"]
    assert lines((above,)) == ["aws:Age is not at least 5, or is absent"]
    other = Literal("aws:Other", "is there")
    assert lines((other, above))[1] == "and aws:Age is not at least 5, or is absent"


def test_values_of_an_operator_with_a_quantifier_are_a_list():
    all_of = Literal("a:b", "meets ForAllValues:StringEquals", ("x", "y"), negated=True)
    assert lines((all_of,)) == ["a:b does not meet ForAllValues:StringEquals x, y"]


def test_alternatives_within_an_alternative_are_told_from_what_is_demanded_as_well():
    either = Literal("route", "matches", ("/a", "/b"))
    also = Literal("route", "matches", ("*/c",))
    plain = Literal("route", "matches", ("/d", "/e"))
    found = lines((either, also), (plain,), subject=Subject.ROUTE)
    assert found == ["/a or /b, and */c", "/d", "/e"]


def test_a_period_reaches_beyond_the_calendar():
    beyond = "253402300800 seconds after 1970-01-01"
    assert spell_period(1767225600, 253402300800) == f"2026-01-01T00:00:00Z to {beyond}"
    assert spell_period(None, 1767225600) == "before 2026-01-01T00:00:00Z"
    assert spell_period(-62135596801, None) == "from -62135596801 seconds after 1970-01-01 on"


def test_an_empty_value_is_shown():
    assert lines((Literal("aws:Referer", "is", ("", "a")),)) == ['aws:Referer is "" or a']
