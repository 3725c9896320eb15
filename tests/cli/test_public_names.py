import subprocess
import sys

import pytest

import policycheck as pc

SPEC = "version: 1\nassertions:\n  - {id: a, never_allowed: {stage: prod}}\n"


def test_importing_policycheck_loads_nothing_heavy():
    script = (
        "import sys, policycheck\n"
        "print(*(n for n in ('z3', 'click', 'rich', 'hypothesis', 'netaddr') if n in sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == ""


@pytest.mark.parametrize("name", pc.__all__)
def test_every_public_name_is_there(name):
    if name == "export":
        pytest.importorskip("policycheck.analyse.export")
    assert getattr(pc, name) is not None


def test_no_public_name_is_forgotten():
    assert set(pc.__all__) == {"__version__", *pc._HOME_OF}
    assert dir(pc) == sorted(pc.__all__)


def test_there_are_no_other_names():
    with pytest.raises(AttributeError, match="no attribute 'frobnicate'"):
        pc.frobnicate  # noqa: B018


def test_the_contract_of_python(folder):
    policy = pc.load_policy(folder / "policy.json")
    report = pc.prove(policy, pc.load_spec(folder / "spec.yaml"))
    assert not report.ok
    [violated] = report.violated
    assert violated.counterexample.decision.decision == "Allow"
    request = pc.Request(
        resource="arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/GET/pets",
        context={"aws:SourceIp": "203.0.113.9"},
    )
    assert pc.evaluate(policy, request).decision == "Allow"


def test_several_policies(folder):
    policy = pc.load_policy(folder / "policy.json")
    spec = pc.load_spec(folder / "spec.yaml")
    seen = []
    report = pc.prove([policy, policy], spec, on_verdict=seen.append)
    assert len(report.verdicts) == 6
    assert seen == list(report.verdicts)


def test_a_policy_that_misuses_a_declared_key_is_a_failure(folder):
    text = (folder / "policy.json").read_text().replace("aws:SourceIp", "my:key")
    spec = f"{SPEC}keys: {{my:key: {{type: string}}}}\n"
    report = pc.prove(
        pc.parse_policy(pc.Source("p", text)), pc.parse_spec(pc.Source("s.yaml", spec), folder)
    )
    assert [one.name for one in report.failures] == ["p"]
    assert report.exit_code == 2
