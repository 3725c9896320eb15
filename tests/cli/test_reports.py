"""Reports in several forms at once, as a process."""

import json
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from command_line import environment

from policycheck.cli.reports import FORMS

BEGINNINGS = {
    "text": "policy.json\n",
    "json": "{",
    "sarif": '{\n  "$schema"',
    "junit": "<?xml",
    "github": "::error file=policy.json,line=",
    "gitlab": "[",
    "markdown": "## policycheck prove\n",
    "html": "<!doctype html>",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_prove(run, form):
    found = run("prove", "policy.json", "spec.yaml", "--format", form)
    assert found.returncode == 1
    assert found.stderr == ""
    assert found.stdout.lstrip().startswith(BEGINNINGS[form])
    assert "\x1b" not in found.stdout


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_lint(run, form):
    found = run("lint", "policy.json", "--format", form)
    assert found.returncode == 1
    assert found.stderr == ""
    assert "PLACEHOLDER" in found.stdout


@pytest.mark.parametrize("arguments", [("reach", "policy.json"), ("diff", "policy.json", "b.json")])
def test_pages_of_reach_and_diff(run, folder, arguments):
    (folder / "b.json").write_text((folder / "policy.json").read_text().replace("203.0", "8.8"))
    found = run(*arguments, "--endpoint", "regional", "--format", "html")
    assert found.returncode == (arguments[0] == "diff")
    assert found.stdout.lstrip().startswith("<!doctype html>")
    assert 'class="matrix"' in found.stdout
    assert "data-map" in found.stdout


def test_several_reports_beside_the_text(run, folder):
    files = {"sarif": "a.sarif", "junit": "b.xml", "gitlab": "c.json", "html": "d.html"}
    outputs = [f"--output={form}={file}" for form, file in files.items()]
    found = run("prove", "policy.json", "spec.yaml", *outputs)
    assert found.returncode == 1
    assert found.stdout.startswith("policy.json\n")
    assert json.loads((folder / "a.sarif").read_text())["version"] == "2.1.0"
    assert ET.parse(folder / "b.xml").getroot().tag == "testsuites"
    assert json.loads((folder / "c.json").read_text())[0]["check_name"] == "policycheck/open"
    assert "</html>" in (folder / "d.html").read_text()
    assert not [one for one in folder.iterdir() if one.name.startswith(".")]


def test_a_file_and_further_files(run, folder):
    found = run(
        "prove", "policy.json", "spec.yaml", "-o", "a.txt", "-o", "json=b.json", "-f", "text"
    )
    assert found.stdout == ""
    assert "VIOLATED  open" in (folder / "a.txt").read_text()
    assert json.loads((folder / "b.json").read_text())["summary"]["violated"] == 1


def test_a_name_before_an_equals_sign_that_is_no_format_is_part_of_the_file(run, folder):
    run("prove", "policy.json", "spec.yaml", "-o", "other=a.txt")
    run("prove", "policy.json", "spec.yaml", "-o", "./sariff=a.txt")
    assert {"other=a.txt", "sariff=a.txt"} <= {one.name for one in folder.iterdir()}


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        (["a", "b"], "the results go to one file; give further ones as FORMAT=FILE"),
        (["json=a", "sarif=./a"], "two reports would be written to a"),
        (["a", "sarif=a"], "two reports would be written to a"),
        (["sarif="], "sarif= names no file"),
        (["sariff=a"], "there is no format sariff; did you mean sarif?"),
        (["JSON=a"], "there is no format JSON; did you mean json?"),
        (["sarif=nowhere/a"], "nowhere/a"),
    ],
)
def test_outputs_that_cannot_be(run, folder, outputs, said):
    found = run("prove", "policy.json", "spec.yaml", *(f"--output={one}" for one in outputs))
    assert found.returncode == 2
    assert said in found.stderr.replace("./", "")
    assert not (folder / "a").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["prove", "policy.json", "spec.yaml", "-o", "policy.json"],
        ["prove", "policy.json", "spec.yaml", "-o", "json=./spec.yaml"],
        ["lint", "policy.json", "-o", "sarif=policy.json"],
        ["lint", "policy.json#RestApi", "-o", "policy.json"],
        ["reach", "policy.json", "-o", "policy.json"],
        ["explain", "policy.json", "request.json", "-o", "policy.json"],
        ["diff", "spec.yaml", "policy.json", "-o", "policy.json"],
        ["repair", "policy.json", "spec.yaml", "-o", "policy.json"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_results_do_not_take_the_place_of_what_is_read(run, folder, arguments):
    before = {one.name: one.read_bytes() for one in folder.iterdir()}
    found = run(*arguments)
    assert found.returncode == 2
    assert "is read; write the results to another file" in found.stderr
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == before


def test_the_job_summary_is_added_to(run, folder):
    summary = folder / "summary.md"
    summary.write_text("before\n")
    found = run("prove", "policy.json", "spec.yaml", "-f", "github", GITHUB_STEP_SUMMARY=summary)
    assert found.returncode == 1
    text = summary.read_text()
    assert text.startswith("before\n## policycheck prove\n")
    assert "❌ violated" in text


def test_a_job_summary_that_cannot_be_written(run):
    found = run("lint", "policy.json", "-f", "github", GITHUB_STEP_SUMMARY="/nowhere/summary")
    assert found.returncode == 2
    assert "the job summary /nowhere/summary cannot be written" in found.stderr


def test_inputs_that_cannot_be_read_are_in_every_report(run, folder):
    (folder / "bad.json").write_text('{"Version": 1}')
    outputs = ["-o", "sarif=a.sarif", "-o", "junit=b.xml", "-o", "html=c.html", "-o", "gitlab=d"]
    found = run("prove", "bad.json", "policy.json", "spec.yaml", *outputs, "-f", "github")
    assert found.returncode == 2
    assert "::error file=bad.json,line=1" in found.stdout
    for name in ("a.sarif", "b.xml", "c.html", "d"):
        assert "bad.json" in (folder / name).read_text()


def test_a_text_loads_no_other_form(folder):
    code = (
        "import sys; from policycheck.cli.program import main; "
        "main(['prove', 'policy.json', 'spec.yaml']); "
        "print([one for one in ('jinja2', 'junitparser', 'policycheck.report.html', "
        "'policycheck.report.sarif', 'policycheck.report.issues', 'policycheck.model.region') "
        "if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.endswith("[]\n")


def test_the_page_says_where_a_policy_is_wrong(run, folder):
    (folder / "bad.json").write_text('{\n"Version": "2012-10-17",\n"Statements": []}')
    run("prove", "bad.json", "spec.yaml", "-o", "html=a.html")
    assert "<h3>bad.json:3</h3>" in (folder / "a.html").read_text()
