"""What is built to be installed: sdist and wheel hold what they must, and the wheel runs."""

import email
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

for tool in ("build", "hatchling", "twine"):
    pytest.importorskip(tool)

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/ipv6-past-a-deny-list"
DATA = {".toml", ".json", ".html", ".css", ".js", ".j2", ".md", ".typed"}


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    return done.returncode, done.stdout, done.stderr


def built(kind, source, folder):
    """The one file that ``python -m build`` makes of ``source`` with the tools installed here."""
    surroundings = {**os.environ, "SOURCE_DATE_EPOCH": "1767225600"}
    command = (sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", folder)
    code, _, said = run(*command, source, env=surroundings)
    assert code == 0, said
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("packages")


@pytest.fixture(scope="module")
def sdist(folder):
    return built("sdist", ROOT, folder / "sdist")


@pytest.fixture(scope="module")
def wheel(folder, sdist):
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (source,) = (folder / "unpacked").iterdir()
    return built("wheel", source, folder / "wheel")


@pytest.fixture(scope="module")
def held(wheel):
    return set(zipfile.ZipFile(wheel).namelist())


def test_every_module_and_all_of_its_data_are_in_the_wheel(held):
    package = ROOT / "policycheck"
    expected = {
        str(file.relative_to(ROOT))
        for file in package.rglob("*")
        if file.suffix in {".py", *DATA} and "__pycache__" not in file.parts
    }
    pages = {f"policycheck/rule_pages/{page.name}" for page in (ROOT / "docs/rules").glob("*.md")}
    assert len(pages) > 20
    assert "policycheck/py.typed" in expected
    assert expected | pages <= held


def test_nothing_else_is_in_the_wheel(held):
    assert {name.split("/")[0] for name in held} == {
        "policycheck",
        next(name for name in held if name.endswith(".dist-info/METADATA")).split("/")[0],
    }
    assert not {name for name in held if "test_" in name or "__pycache__" in name}


def test_the_license_goes_along(held):
    assert {name for name in held if name.endswith(".dist-info/licenses/LICENSE")}


def test_the_metadata_is_what_an_index_takes(wheel, sdist):
    code, said, _ = run(sys.executable, "-m", "twine", "check", "--strict", sdist, wheel)
    assert code == 0, said
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith("METADATA"))
        fields = email.message_from_string(archive.read(name).decode())
    assert fields["License-Expression"] == "Apache-2.0"
    assert fields["Requires-Python"] == ">=3.11"
    assert "z3-solver" in " ".join(fields.get_all("Requires-Dist"))


def test_the_sdist_holds_what_a_reader_and_a_tester_need(sdist):
    with tarfile.open(sdist) as archive:
        held = {name.split("/", 1)[1] for name in archive.getnames()}
    assert {"README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", "tests/conftest.py"} <= held
    assert {"requirements/run.txt", "docs/rules/README.md"} <= held


def test_the_same_files_give_the_same_wheel(wheel, folder):
    assert built("wheel", ROOT, folder / "again").read_bytes() == wheel.read_bytes()


def test_an_installed_wheel_proves(wheel, tmp_path):
    target = tmp_path / "installed"
    command = (sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index")
    code, _, said = run(*command, "--target", target, wheel)
    assert code == 0, said
    surroundings = {**os.environ, "PYTHONPATH": str(target), "POLICYCHECK_CACHE_DIR": ""}
    where = {"cwd": tmp_path, "env": surroundings}
    code, said, _ = run(
        sys.executable,
        "-m",
        "policycheck",
        "prove",
        EXAMPLE / "policy.json",
        EXAMPLE / "spec.yaml",
        **where,
    )
    assert code == 1
    assert "1 proved, 1 violated" in said
    code, said, _ = run(sys.executable, "-m", "policycheck", "rules", "BYPASS_WITH_IPV6", **where)
    assert code == 0
    assert "BYPASS_WITH_IPV6" in said
