import dataclasses

import pytest
from reporting import API, diagnostic, everything, policy, request, verdict, violated

from policycheck.diagnostics import Diagnostic, Level
from policycheck.model.assertion import AssertionKind
from policycheck.model.request import Caller, CallerKind, Request
from policycheck.model.verdict import Report, Status
from policycheck.report import diagnostics, requests, text
from policycheck.report.characters import width
from policycheck.report.page import Page

EVIL = "\x1b[31m\u202e\r\n\x00\x9b日本"
HOSTILE = EVIL * 30


def test_every_kind_of_verdict(golden):
    golden("verdicts.txt", text.render(everything(), Page()))


def test_quiet_leaves_what_holds_out(golden):
    golden("verdicts_quiet.txt", text.render(everything(), Page(), quiet=True))


def test_colour_adds_codes_and_nothing_else():
    plain, coloured = (text.render(everything(), Page(80, colour)) for colour in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[1;31mVIOLATED" in coloured
    stripped = "".join(
        part.partition("m")[2] if i else part for i, part in enumerate(coloured.split("\x1b["))
    )
    assert stripped == plain


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_the_report_fits_the_page(columns):
    lines = text.render(everything(), Page(columns)).splitlines()
    wide = [line for line in lines if width(line) > columns]
    assert all("https://" in line or "curl" in line for line in wide)


def test_several_policies_have_a_heading_each():
    found = Report(tuple(verdict(Status.PROVED, about=policy(name)) for name in ("a", "b")))
    shown = text.render(found, Page()).splitlines()
    assert [line for line in shown if line in {"a", "b"}] == ["a", "b"]
    assert shown[-1] == "2 assertions about 2 policies: 2 proved (0.00 s)"


def hostile_request():
    keys = {"aws:UserAgent": HOSTILE, HOSTILE: (HOSTILE, HOSTILE)}
    caller = Caller(CallerKind.FEDERATED, HOSTILE)
    return Request(f"{API}/prod/GET/{HOSTILE}", f"x:{HOSTILE}", caller, keys)


def hostile_report():
    found = policy(HOSTILE[:8])
    statement = dataclasses.replace(found.statements[0], sid=HOSTILE)
    shown = violated(hostile_request(), notes=(HOSTILE,), name=HOSTILE, description=HOSTILE)
    return Report((dataclasses.replace(shown, policy=found, because=(statement,), reason=HOSTILE),))


def test_nothing_from_an_input_reaches_the_terminal_raw():
    shown = text.render(hostile_report(), Page())
    assert not set(shown) & set("\x1b\u202e\r\x00\x9b")
    assert max(map(width, shown.splitlines())) <= 80


@pytest.mark.parametrize("columns", [40, 80])
def test_a_hostile_request_fits(columns):
    lines = requests.block(hostile_request(), Page(columns), 4)
    assert max(map(width, lines)) <= columns


def test_a_request_block():
    found = request(
        principal={"AWS": "arn:aws:iam::123456789012:role/x"}, UserAgent="", Referer=" a"
    )
    assert requests.block(found, Page(), 2) == [
        "  GET /pets/7 on stage prod",
        f"  API            {API}",
        "  caller         arn:aws:iam::123456789012:role/x",
        '  aws:UserAgent  ""',
        '  aws:Referer    " a"',
    ]


def test_a_resource_that_is_no_method_is_shown_as_it_is():
    assert requests.block(Request("arn:aws:s3:::a"), Page(), 0)[0] == "arn:aws:s3:::a"


def test_a_refused_request_without_a_statement():
    shown = text.render(Report((violated(Request("arn:x"), AssertionKind.ALWAYS_ALLOWED),)), Page())
    assert "this request is not allowed, and must always be allowed:" in shown
    assert "no statement of the policy allows it" in shown


DIAGNOSTICS = (
    diagnostic(
        '{\n\t"日本": "Alow"\n}',
        '"Alow"',
        'Effect is Allow or Deny, not "Alow"',
        "no effect",
        help='write "Allow"',
    ),
    diagnostic("x" * 300 + " here " + "y" * 300, "here", "many words " * 20, "a label " * 20),
    diagnostic(
        "\x1b[31m\u202e",
        "\x1b[31m",
        EVIL,
        EVIL,
        name=EVIL,
        help=EVIL,
        level=Level.WARNING,
    ),
    Diagnostic("FILE_NOT_FOUND", "there is no file x", label="a label", help="check the path"),
)


def test_diagnostics(golden):
    golden("diagnostics.txt", diagnostics.render(DIAGNOSTICS, Page()))


def test_diagnostics_are_never_raw():
    shown = diagnostics.render(DIAGNOSTICS, Page())
    assert not set(shown) & set("\x1b\u202e\r\x00\t\x9b")


def test_a_message_of_any_length_stays_short():
    assert len(diagnostics.render([Diagnostic("X", "y" * 10**6)], Page())) < 1000


def test_coloured_levels():
    shown = diagnostics.render(DIAGNOSTICS, Page(80, colour=True))
    assert "\x1b[1;31merror[SOME_CODE]: \x1b[0m" in shown
    assert "\x1b[1;33mwarning[SOME_CODE]: \x1b[0m" in shown
