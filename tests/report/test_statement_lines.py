import pytest
from reporting import policy

from policycheck.diagnostics import Source, Span
from policycheck.report.page import Page
from policycheck.report.statements import MOST, deciding, header, needed


def shown(text):
    source = Source("x", text)
    return header(Span(source, 0, len(text))).text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"Sid": "a", "Effect": "Deny"}', '"Effect": "Deny"'),
        ('{"Effect"  :\n "Allow"}', '"Effect"  :\n "Allow"'),
        ('{"Sid": "\\"Effect\\": \\"Deny\\"", "Effect": "Allow"}', '"Effect": "Allow"'),
        (
            '{"Condition": {"StringEquals": {"Effect": "x"}}, "Effect": "Allow"}',
            '"Effect": "Allow"',
        ),
        ('{"Sid": "Effect", "Effect": "Allow"}', '"Effect": "Allow"'),
        ("Sid: a  \nEffect: Deny", "Sid: a"),
        ("", ""),
    ],
)
def test_the_effect_is_what_shows_a_statement(text, line):
    assert shown(text) == line


def test_further_statements_are_counted():
    lines = deciding(policy().statements * 4, Page())
    assert lines[-1] == f"  and {8 - MOST} more statements"
    assert sum("-->" in line for line in lines) == MOST


def test_a_statement_of_a_proof_does_nothing_to_a_request():
    assert deciding(policy().statements, Page())[3].endswith("^ statement 0 (AllowAll) allows it")
    assert needed(policy().statements, Page())[3].endswith("^ statement 0 (AllowAll)")
