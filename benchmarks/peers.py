"""What other tools say of the policies under examples, as a Markdown table.

They are not installed with policycheck; install them anywhere and name their programs' folders:

    python -m venv a && a/bin/pip install parliament checkov cloudsplaining
    python -m venv b && b/bin/pip install zeuscloud-iamspy 'pydantic<2'
    python benchmarks/peers.py a/bin b/bin
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import policycheck as pc

ROOT = Path(__file__).parents[1]
PACKAGES = ("parliament", "checkov", "cloudsplaining", "zeuscloud-iamspy")
API = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234"
ROLE = "arn:aws:iam::123456789012:role/reader"
IAMSPY = """
import json, logging, sys
logging.disable(logging.CRITICAL)
from zeuscloud_iamspy.model import Model
given = json.load(sys.stdin)
model = Model()
model.load_gaad_json(given["gaad"])
model.load_resource_policies_json(given["resources"])
print(model.can_i(given["role"], "execute-api:Invoke", given["called"]))
"""


def policies() -> Iterator[Path]:
    """The policies of the examples, without the expected outputs."""
    for path in sorted((ROOT / "examples").glob("*/*.json")):
        if not path.name.startswith("expected"):
            yield path


def program(folders: Sequence[Path], name: str) -> str:
    return next(str(one / name) for one in folders if (one / name).exists())


def run(*command: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def versions(folders: Sequence[Path]) -> Iterator[str]:
    """The versions of the tools, each from the Python beside its program."""
    ask = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
    for package in PACKAGES:
        for folder in folders:
            found = run(str(folder / "python"), "-c", ask, package)
            if found.returncode == 0:
                yield f"{package} {found.stdout.strip()}"


def counted(codes: Iterable[str]) -> str:
    """Codes with how often each occurs."""
    found = Counter(codes)
    return ", ".join(f"`{code}`" + (f" x{n}" if n > 1 else "") for code, n in found.items()) or "-"


def policycheck(path: Path) -> str:
    return counted(one.code for one in pc.lint(pc.load_policy(path)).findings)


def parliament(path: Path, folders: Sequence[Path]) -> str:
    found = run(program(folders, "parliament"), "--json", text=path.read_text(encoding="utf-8"))
    return counted(json.loads(line)["issue"] for line in found.stdout.splitlines())


def cloudsplaining(path: Path, folders: Sequence[Path]) -> str:
    found = run(program(folders, "cloudsplaining"), "scan-policy-file", "-i", str(path))
    lines = [line for line in found.stdout.splitlines() if line.startswith("Issue found")]
    return counted(line.partition(": ")[2] for line in lines) if found.returncode == 0 else "error"


def checkov(paths: Sequence[Path], folders: Sequence[Path]) -> dict[Path, str]:
    """The checks that fail for the API of templates of which each holds one policy, by the policy.

    A bucket stands in each template too: its findings show that the template was read.
    """
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(paths):
            policy = json.loads(path.read_text(encoding="utf-8"))
            api = {
                "Type": "AWS::ApiGateway::RestApi",
                "Properties": {"Name": "a", "Policy": policy},
            }
            template = {"Resources": {"Api": api, "Control": {"Type": "AWS::S3::Bucket"}}}
            Path(folder, f"{number}.json").write_text(json.dumps(template), encoding="utf-8")
        options = ("--framework", "cloudformation", "-o", "json", "--compact")
        found = run(program(folders, "checkov"), "-d", folder, *options)
    report = json.loads(found.stdout)
    failed: dict[Path, list[str]] = {path: [] for path in paths}
    control: Counter[Path] = Counter()
    for one in report["results"]["failed_checks"]:
        path = paths[int(Path(one["file_path"]).stem)]
        if one["resource"].endswith(".Control"):
            control[path] += 1
        else:
            failed[path].append(one["check_id"])
    assert len(control) == len(paths)
    return {path: counted(codes) for path, codes in failed.items()}


def expanded(path: Path) -> Any:
    """The policy with the shorthand of Resource written out, which the others do not know."""
    return json.loads(path.read_text(encoding="utf-8").replace('"execute-api:/', f'"{API}/'))


def called(path: Path) -> str:
    """The ARN of a request that the first Allow of the policy speaks of."""
    allow = next(one for one in expanded(path)["Statement"] if one["Effect"] == "Allow")
    given = allow["Resource"]
    first = given if isinstance(given, str) else given[0]
    api, *parts = first.split("/", 3)
    usual = ("prod", "GET", "pets")
    named = [
        part if "*" not in part else part.replace("*", usual[n]) for n, part in enumerate(parts)
    ]
    return "/".join([api, *named, *usual[len(named) :]])


def iamspy(path: Path, folders: Sequence[Path]) -> str:
    """Whether a role of the API's account, without identity policies, can make that request."""
    policy, resource = expanded(path), called(path)
    role = {
        "Path": "/",
        "RoleName": "reader",
        "RoleId": "AROAAAAAAAAAAAAAAAAAA",
        "Arn": ROLE,
        "CreateDate": "2026-01-01 00:00:00+00:00",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
        "InstanceProfileList": [],
        "RolePolicyList": [],
        "AttachedManagedPolicies": [],
        "Tags": [],
        "RoleLastUsed": {},
    }
    gaad = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [role], "Policies": []}
    resources = [{"Resource": resource, "Policy": policy, "Account": "123456789012"}]
    given = {"gaad": gaad, "resources": resources, "role": ROLE, "called": resource}
    python = next(str(one / "python") for one in folders if (one / "iamspy").exists())
    found = run(python, "-c", IAMSPY, text=json.dumps(given))
    if found.returncode:
        return f"error: {found.stderr.strip().splitlines()[-1][:60]}"
    return found.stdout.strip().splitlines()[-1]


def truth(path: Path) -> str:
    """The same question to policycheck, about a regional endpoint with IAM authorization."""
    resource = called(path)
    spec = f"""
version: 1
api: {{endpoint: regional, authorization: iam, arn: "{resource.partition("/")[0]}"}}
assertions:
  - id: can
    sometimes_allowed: {{principal: "{ROLE}", resource: "{resource}"}}
"""
    report = pc.prove(pc.load_policy(path), pc.parse_spec(pc.Source("s", spec), Path()))
    return str(report.ok)


def main(folders: Sequence[Path]) -> None:
    """Prints both tables."""
    paths = list(policies())
    failed = checkov(paths, folders)
    tools = ", ".join(versions(folders))
    print(f"{dt.datetime.now(dt.UTC).date()}; policycheck {pc.__version__}, {tools}.\n")
    print("| policy | policycheck lint | parliament | checkov | cloudsplaining |")
    print("|---|---|---|---|---|")
    for path in paths:
        name = path.relative_to(ROOT / "examples").as_posix()
        cells = policycheck(path), parliament(path, folders), failed[path]
        print(f"| {name} | {' | '.join(cells)} | {cloudsplaining(path, folders)} |")
    print("\n| policy | called | IAMSpy | policycheck |\n|---|---|---|---|")
    for path in paths:
        name = path.relative_to(ROOT / "examples").as_posix()
        resource = called(path).partition("/")[2]
        print(f"| {name} | {resource} | {iamspy(path, folders)} | {truth(path)} |")


if __name__ == "__main__":
    main([Path(one).absolute() for one in sys.argv[1:]])
