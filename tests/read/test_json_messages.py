"""One mistake in a JSON text gives one message, which says what to write."""

import pytest

from policycheck.diagnostics import Source
from policycheck.read.json_mistakes import mistakes

MESSAGES = [
    ('{"a": 1,}', 8, "a comma before the end of the object", "remove the comma"),
    ("[1, 2,]", 6, "a comma before the end of the list", "remove the comma"),
    ('{"a": 1,, "b": 2}', 9, "a comma with nothing before it", "remove it"),
    ('{"a": 1 "b": 2}', 8, "a comma is missing", "write , between entries"),
    ('{"a" 1}', 5, "a colon is missing", "write : after the key"),
    ('{"a" = 1}', 6, "a key and its value are parted by a colon", "write :"),
    ('{"a": }', 6, "a value is missing", "write a value"),
    ('{"a"}', 2, "a key without a value", 'write "a": value; a list stands in [ ]'),
    ("{'a': 1}", 2, "JSON writes strings in double quotes", 'write "a"'),
    ("{a: 1}", 2, "a key without quotes", "write it in double quotes"),
    ('{"a": Allow}', 7, "a text without quotes", "write it in double quotes"),
    ('{"a": tru}', 7, "tru is not a value of JSON", "write true, or put it in double quotes"),
    ('{"a": None}', 7, "None is not a value of JSON", "write null, or put it in double quotes"),
    (
        '{"a": 007}',
        7,
        "007 is not a number as JSON writes it",
        'write 7, or "007" in double quotes',
    ),
    ('{"a": 1', 8, "the text ends too early", "write } at the end"),
    ('{"a": [1, {"b": 2', 18, "the text ends too early", "write }]} at the end"),
    ('{"a": [1, 2}', 12, "the list of line 1 is not closed", "write ] here"),
    ('{"a": [1, 2}, "b": 3}', 12, "the list of line 1 is closed by }", "write ]"),
    ('{"a": 1}}', 9, "} closes nothing", "remove it"),
    (
        "{} {}",
        4,
        "a second value after the end of the first",
        "keep one; two policies are two files",
    ),
    ('["a": 1]', 5, "a list holds values, not keys with values", "write { } round keys and values"),
    ('{"a": 1 2}', 9, "a second value for one key", "put the values in a list [ ]"),
    ('{"Effect: "Allow"}', 2, 'a key without its closing "', 'write "Effect":'),
    (r'{"a": "\d"}', 8, r"\d is not an escape of JSON", r"write \\d for a backslash"),
    ('{"a": "b\tc"}', 9, "a control character (0x09) in a string", r"write \t"),
    ("", 1, "there is no JSON in the text", "write a policy document"),
]


@pytest.mark.parametrize("text, column, message, advice", MESSAGES)
def test_one_mistake_gives_one_message(text, column, message, advice):
    found = mistakes(Source("x.json", text))
    assert [(one.span.column, one.message, one.help) for one in found] == [
        (column, message, advice)
    ]


def test_all_mistakes_are_reported_in_one_go():
    text = '{\n  // a\n  \'b\': True,\n  c: [1, 2,],\n  "d" "e"\n  "f": 01,\n}\n'
    lines = [one.span.line for one in mistakes(Source("x.json", text))]
    assert lines == [2, 3, 3, 4, 4, 5, 5, 6, 6]
