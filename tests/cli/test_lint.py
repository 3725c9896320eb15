"""``policycheck lint`` as a process."""

import json

import pytest
from command_line import ALLOW, policy_text

from policycheck.report.characters import width

PRIVATE = {"IpAddress": {"aws:SourceIp": ["192.168.1.0/24", "10.0.0.0/16"]}}
OFFICE = {"IpAddress": {"aws:SourceIp": "8.8.4.0/24"}}
DOCUMENTATION = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
BROKEN = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}'


@pytest.fixture
def policies(folder):
    """Policies with a defect, without one, with a mild one, and one that cannot be read."""
    for name, condition in {"dead": PRIVATE, "good": OFFICE, "mild": DOCUMENTATION}.items():
        (folder / f"{name}.json").write_text(policy_text({**ALLOW, "Condition": condition}))
    (folder / "broken.json").write_text(BROKEN)
    (folder / "api.yaml").write_text("version: 1\napi: {endpoint: private}\n")
    return folder


def test_a_private_address_on_a_public_endpoint_is_found_without_any_option(run, policies):
    found = run("lint", "dead.json")
    assert found.returncode == 1
    assert "error[PRIVATE_IP_ADDRESS]: 192.168.1.0/24, 10.0.0.0/16" in found.stdout
    assert "the statement allows nothing" in " ".join(found.stdout.split())
    assert found.stderr == ""


def test_nothing_found(run, policies):
    found = run("lint", "good.json")
    assert (found.returncode, found.stdout) == (0, "1 policy: nothing found\n")
    assert run("lint", "good.json", "--quiet").stdout == ""


@pytest.mark.parametrize(
    ("threshold", "code"),
    [("suggestion", 1), ("warning", 1), ("security-warning", 0), ("error", 0), ("never", 0)],
)
def test_fail_on(run, policies, threshold, code):
    found = run("lint", "mild.json", "--fail-on", threshold)
    assert found.returncode == code
    assert "warning[PLACEHOLDER_ADDRESS]" in found.stdout


def test_a_policy_that_cannot_be_read_does_not_stop_the_others(run, policies):
    found = run("lint", "broken.json", "dead.json")
    assert found.returncode == 2
    assert "MISSING_PRINCIPAL" in found.stderr
    assert "PRIVATE_IP_ADDRESS" in found.stdout
    assert "1 input not judged" in found.stdout


def test_select_and_ignore(run, policies):
    assert run("lint", "dead.json", "--ignore", "PRIVATE").returncode == 0
    assert run("lint", "dead.json", "--select", "PLACEHOLDER,REDUNDANT").returncode == 0
    assert run("lint", "dead.json", "--select", "*_IP_*").returncode == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [("PRIVATE_IP_ADRESS", "did you mean PRIVATE_IP_ADDRESS?"), ("Q*", "no rule Q*")],
)
def test_a_rule_that_is_not_there(run, policies, given, said):
    found = run("lint", "dead.json", "--select", given)
    assert found.returncode == 2
    assert said in found.stderr
    assert found.stdout == ""


def test_what_is_known_of_the_api(run, policies):
    for arguments in (("--spec", "api.yaml"), ("--endpoint", "private")):
        found = run("lint", "good.json", *arguments)
        assert found.returncode == 1
        assert "KEY_NEVER_PRESENT" in found.stdout
    overridden = run("lint", "good.json", "--spec", "api.yaml", "--endpoint", "regional")
    assert overridden.returncode == 0
    assert run("lint", "good.json", "--spec", "spec.yaml").returncode == 0
    open_to_all = run("lint", "policy.json", "--select", "POLICY_ALLOWS", "--fail-on", "warning")
    assert open_to_all.returncode == 0


def test_an_authorizer_and_addresses(run, policies):
    (policies / "open.json").write_text(policy_text(ALLOW))
    assert run("lint", "open.json").returncode == 1
    assert run("lint", "open.json", "--authorization", "cognito").returncode == 0
    found = run("lint", "good.json", "--ip-address-type", "dualstack", "--fail-on", "suggestion")
    assert "IPV4_ONLY_ADDRESS_LIST" in found.stdout


