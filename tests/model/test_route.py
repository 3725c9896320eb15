"""Routes: what is one, and which paths it takes."""

import pytest

from policycheck.concrete.text import glob_matches
from policycheck.model.route import METHODS, Route, other_spellings


@pytest.mark.parametrize(
    "text",
    [
        "GET /",
        "ANY /pets",
        "PATCH /pets/{petId}",
        "HEAD /{proxy+}",
        "OPTIONS /a/{b}/c.d,e:f_g-h/{rest+}",
    ],
)
def test_what_is_a_route(text):
    found = Route.parse(text)
    assert str(found) == text
    assert found == Route.parse(text.replace(" ", "  ").lower().replace("petid", "petId"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GET",
        "/pets",
        "GET pets",
        "GET /pets/",
        "GET //pets",
        "GET /pets?x=1",
        "GET /p*",
        "GET /{proxy+}/pets",
        "GET /{a}{b}",
        "GET /{}",
        "GET /a b",
        "TRACE /pets",
        "GET,POST /pets",
    ],
)
def test_what_is_no_route(text):
    assert Route.parse(text) is None


def takes(route, path):
    found = Route.parse(route)
    deeper = found.deeper
    return glob_matches(path, found.paths) and not (deeper and glob_matches(path, deeper))


@pytest.mark.parametrize(
    ("route", "inside", "outside"),
    [
        ("GET /", ["/"], ["/a", "//"]),
        ("GET /a", ["/a"], ["/", "/a/", "/ab", "/A", "/a/b"]),
        ("GET /{a}", ["/a", "/a:b", "/%2F"], ["/", "/a/b", "/a/"]),
        ("GET /a/{b}/c", ["/a/x/c"], ["/a//c", "/a/x/y/c", "/a/x/c/", "/b/x/c"]),
        ("GET /{a+}", ["/a", "/a/b", "/a/"], ["/"]),
        ("GET /a/{b}/{c+}", ["/a/b/c", "/a/b/c/d"], ["/a/b", "/a/b/"]),
    ],
)
def test_which_paths_a_route_takes(route, inside, outside):
    assert [path for path in inside if not takes(route, path)] == []
    assert [path for path in outside if takes(route, path)] == []


def test_which_verbs_a_route_takes():
    assert Route.parse("ANY /").methods == METHODS
    assert Route.parse("get /").methods == ("GET",)


@pytest.mark.parametrize("path", ["/%61", "//a", "/a/", "/a//b", "/./a", "/a/../b", "/a/.", "/.."])
def test_other_spellings(path):
    assert any(glob_matches(path, one) for one in other_spellings())


@pytest.mark.parametrize("path", ["/", "/a", "/a/b", "/a.b", "/..a", "/a."])
def test_what_is_spelled_as_usual(path):
    assert not any(glob_matches(path, one) for one in other_spellings())
