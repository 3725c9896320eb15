"""A policy, requests and verdicts to report on."""

from pathlib import Path

from policycheck.concrete.policy import evaluate
from policycheck.diagnostics import Diagnostic, Source, Span
from policycheck.model.assertion import Assertion, AssertionKind, Severity
from policycheck.model.reading import Reading
from policycheck.model.verdict import Example, Failure, Report, Status, Verdict
from policycheck.read.policy import parse_policy
from policycheck.read.request import request_from

GOLDEN = Path(__file__).parents[1] / "golden"
API = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234"


def policy(name="policy.json"):
    return parse_policy(Source(name, (GOLDEN / "policy.json").read_text(encoding="utf-8")))


def request(target="/prod/GET/pets/7", principal="*", **context):
    keys = {f"aws:{name}": value for name, value in context.items()}
    return request_from({"resource": API + target, "principal": principal, "context": keys})


INSIDE = request(
    "/prod/POST/pets/a b/7", SourceIp="203.0.113.9", CurrentTime="2026-11-24T09:30:00Z"
)
OUTSIDE = request(
    SourceIp="8.8.8.8",
    CurrentTime="2026-11-24T09:30:00Z",
    UserAgent="curl/8",
    PrincipalOrgPaths=["o-a/r-b/", "o-a/r-c/"],
)


def verdict(status, kind=AssertionKind.NEVER_ALLOWED, about=None, name="an-assertion", **rest):
    found = about or policy()
    given = {key: rest.pop(key) for key in ("description", "severity", "baseline") if key in rest}
    return Verdict(found, Assertion(name, kind, **given), status, **rest)


def example(of, **rest):
    return Example(of, evaluate(policy(), of), **rest)


def violated(of, kind=AssertionKind.NEVER_ALLOWED, **rest):
    found = policy()
    shown = example(of, readings=frozenset(rest.get("readings", ())))
    because = tuple(found.statements[index] for index in shown.decision.statements)
    return verdict(Status.VIOLATED, kind, found, counterexample=shown, because=because, **rest)


def everything():
    """A report with every status, kind and addition."""
    office = policy()
    return Report(
        (
            violated(
                INSIDE,
                name="no-public-prod",
                description="No public address can invoke /prod",
                severity=Severity.CRITICAL,
                seconds=0.01234,
            ),
            violated(
                OUTSIDE,
                AssertionKind.ALWAYS_ALLOWED,
                name="always-there",
                readings=(Reading.PRIVATE_SOURCE_IP_PRESENT,),
                under=(Reading.PRIVATE_SOURCE_IP_PRESENT,),
                notes=("The request is one of many.",),
            ),
            violated(INSIDE, AssertionKind.NO_BROADER_THAN, baseline=policy("baseline.json")),
            violated(OUTSIDE, AssertionKind.EQUIVALENT_TO, baseline=policy("baseline.json")),
            verdict(Status.VIOLATED, AssertionKind.SOMETIMES_ALLOWED),
            verdict(Status.PROVED, because=office.statements, name="proved"),
            verdict(Status.PROVED, AssertionKind.SOMETIMES_ALLOWED, witness=example(INSIDE)),
            verdict(Status.VACUOUS, reason="no request that can exist is on the stage prod"),
            verdict(Status.UNKNOWN, reason="the time limit of 60 seconds was reached", seconds=60),
        ),
        (Failure("bad.json", (diagnostic('{"Version": 1}', "1", "Version must be a string"),)),),
    )


def diagnostic(text, part, message="a message", label="", name="bad.json", **rest):
    source = Source(name, text)
    start = text.index(part)
    span = Span(source, start, start + len(part))
    return Diagnostic("SOME_CODE", message, span, label, **rest)
