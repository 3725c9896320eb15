"""Every block of commands in the pages is run, or stands in a list that says why it cannot be."""

import json
import shutil
import subprocess

import pytest
from blocks import COMMANDS, blocks, check, tools, type_in, write_files
from scenes import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md"))]
TUTORIAL = ROOT / "docs" / "tutorial.md"  # test_tutorial.py runs it as a whole
BLOCKS = [
    one for page in PAGES if page != TUTORIAL for one in blocks(page) if one.language in COMMANDS
]

NOT_RUN = {
    "python -m pip install . && {": "installs; the pages' tests run what comes after it",
    "python -m pip install -e '.[dev]'": "installs and runs all tests",
    "pip install 'policycheck[cluster]'": "a cluster; tests/fleet starts one",
    "aws apigateway get-rest-api": "asks AWS; tests/cli/test_sources.py has the answer",
    "policycheck prove aws:": "asks AWS; tests/cli/test_sources.py has a stand-in",
    "docker ": "needs a daemon",
    "python -m pip install --require-hashes": "installs; .ci/run does it with the other lock",
    "make mutate": "takes hours",
    "cd cvc5 &&": "needs the sources of cvc5",
}
"""The beginnings of blocks that are not run, each with the reason."""

POLICY = ROOT / "examples" / "ipv6-past-a-deny-list"
REQUEST = {
    "resource": "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/GET/pets",
    "context": {"aws:SourceIp": "203.0.113.9"},
}


TEMPLATE = """
Parameters:
  StageName: {Type: String}
Resources:
  Orders:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: execute-api:Invoke
            Resource: !Sub "execute-api:/${StageName}/GET/pets"
"""
TERRAFORM = """
resource "aws_api_gateway_rest_api_policy" "orders" {
  rest_api_id = "abcdef1234"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Principal = "*", Action = "execute-api:Invoke",
      Resource = "execute-api:/prod/GET/pets"
      Condition = {IpAddress = {"aws:SourceIp" = "8.8.8.0/24"}}
    }]
  })
}
"""


def is_run(block):
    return not block.script.startswith(tuple(NOT_RUN))


@pytest.fixture(scope="session")
def programs(tmp_path_factory):
    return tools(tmp_path_factory.mktemp("bin"))


@pytest.fixture
def folder(tmp_path):
    """What a reader of the pages has: the examples, ready specs, and files with usual names."""
    for name in ("examples", "specs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    fixed, spec = POLICY / "fixed.json", POLICY / "spec.yaml"
    for name in ("policy.json", "policies/a.json", "apis/pets/policy.json", "more/b.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(fixed, tmp_path / name)
    shutil.copy(spec, tmp_path / "spec.yaml")
    (tmp_path / "request.json").write_text(json.dumps(REQUEST))
    (tmp_path / "estate.yaml").write_text(
        "version: 1\ndefaults: {spec: spec.yaml}\npolicies: [policies/]\n"
    )
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "main.tf").write_text(TERRAFORM)
    for name in ("old.json", "new.json"):
        shutil.copy(fixed, tmp_path / name)
    commit(tmp_path)
    return tmp_path


def commit(folder):
    """Makes the folder a repository in which all of it is on main."""
    person = ("-c", "user.name=Reader", "-c", "user.email=reader@example.com")
    for line in (["init", "-q", "-b", "main"], ["add", "."], [*person, "commit", "-qm", "all"]):
        subprocess.run(["git", *line], cwd=folder, check=True)


@pytest.mark.parametrize("block", list(filter(is_run, BLOCKS)), ids=str)
def test_a_block_does_what_its_page_says(block, folder, programs):
    if "--certify" in block.script:
        pytest.importorskip("cvc5")
    above = [one for one in blocks(block.page) if one.line < block.line]
    write_files(above, folder)
    code, output = type_in(block, folder, programs)
    check(block, code, output)


@pytest.mark.parametrize("beginning", NOT_RUN)
def test_the_list_of_what_is_not_run_has_no_more_than_the_pages(beginning):
    assert any(one.script.startswith(beginning) for one in BLOCKS)


def test_no_commands_hide_in_other_blocks():
    """Other names for shells, and bare commands in texts, would not be run."""
    generated = ROOT / "docs" / "commands.md"
    for page in PAGES:
        for one in blocks(page):
            assert one.language not in {"bash", "shell", "zsh", "shell-session"}, one
            if one.language == "text" and page != generated:
                assert not one.text.startswith(("policycheck ", "pip ")), one


def test_most_blocks_are_run():
    assert len(list(filter(is_run, BLOCKS))) > 25
