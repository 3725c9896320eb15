"""The commands and where each of them takes which input; BAD stands for a hostile one."""

BAD = "{bad}"
PLACES = {
    "prove": [
        (BAD, "spec.yaml"),
        ("policy.json", BAD),
        ("--manifest", BAD),
        ("policy.json", "baseline.yaml"),
        ("policy.json", "workflow.yaml"),
    ],
    "eval": [(BAD, "request.json"), ("policy.json", BAD)],
    "explain": [(BAD, "request.json"), ("policy.json", BAD)],
    "lint": [
        (BAD,),
        ("--manifest", BAD),
        ("policy.json", "--spec", BAD),
        ("policy.json", "--config", BAD),
    ],
    "diff": [
        (BAD, "policy.json"),
        ("policy.json", BAD),
        ("policy.json", "policy.json", "--spec", BAD),
    ],
    "reach": [(BAD,), ("--manifest", BAD), ("policy.json", "--spec", BAD)],
    "repair": [(BAD, "spec.yaml"), ("policy.json", BAD)],
    "init": [(BAD,)],
    "crosscheck": [(BAD,), ("policy.json", BAD)],
    "export": [(BAD, "spec.yaml"), ("policy.json", BAD)],
}
"""The arguments, for each command that reads an input."""

WITHOUT_INPUTS = {"rules", "schema", "completion"}
LIKE_ANOTHER = {"watch": "prove"}
"""Commands that read what another one reads, and do not end."""

SPECS = {
    "baseline.yaml": "version: 1\nassertions: [{id: a, no_broader_than: BAD}]\n",
    "workflow.yaml": "version: 1\nworkflow: {identity_policies: [BAD]}\nassertions: []\n",
}
"""Specs that name a hostile file."""
