"""What is printed hangs on the input alone: not on locale, time zone, hash seed or terminal."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import ROOT, environment, request

EXAMPLE = ROOT / "examples/ipv6-past-a-deny-list"
POLICY = str(EXAMPLE / "policy.json")
SPEC = str(EXAMPLE / "spec.yaml")
PROVE = ["prove", POLICY, SPEC]
FORMS = {
    **{f"prove as {form}": [*PROVE, "--format", form] for form in ("json", "sarif")},
    **{f"prove as {form}": [*PROVE, "--format", form] for form in ("markdown", "html")},
    "diff as markdown": ["diff", POLICY, "other.json", "--format", "markdown"],
    "a starter spec": ["init", POLICY],
}
TEXTS = {
    "prove": PROVE,
    "lint": ["lint", POLICY],
    "reach": ["reach", POLICY],
    "diff": ["diff", POLICY, "other.json"],
    "eval": ["eval", POLICY, "request.json"],
    "explain": ["explain", POLICY, "request.json"],
    "a missing file": ["prove", "h\u00e9llo.json", SPEC],
}
USUAL = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "TERM": "xterm-256color"}
POOR = {"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "TERM": "dumb"}
FAR = {
    "LC_ALL": "tr_TR.UTF-8",
    "LANGUAGE": "tr",
    "TZ": "America/St_Johns",
    "PYTHONHASHSEED": "random",
    "COLUMNS": "40",
}
CHANGING = re.compile(rb"\(\d+\.\d\d s\)|\d+\.\d{2,} ?s\b|\"seconds\": [\d.e-]+|time=\"[\d.]+\"")


@pytest.fixture(scope="module")
def locales(tmp_path_factory):
    """A folder with the Turkish locale, if the system can make it; Turkish has its own I."""
    folder = tmp_path_factory.mktemp("locales")
    if shutil.which("localedef"):
        command = ["localedef", "-i", "tr_TR", "-f", "UTF-8", str(folder / "tr_TR.UTF-8")]
        subprocess.run(command, capture_output=True, check=False)
    return {"LOCPATH": str(folder)} if any(folder.iterdir()) else {}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("place")
    document = json.loads(Path(POLICY).read_text(encoding="utf-8"))
    document["Statement"] = document["Statement"][:1]
    (folder / "other.json").write_text(json.dumps(document, indent=2), encoding="utf-8")
    text = json.dumps(request("/prod/GET/admin", SourceIp="2001:db8::1"))
    (folder / "request.json").write_text(text, encoding="utf-8")
    return folder


def printed(command, place, **changes):
    kept = environment(**changes, SOURCE_DATE_EPOCH="1767225600")
    done = subprocess.run(
        [sys.executable, "-m", "policycheck", *command],
        cwd=place,
        env={name: value for name, value in kept.items() if name != "LANG"},
        capture_output=True,
        check=False,
    )
    return done.returncode, CHANGING.sub(b"*", done.stdout), CHANGING.sub(b"*", done.stderr)


def same_everywhere(command, place, surroundings, **width):
    usual = printed(command, place, **USUAL)
    assert usual[0] in {0, 1, 2}
    assert usual[1] or usual[2]
    assert printed(command, place, **{**surroundings, **width}) == usual


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_the_same_bytes_everywhere(name, place, locales):
    same_everywhere(FORMS[name], place, {**FAR, **locales})


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_of_one_width_is_the_same_bytes_everywhere(name, place):
    """COLUMNS says how wide a text shall be."""
    same_everywhere(TEXTS[name], place, POOR, COLUMNS="80")
