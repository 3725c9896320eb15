"""Directories with links, loops, pipes and devices: nothing hangs, nothing foreign is quoted."""

import os

import pytest
from command_line import ALLOW, policy_text

from policycheck.diagnostics import InputError
from policycheck.read import directory
from policycheck.read.directory import files_below, matching, read_member

SECRET = "root:correct-horse-battery-staple"


@pytest.fixture
def policies(folder):
    """A directory with one policy, and a file outside of it that nobody may see."""
    (folder / "secret.txt").write_text(SECRET)
    (folder / "d" / "sub").mkdir(parents=True)
    (folder / "d" / "a.json").write_text(policy_text(ALLOW))
    return folder / "d"


def test_loops_of_links_end_and_every_policy_is_read_once(policies, run):
    for name in ("one", "two", "three"):
        (policies / "sub" / name).symlink_to("..")
    below, starred, deep, once = run(
        ("lint", "d"), ("lint", "d/**/*.json"), ("lint", "**/**/a.json"), ("lint", "d/*.json")
    )
    for done in (below, starred, deep, once):
        assert done.code == 1, done.text
        assert done.out.count(b"1 policy:") == 1
        assert done.seconds < 10
    assert "d/sub/one is a link to a directory: passed over" in below.err.decode()


@pytest.mark.parametrize("named", ["d", "d/*.json", "d/**/*.json"])
def test_a_link_out_of_the_directory_is_not_read(policies, run, named):
    (policies / "evil.json").symlink_to("../secret.txt")
    (done,) = run(("lint", named))
    assert done.code == 2
    assert "error[LINK_OUTSIDE]: d/evil.json is a link that leads out of d" in done.text
    assert SECRET not in done.text
    assert "a.json" in done.out.decode()


@pytest.mark.parametrize("named", ["d", "d/*.json", "list.yaml"])
def test_waivers_that_are_a_link_out_of_the_directory_are_not_read(policies, run, named):
    (policies / "a.waivers.yaml").symlink_to("../secret.txt")
    (policies.parent / "list.yaml").write_text("version: 1\npolicies: [d]\n")
    (done,) = run(("lint", *(["--manifest"] if named == "list.yaml" else []), named))
    assert done.code == 2
    assert "error[LINK_OUTSIDE]: d/a.waivers.yaml is a link that leads out of d" in done.text
    assert SECRET not in done.text


def test_waivers_beside_a_policy_that_is_named_may_be_a_link(policies, run):
    (policies / "a.waivers.yaml").symlink_to("../w.yaml")
    (policies.parent / "w.yaml").write_text("[]\n")
    (done,) = run(("lint", "d/a.json"))
    assert done.code == 1, done.text
    assert not done.err


@pytest.mark.parametrize("named", ["d", "d/a.json"])
def test_waivers_that_are_no_file_are_refused(policies, run, named):
    waivers = policies / "a.waivers.yaml"
    os.mkfifo(waivers)
    (pipe,) = run(("lint", named), patience=20)
    waivers.unlink()
    waivers.symlink_to("missing.yaml")
    (dangling,) = run(("lint", named))
    waivers.unlink()
    waivers.mkdir()
    (directory,) = run(("lint", named))
    assert "error[FILE_NOT_REGULAR]: d/a.waivers.yaml is a pipe" in pipe.text
    assert "error[FILE_NOT_FOUND]: there is no file d/a.waivers.yaml" in dangling.text
    assert "error[FILE_IS_DIRECTORY]: d/a.waivers.yaml is a directory" in directory.text
    assert (pipe.code, dangling.code, directory.code) == (2, 2, 2)


def swapped_for_link(path):
    path.unlink()
    path.symlink_to("../../secret.txt")


def swapped_for_pipe(path):
    path.unlink()
    os.mkfifo(path)


def directory_swapped(path):
    path.parent.rename(path.parent.with_name("before"))
    outside = path.parents[2] / "e"
    outside.mkdir()
    (outside / path.name).write_text(SECRET)
    path.parent.symlink_to(outside)


@pytest.mark.parametrize("swapped", [swapped_for_link, swapped_for_pipe, directory_swapped])
def test_a_file_that_is_swapped_after_the_look_at_it_is_not_read(policies, monkeypatch, swapped):
    path = policies / "sub" / "b.json"
    path.write_text(policy_text(ALLOW))
    look = directory.check_member

    def then_swapped(one, top):
        look(one, top)
        swapped(path)

    monkeypatch.setattr(directory, "check_member", then_swapped)
    with pytest.raises(InputError, match="was changed while it was opened"):
        read_member(path, policies)


def test_a_link_within_the_directory_is_read(policies, run):
    (policies / "sub" / "same.json").symlink_to("../a.json")
    (done,) = run(("lint", "d"))
    assert done.code == 1
    assert b"2 policies:" in done.out


def test_a_link_that_is_named_itself_is_read(policies, run):
    (policies / "a.json").rename(policies.parent / "b.json")
    (policies / "a.json").symlink_to("../b.json")
    (policies.parent / "link").symlink_to("d")
    (policies.parent / "link" / "c.json").write_text(policy_text(ALLOW))
    file, directory = run(("lint", "d/a.json"), ("lint", "link"))
    assert file.code == 1
    assert "link/c.json" in directory.out.decode()


def test_pipes_and_devices_in_a_directory_are_errors(policies, run):
    os.mkfifo(policies / "pipe.json")
    (policies / "zero.json").symlink_to("/dev/zero")
    (done,) = run(("lint", "d"))
    assert done.code == 2
    assert "error[FILE_NOT_REGULAR]: d/pipe.json is a pipe, a socket or a device" in done.text
    assert "error[LINK_OUTSIDE]: d/zero.json" in done.text


def test_links_that_lead_nowhere_are_errors(policies, run):
    (policies / "self.json").symlink_to("self.json")
    (policies / "gone.json").symlink_to("missing.json")
    (done,) = run(("lint", "d"))
    assert done.code == 2
    assert done.err.count(b"error[") == 2


def test_a_glob_of_links_to_directories_is_an_error(policies, run):
    (policies / "etc").symlink_to("/etc")
    (done,) = run(("lint", "d/e*"))
    assert done.code == 2
    assert b"/etc/" not in done.out


def test_a_directory_that_cannot_be_listed_is_an_error(policies, monkeypatch):
    def refusing(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        list(files_below(policies))


def test_a_glob_matches_what_it_always_matched(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.json", "x/b.json", "x/y/c.json", ".h/d.json", "x/.e.json", "[z]/f.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("{}")
    assert matching("**/*.json") == ["[z]/f.json", "a.json", "x/b.json", "x/y/c.json"]
    assert matching("x/**") == ["x/b.json", "x/y/c.json"]
    assert matching("*/**/c.json") == ["x/y/c.json"]
    assert matching(f"{tmp_path}/x/**/?.json") == [f"{tmp_path}/x/b.json", f"{tmp_path}/x/y/c.json"]


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/full", "/proc/self/mem", "/dev/null"])
def test_devices_that_are_named(run, name):
    lines = [
        ("lint", name),
        ("prove", "policy.json", name),
        ("explain", "policy.json", name),
        ("prove", "--manifest", name),
        ("lint", "policy.json", "--config", "/dev/zero"),
    ]
    for done in run(*lines):
        assert done.code == 2, (done.arguments, done.text)
        assert b"error[" in done.err
