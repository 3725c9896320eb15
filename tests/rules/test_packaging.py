import tomllib

from rule_examples import FOLDER

from policycheck.read.rule_pages import PACKAGED


def test_a_wheel_has_the_pages_where_they_are_looked_for():
    project = tomllib.loads((FOLDER.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"docs/rules": f"policycheck/{PACKAGED}"}