def test_a_spec_that_cannot_be_read(run, policies):
    (policies / "bad.yaml").write_text("version: 1\napi: {endpoint: publik}\n")
    found = run("lint", "good.json", "--spec", "bad.yaml")
    assert found.returncode == 2
    assert 'endpoint cannot be "publik"' in found.stderr
    assert found.stdout == ""


def test_an_undecided_question_is_said(run, policies):
    found = run("lint", "good.json", "--timeout", "0.000000001")
    assert found.returncode == 3
    assert "undecided: " in found.stdout
    assert "questions undecided" in found.stdout
    data = json.loads(run("lint", "good.json", "-t", "0.000000001", "-f", "json").stdout)
    assert data["summary"]["undecided"] == len(data["undecided"]) > 0


def test_json(run, policies):
    found = run("lint", "broken.json", "dead.json", "--format", "json")
    data = json.loads(found.stdout)
    assert data["version"] == 1
    assert data["summary"]["error"] == 1
    assert data["summary"]["errors"] == 1
    [result] = data["results"]
    assert result["policy"] == "dead.json"
    assert result["code"] == "PRIVATE_IP_ADDRESS"
    assert result["type"] == "error"
    assert (result["statement"], result["line"]) == (0, 13)
    assert result["evidence"].startswith("proved: ")
    assert data["errors"][0]["policy"] == "broken.json"


def test_a_directory_and_standard_input(run, policies):
    assert "4 policies" in run("lint", ".").stdout
    text = (policies / "dead.json").read_text()
    found = run("lint", "-", stdin=text)
    assert "--> <stdin>:13:" in found.stdout
    assert run("lint", "-", "--spec", "-").returncode == 2


def test_output_without_a_terminal_has_no_escape_codes(run, policies):
    assert "\x1b" not in run("lint", "dead.json").stdout
    assert "\x1b[1;31merror[" in run("lint", "dead.json", "--color", "always").stdout


@pytest.mark.parametrize("columns", ["40", "80"])
def test_the_findings_fit_the_page(run, policies, columns):
    (policies / "open.json").write_text(policy_text(ALLOW))
    found = run("lint", "dead.json", "open.json", "mild.json", COLUMNS=columns)
    assert max(map(width, found.stdout.splitlines())) <= int(columns)


def test_results_to_a_file(run, policies):
    found = run("lint", "dead.json", "-o", "out.txt")
    assert (found.returncode, found.stdout) == (1, "")
    assert "PRIVATE_IP_ADDRESS" in (policies / "out.txt").read_text()


WAIVER = "- {code: PRIVATE_IP_ADDRESS, reason: an old test, owner: team-x, expires: %s}\n"


def test_a_waiver_silences_a_finding_until_its_day(run, policies):
    (policies / "dead.waivers.yaml").write_text(WAIVER % "2999-12-31")
    found = run("lint", "dead.json")
    assert (found.returncode, found.stdout) == (0, "1 policy: nothing found, 1 waived\n")
    [waived] = json.loads(run("lint", "dead.json", "-f", "json").stdout)["waived"]
    assert (waived["code"], waived["owner"]) == ("PRIVATE_IP_ADDRESS", "team-x")


def test_a_waiver_that_has_run_out_fails(run, policies):
    (policies / "dead.waivers.yaml").write_text(WAIVER % "2020-01-01")
    found = run("lint", "dead.json", "--fail-on", "error")
    assert found.returncode == 1
    assert "error[WAIVER_EXPIRED]" in found.stdout
    assert "error[PRIVATE_IP_ADDRESS]" in found.stdout


def test_waivers_that_cannot_be_read(run, policies):
    (policies / "dead.waivers.yaml").write_text("- {code: NO_SUCH_RULE}\n")
    found = run("lint", "dead.json")
    assert found.returncode == 2
    assert "UNKNOWN_RULE" in found.stderr
    assert "PRIVATE_IP_ADDRESS" in found.stdout


def test_a_configuration_gives_the_defaults(run, policies):
    overrides = "overrides: [{paths: [mild.json], fail_on: error}]"
    (policies / ".policycheck.yaml").write_text(f"ignore: [PRIVATE]\n{overrides}\n")
    assert run("lint", "dead.json").returncode == 0
    assert run("lint", "mild.json").returncode == 0
    assert run("lint", "mild.json", "--fail-on", "warning").returncode == 1
    assert run("lint", "dead.json", "--no-config").returncode == 1
