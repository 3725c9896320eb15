import datetime as dt
import subprocess
import sys

import pytest
from rule_examples import FOLDER, example

from policycheck.analyse.waivers import apply_waivers
from policycheck.diagnostics import Source
from policycheck.model.finding import Finding, FindingType
from policycheck.model.policy import Policy
from policycheck.model.waiver import Waiver
from policycheck.read.policy import parse_policy
from policycheck.read.waivers import parse_waivers

DAY = dt.date(2026, 11, 25)
RANGE = Finding("IMPROVE_IP_RANGE", FindingType.SUGGESTION, "host bits", statement=1)
OTHER = Finding("IMPROVE_IP_RANGE", FindingType.SUGGESTION, "host bits", statement=2)
WHOLE = Finding("NO_ALLOW", FindingType.WARNING, "no Allow")


def waiver(code="IMPROVE_IP_RANGE", expires=DAY, statements=None, **rest):
    chosen = None if statements is None else frozenset(statements)
    return Waiver(code, "it moves", "net team", expires, chosen, **rest)


def codes(findings):
    return [one.code for one in findings]


def test_without_waivers_every_finding_stays():
    assert apply_waivers([RANGE, WHOLE], [], DAY) == ((RANGE, WHOLE), (), ())


def test_a_waiver_silences_all_findings_of_its_code():
    one = waiver()
    found = apply_waivers([RANGE, WHOLE, OTHER], [one], DAY)
    assert found.kept == (WHOLE,)
    assert found.waived == ((RANGE, one), (OTHER, one))
    assert found.problems == ()


def test_a_waiver_of_a_statement_silences_its_findings_alone():
    found = apply_waivers([RANGE, OTHER, WHOLE], [waiver(statements={1})], DAY)
    assert found.kept == (OTHER, WHOLE)
    assert [one.finding for one in found.waived] == [RANGE]


def test_a_waiver_of_a_statement_silences_no_finding_about_the_policy():
    found = apply_waivers([WHOLE], [waiver("NO_ALLOW", statements={0})], DAY)
    assert found.kept == (WHOLE,)
    assert codes(found.problems) == ["WAIVER_UNUSED"]


@pytest.mark.parametrize(("after", "holds"), [(-1, True), (0, True), (1, False)])
def test_a_waiver_holds_through_its_last_day(after, holds):
    found = apply_waivers([RANGE], [waiver()], DAY + dt.timedelta(days=after))
    assert (found.kept == ()) is holds
    assert codes(found.problems) == ([] if holds else ["WAIVER_EXPIRED"])


def test_an_expired_waiver_is_an_error_and_the_finding_is_back():
    old = waiver(expires=dt.date(2026, 1, 31), statements={1}, target="statement 1")
    found = apply_waivers([RANGE], [old], DAY)
    assert found.kept == (RANGE,)
    (problem,) = found.problems
    assert problem.type is FindingType.ERROR
    assert "IMPROVE_IP_RANGE in statement 1 ran out on 2026-01-31" in problem.message
    assert problem.evidence == "net team waived it: it moves"
    assert problem.statement == 1


def test_an_expired_waiver_is_an_error_even_if_it_matches_nothing():
    assert codes(apply_waivers([], [waiver(expires=dt.date.min)], DAY).problems) == [
        "WAIVER_EXPIRED"
    ]


def test_a_second_waiver_that_holds_makes_up_for_an_expired_one():
    old, new = waiver(expires=dt.date.min), waiver()
    found = apply_waivers([RANGE], [old, new], DAY)
    assert found.waived == ((RANGE, new),)
    assert codes(found.problems) == ["WAIVER_EXPIRED"]


def test_a_waiver_that_matches_nothing_is_a_warning():
    (problem,) = apply_waivers([WHOLE], [waiver(hint="a typo")], DAY).problems
    assert (problem.code, problem.type) == ("WAIVER_UNUSED", FindingType.WARNING)
    assert problem.help == "a typo"


def test_waivers_of_codes_that_were_not_looked_for_are_not_judged():
    expired = waiver(expires=dt.date.min)
    assert apply_waivers([WHOLE], [waiver(), expired], DAY, {"NO_ALLOW"}).problems == ()


POLICY = """{"Version": "2012-10-17", "Statement": [{"Sid": "Office", "Effect": "Allow",
 "Principal": "*", "Action": "*", "Resource": "*",
 "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.9/24"}}}]}"""


@pytest.mark.parametrize("code", ["WAIVER_EXPIRED", "WAIVER_UNUSED"])
def test_the_examples_of_the_pages(code):
    def problems(section):
        policy: Policy = parse_policy(Source("policy.json", POLICY))
        text = Source("policy.waivers.yaml", example(code, section)["yaml"])
        waivers = parse_waivers(text, policy.statements)
        (found,) = policy.warnings
        finding = Finding(found.code, FindingType.SUGGESTION, found.message, statement=0)
        return codes(apply_waivers([finding], waivers, DAY).problems)

    assert problems("Avoid") == [code]
    assert problems("Prefer") == []


def test_waivers_need_no_solver():
    ask = "import sys, policycheck.analyse.waivers, policycheck.read.waivers as w; "
    ask += "sys.exit('z3' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", ask], cwd=FOLDER.parents[1], check=False).returncode
        == 0
    )
