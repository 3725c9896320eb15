import re

from scenes import ROOT

from policycheck.diagnostics import Source
from policycheck.model.configuration import Settings
from policycheck.read.configuration import FIELDS, load_configuration
from policycheck.read.waivers import FIELDS as WAIVER_FIELDS
from policycheck.read.waivers import parse_waivers

PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_two_configurations_of_the_page_say_the_same(tmp_path):
    (tmp_path / "a.yaml").write_text(blocks("yaml")[0])
    (tmp_path / "a.toml").write_text(blocks("toml")[0])
    found = load_configuration(tmp_path / "a.yaml")
    assert found == load_configuration(tmp_path / "a.toml")
    assert found.settings != Settings()
    assert found.overrides


def test_the_waivers_of_the_page_can_be_read():
    assert len(parse_waivers(Source("policy.waivers.yaml", blocks("yaml")[1]), ())) == 2


def test_the_tables_have_every_setting_and_every_field():
    named = {
        name
        for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert named == {*FIELDS, *WAIVER_FIELDS}
