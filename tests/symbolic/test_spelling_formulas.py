"""Variables over keys of each type: the text that stands in the request, whatever its type."""

from __future__ import annotations

from itertools import product

import pytest
import z3
from cited import ARN, KEYS, policy_of

from policycheck.concrete.condition import entry_holds as concrete_holds
from policycheck.model.environment import Environment
from policycheck.model.reading import DEFAULT_READINGS, Reading
from policycheck.model.request import Request
from policycheck.model.text import Variable
from policycheck.symbolic.binding import bindings
from policycheck.symbolic.boolean import both, either, iff, negation
from policycheck.symbolic.condition import entry_holds
from policycheck.symbolic.pinning import truth
from policycheck.symbolic.request import Request as Symbols
from policycheck.symbolic.spelling import alone, spelling
from policycheck.symbolic.symbols import TextSymbol
from policycheck.symbolic.text import missing, variable_values

ENVIRONMENT = Environment(keys=KEYS)
VALUES = {
    "x:b": ["true", "TRUE", "False", "false", "", "yes"],
    "x:n": ["1", "1.0", "", "one"],
    "x:t": ["2026-01-01", "", "now"],
    "x:arn": ["arn:aws:s3:::a", "arn", ""],
    "x:bytes": ["a", "TRUE", ""],
    "x:address": ["::1", ("::1", "::2"), "", ("", "::1"), "none"],
    "x:list": ["a", ("a", "1"), "", ("", "")],
}
REFERERS = ["", "true", "TRUE", "1", "d", "da", "a", "arn:aws:s3:::a", "arn", "::1", "one", "False"]
FORMS = {
    "StringLike": ["${KEY}", "?${KEY}*", "*${KEY, 't'}ue"],
    "StringNotEquals": [
        *("${KEY, 'd'}", "${KEY, ''}", "${KEY, 'd'}a", "${aws:UserAgent}${KEY}"),
        *("${KEY}${aws:UserAgent}", "${KEY, 'd'}${aws:UserAgent, 'a'}"),
    ],
    "StringEqualsIgnoreCase": ["${KEY}", "${KEY, 'd'}"],
}
READINGS = [DEFAULT_READINGS, frozenset({Reading.EMPTY_VARIABLE_HAS_NO_VALUE})]


def entries(key):
    for operator, forms in FORMS.items():
        for form in forms:
            block = {"Condition": {operator: {"aws:Referer": form.replace("KEY", key)}}}
            yield policy_of(block).statements[0].conditions[0]


def symbols_under(readings):
    switched = {reading: reading in readings for reading in Reading}
    return Symbols(ENVIRONMENT, {"x:address": 2, "x:list": 3}, switched)


@pytest.mark.parametrize("readings", READINGS)
@pytest.mark.parametrize("key", VALUES)
def test_a_variable_stands_for_the_text_of_the_value(key, readings):
    """Rules B6-variable, B6-default, B6-variable-empty, B6-variable-multivalued, B3-bool."""
    symbols = symbols_under(readings)
    formulas = [(one, entry_holds(one, symbols)) for one in entries(key)]
    for value, referer in product([None, *VALUES[key]], REFERERS):
        context = {"aws:Referer": referer} | ({} if value is None else {key: value})
        if referer in {"d", "da", "1"}:
            context["aws:UserAgent"] = referer[1:]
        request = Request(ARN, context=context)
        bound = bindings(symbols, request)
        for one, formula in formulas:
            expected = concrete_holds(one, request.values, readings)
            assert truth(formula, bound) is expected, (one, context)


def valid(formula):
    solver = z3.Solver()
    solver.add(z3.Not(formula))
    return solver.check() == z3.unsat


@pytest.mark.parametrize("key", VALUES)
def test_a_value_has_one_spelling(key):
    """Rule B6-variable. The guards of the spellings exclude each other, and one of them holds."""
    symbols = symbols_under(DEFAULT_READINGS)
    slots = symbols.key(key).slots
    for slot in slots:
        guards = [guard for guard, _ in spelling(key, slot)]
        assert valid(either(guards))
        for index, one in enumerate(guards):
            assert all(valid(negation(both(one, other))) for other in guards[:index])
    several = symbols.spelling(key)
    guards = [guard for guard, _ in several]
    for index, one in enumerate(guards):
        assert all(valid(negation(both(one, other))) for other in guards[:index])
    if len(slots) == 1:
        assert several == spelling(key, slots[0])
        assert symbols.has_one_value(key) is symbols.key(key).present
    else:
        assert valid(iff(either(guards), symbols.has_one_value(key)))
        assert valid(iff(either(alone(symbols.key(key), one) for one in slots), either(guards)))
        for one, other in product(slots, slots):
            if one is not other:
                assert valid(negation(both(alone(symbols.key(key), one), other.filled)))


SPELLED = {
    "x:b": ["true", "true x:b", "false", "false x:b", "malformed spelling x:b"],
    "x:n": ["spelling x:n", "malformed spelling x:n"],
    "x:t": ["spelling x:t", "malformed spelling x:t"],
    "aws:SecureTransport": [
        *("true", "true aws:SecureTransport", "false", "false aws:SecureTransport"),
    ],
    "aws:SourceIp": ["spelling aws:SourceIp"],
}


@pytest.mark.parametrize(("key", "names"), SPELLED.items())
def test_what_is_spelled_is_a_text_of_its_own(key, names):
    """Rule B3-bool. A model that hangs on such a text may be impossible: it is loose."""
    texts = [text for _, text in spelling(key, symbols_under(DEFAULT_READINGS).key(key).slots[0])]
    assert [getattr(one, "name", one) for (one,) in texts] == names
    for (symbol,) in texts:
        if isinstance(symbol, str):
            continue
        assert symbol.loose
        if symbol.name.startswith(("true", "false")):
            word = symbol.name.partition(" ")[0]
            assert symbol.domain.admits(word.upper())
            assert symbol.domain.admits(word.title())
            assert not symbol.domain.admits(word)
            assert len(symbol.domain.choices) == 2 ** len(word) - 1
            assert list(symbol.domain.choices) == sorted(symbol.domain.choices)
        else:
            assert symbol.domain.admits("a")
            assert symbol.domain.admits("") is symbol.name.startswith("malformed")


def test_the_spellings_of_several_values_are_named_after_their_key():
    texts = {text for _, text in symbols_under(DEFAULT_READINGS).spelling("x:address")}
    names = {"spelling x:address", "malformed spelling x:address"}
    assert {symbol.name for (symbol,) in texts} == names


def test_an_empty_default_leaves_nothing_behind():
    """Rule B6-variable-empty."""
    symbols = symbols_under(DEFAULT_READINGS)
    for default, left in (("", ()), ("d", ("d",))):
        (*_, (guard, text)) = variable_values(Variable("aws:referer", default), symbols)
        assert text == left
        assert guard.eq(negation(symbols.key("aws:Referer").present))
    assert [text for _, text in variable_values(Variable("aws:referer"), symbols)] == [
        (TextSymbol("key aws:referer"),)
    ]


def test_a_variable_without_a_default_may_be_missing():
    """Rule B6-variable-void."""
    symbols = symbols_under(DEFAULT_READINGS)
    assert z3.is_false(missing(Variable("aws:referer", ""), symbols))
    present = symbols.key("aws:Referer").present
    assert missing(Variable("aws:referer"), symbols).eq(negation(present))
    assert z3.is_true(missing(Variable("x:unknown"), symbols))
