"""A policy, verdicts and findings whose every text is markup, a command or an escape."""

import json

from policycheck.concrete.policy import evaluate
from policycheck.diagnostics import Diagnostic, Source, Span
from policycheck.model.assertion import Assertion, AssertionKind, Severity
from policycheck.model.finding import Finding, FindingType
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.verdict import Example, Failure, Report, Status, Verdict
from policycheck.read.policy import parse_policy
from policycheck.read.request import request_from

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
LINK = "[click](https://evil.example) ![i](https://evil.example/i.png) @everyone #1 {0} {{x}}"
FENCE = "``````\n::error::owned\r\n::set-output name=a::b\n| a | b |\n</details>"
ESCAPES = "\x1b[2J\x1b]0;title\x07\u202e\ufffe\x00%0A::stop-commands::x"
EVERYTHING = f"{SCRIPT}{LINK}{FENCE}{ESCAPES}</style></script>]]>'\"&amp;"
FILE = "a,b:c\n::error::owned <b>[x](y)`.json"


def policy():
    statement = {
        "Sid": EVERYTHING,
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": {"StringNotEquals": {f"aws:RequestTag/{SCRIPT}": EVERYTHING}},
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=1)
    return parse_policy(Source(FILE, text))


def request():
    return request_from(
        {
            "resource": f"arn:aws:execute-api:us-east-1:123456789012:abcdef1234/p/GET/{EVERYTHING}",
            "context": {"aws:SourceIp": "8.8.8.8", f"aws:RequestTag/{SCRIPT}": EVERYTHING + "x"},
        }
    )


def proof():
    about, asked = policy(), request()
    found = Example(asked, evaluate(about, asked))
    assertion = Assertion(
        EVERYTHING,
        AssertionKind.NEVER_ALLOWED,
        description=EVERYTHING,
        severity=Severity.CRITICAL,
        span=Span(Source(FILE, EVERYTHING), 0, 5),
    )
    violated = Verdict(
        about,
        assertion,
        Status.VIOLATED,
        counterexample=found,
        because=about.statements,
        notes=(EVERYTHING,),
    )
    unknown = Verdict(about, assertion, Status.UNKNOWN, reason=EVERYTHING)
    return Report((violated, unknown), failures())


def lint():
    about, asked = policy(), request()
    finding = Finding(
        "UNSUPPORTED_SID",
        FindingType.SECURITY_WARNING,
        EVERYTHING,
        about.statements[0].span,
        EVERYTHING,
        EVERYTHING,
        EVERYTHING,
        0,
        Example(asked, evaluate(about, asked)),
    )
    return LintReport((PolicyFindings(about, (finding,), (EVERYTHING,)),), failures())


def failures():
    found = Diagnostic(
        "CODE", EVERYTHING, Span(Source(FILE, EVERYTHING), 3, 9), EVERYTHING, EVERYTHING
    )
    return (Failure(FILE, (found,)),)
