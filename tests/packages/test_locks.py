"""The locks name one version of all that pyproject.toml demands, with hashes, and no index."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
packaging = pytest.importorskip("packaging.requirements")
names = pytest.importorskip("packaging.utils")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = {"run": [], "dev": ["dev"]}


def locked(lock):
    """The requirements of a lock, by name, each with whether it has a hash."""
    text = (ROOT / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    entries = text.replace("\\\n", " ").splitlines()
    found = {}
    for entry in entries:
        if entry.strip() and not entry.lstrip().startswith("#"):
            requirement = packaging.Requirement(entry.split("--hash")[0].strip())
            found.setdefault(names.canonicalize_name(requirement.name), []).append(
                (requirement, "--hash=sha256:" in entry)
            )
    return found


def demanded(extras):
    """What the project demands for ``extras``, its own extras replaced by what they demand."""
    texts = list(PROJECT["dependencies"])
    for extra in extras:
        texts += PROJECT["optional-dependencies"][extra]
    for text in texts:
        requirement = packaging.Requirement(text)
        if requirement.name == PROJECT["name"]:
            yield from demanded(requirement.extras)
        else:
            yield requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_all_that_is_demanded_is_locked_within_its_bounds(lock):
    found = locked(lock)
    for requirement in demanded(LOCKS[lock]):
        entries = found.get(names.canonicalize_name(requirement.name), [])
        assert entries, f"{requirement.name} is not locked: make lock"
        for entry, _ in entries:
            (pin,) = entry.specifier
            assert pin.operator == "=="
            assert requirement.specifier.contains(pin.version), f"{requirement}: make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_has_a_hash_and_no_index_is_named(lock):
    assert all(hashed for entries in locked(lock).values() for _, hashed in entries)
    text = (ROOT / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_what_runs_is_locked_alike_for_development():
    running, developing = locked("run"), locked("dev")
    for name, entries in running.items():
        assert {str(entry) for entry, _ in entries} == {str(entry) for entry, _ in developing[name]}
