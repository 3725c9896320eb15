import pytest

from policycheck.model.finding import FindingType
from policycheck.model.rule import finding_type, named_by, rules, sections


def test_a_code_stands_in_one_section():
    assert sum(len(rules(one)) for one in sections()) == len(rules())


def test_the_type_of_a_finding():
    assert finding_type("NO_ALLOW") is FindingType.WARNING
    with pytest.raises(KeyError):
        finding_type("NO_SUCH_RULE")


@pytest.mark.parametrize(
    ("pattern", "codes"),
    [
        ("TYPE_MISMATCH", {"TYPE_MISMATCH"}),
        ("type_mismatch_i", {"TYPE_MISMATCH_IP_RANGE"}),
        ("WAIVER_", {"WAIVER_EXPIRED", "WAIVER_UNUSED"}),
        ("INVALID_VPC?_*", {"INVALID_VPCE_FORMAT"}),
        ("*", set(rules())),
        ("", set()),
        ("ZZZ", set()),
    ],
)
def test_what_a_pattern_names(pattern, codes):
    assert set(named_by(pattern)) == codes
