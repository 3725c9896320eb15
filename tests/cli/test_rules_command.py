import json
import re

from policycheck.model.rule import rules
from policycheck.read.rule_pages import load_rule


def test_all_rules_are_listed_with_their_types(run):
    found = run("rules")
    lines = [line.split() for line in found.stdout.splitlines()]
    for code, kind in rules().items():
        assert [code, kind.value] in lines
    assert (found.returncode, found.stderr) == (0, "")


def test_a_page_is_printed_as_it_is_where_no_terminal_is(run):
    found = run("rules", "IMPROVE_IP_RANGE")
    assert found.stdout == load_rule("IMPROVE_IP_RANGE").page


def test_a_page_is_laid_out_for_a_terminal(run):
    found = run("rules", "IMPROVE_IP_RANGE", "--color", "always").stdout
    assert "\x1b[" in found
    assert "##" not in found
    assert "```" not in found
    plain = re.sub(r"\x1b\[[0-9;]*m", "", found)
    assert "203.0.113.9/24" in plain
    assert max(map(len, plain.splitlines())) <= 80


def test_case_and_hyphens_do_not_matter_in_a_code(run):
    assert run("rules", "improve-ip-range").stdout == load_rule("IMPROVE_IP_RANGE").page


def test_rules_as_json(run):
    found = json.loads(run("rules", "--format", "json").stdout)
    assert [one["code"] for one in found["rules"]] == list(rules())
    assert set(found["rules"][0]) == {"code", "type", "summary"}
    one = json.loads(run("rules", "NO_ALLOW", "--format", "json").stdout)
    assert (one["code"], one["type"]) == ("NO_ALLOW", "warning")
    assert one["page"].startswith("# NO_ALLOW\n")


def test_rules_as_markdown(run):
    lines = run("rules", "--format", "markdown").stdout.splitlines()
    assert len(lines) == len(rules()) + 2
    assert all(line.startswith("| ") and line.endswith(" |") for line in lines if "---" not in line)
    page = run("rules", "NO_ALLOW", "--format", "markdown", "--color", "always")
    assert page.stdout == load_rule("NO_ALLOW").page


def test_an_unknown_rule_is_told_with_the_nearest(run):
    found = run("rules", "IMPROVE_IP_RANG")
    assert found.returncode == 2
    assert found.stdout == ""
    assert "there is no rule IMPROVE_IP_RANG; did you mean IMPROVE_IP_RANGE?" in found.stderr
    assert "policycheck rules lists all rules" in run("rules", "7").stderr
