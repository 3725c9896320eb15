"""Each scene of examples/ says what its golden files hold."""

from __future__ import annotations

import json

import pytest
from scenes import SCENES, commands, run


@pytest.fixture
def same(request):
    """Compares a text with a file, or writes the file anew with --update-golden."""

    def check(file, text):
        if request.config.getoption("--update-golden"):
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")

    return check


def test_there_are_at_least_six_scenes():
    assert len(SCENES) >= 6


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_text_is_the_expected_one(scene, same):
    sessions = [run(command, scene) for command in commands(scene / "README.md")]
    assert sessions
    same(scene / "expected.txt", "\n".join(map(str, sessions)))


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_json_is_the_expected_one(scene, same):
    found = [
        json.loads(run(command, scene, "--format", "json", merged=False).output)
        for command in commands(scene / "README.md")
    ]
    same(scene / "expected.json", json.dumps(found, indent=2) + "\n")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_page_names_every_assertion_that_is_violated(scene):
    page = (scene / "README.md").read_text(encoding="utf-8")
    for report in json.loads((scene / "expected.json").read_text(encoding="utf-8")):
        for result in report["results"]:
            assert result["status"] == "proved" or result["assertion"] in page


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_list_of_scenes_names_it(scene):
    listed = (scene.parent / "README.md").read_text(encoding="utf-8")
    assert f"]({scene.name})" in listed
