"""The commands and where each of them takes which input."""

BAD = "{bad}"
"""An argument that names a file with a hostile text."""

AT = "@"
"""What stands before the name of a file that has the hostile text and is no argument of its own;
@- is standard input."""

TEXT = "{text}"
"""The hostile text itself, in an argument."""

PLACES = {
    "prove": [
        (BAD, "spec.yaml"),
        ("policy.json", BAD),
        ("--manifest", BAD),
        ("--manifest", "policies.yaml"),
        ("--manifest", "specs.yaml"),
        ("policy.json", "baseline.yaml"),
        ("policy.json", "equivalent.yaml"),
        ("policy.json", "identities.yaml"),
        ("policy.json", "endpoints.yaml"),
        ("policy.json", "domains.yaml"),
        ("several", "spec.yaml", "@several/bad.json"),
        ("several/*", "spec.yaml", "@several/bad.tf"),
        ("git:HEAD:./bad.json", "spec.yaml", "@bad.json"),
        ("bad.yaml#Api", "spec.yaml", "@bad.yaml"),
    ],
    "eval": [(BAD, "request.json"), ("policy.json", BAD)],
    "explain": [(BAD, "request.json"), ("policy.json", BAD)],
    "lint": [
        (BAD,),
        ("--manifest", BAD),
        ("--manifest", "policies.yaml"),
        ("--manifest", "specs.yaml"),
        ("policy.json", "--spec", BAD),
        ("policy.json", "--spec", "identities.yaml"),
        ("policy.json", "--config", BAD),
        ("policy.json", "@.policycheck.yaml"),
        ("policy.json", "@pyproject.toml"),
        ("policy.json", "--config", "configuration.yaml"),
        ("policy.json", "@policy.waivers.yaml"),
        ("several", "@several/policy.waivers.yaml"),
    ],
    "diff": [
        (BAD, "policy.json"),
        ("policy.json", BAD),
        ("policy.json", "policy.json", "--spec", BAD),
    ],
    "reach": [
        (BAD,),
        ("--manifest", BAD),
        ("--manifest", "policies.yaml"),
        ("--manifest", "specs.yaml"),
        ("policy.json", "--spec", BAD),
        ("several", "@several/bad.yaml"),
    ],
    "repair": [
        (BAD, "spec.yaml"),
        ("policy.json", BAD),
        (BAD, "spec.yaml", "--write"),
        ("policy.json", BAD, "--write"),
        ("policy.json", "baseline.yaml", "--write"),
    ],
    "init": [(BAD,), ("policy.json", "--baseline", BAD)],
    "crosscheck": [(BAD,), ("policy.json", BAD)],
    "export": [
        (BAD, "spec.yaml", "--assertion", "open"),
        ("policy.json", BAD),
        ("policy.json", "endpoints.yaml"),
    ],
}
"""The arguments, for each command that reads an input."""

WITHOUT_INPUTS = {"rules", "schema", "completion"}
LIKE_ANOTHER = {"watch": "prove"}
"""Commands that read what another one reads, and do not end."""

_SPEC = "version: 1\nassertions: [{id: a, %s}]\n"
_WORKFLOW = (
    "version: 1\napi: {endpoint: private}\nworkflow: {authorizer: iam, %s: [BAD]}\n"
    "assertions: [{id: a, always_allowed: {}}]\n"
)
NAMING = {
    "baseline.yaml": _SPEC % "no_broader_than: BAD",
    "equivalent.yaml": _SPEC % "equivalent_to: BAD",
    "identities.yaml": _WORKFLOW % "identity_policies",
    "endpoints.yaml": _WORKFLOW % "vpc_endpoint_policies",
    "domains.yaml": _WORKFLOW % "custom_domain_policies",
    "policies.yaml": "version: 1\ndefaults: {spec: spec.yaml}\npolicies: [BAD, policy.json]\n",
    "specs.yaml": "version: 1\npolicies: [{policy: policy.json, spec: BAD}]\n",
    "configuration.yaml": "spec: BAD\n",
}
"""Specs, manifests and a configuration that name a hostile file."""

PREFIXES = {"pyproject.toml": b"# policycheck\n"}
"""What stands before the text in files of a name: a file without that word is not looked at."""

SPOKEN = [
    ("prove", TEXT, "spec.yaml"),
    ("prove", "policy.json", TEXT),
    ("prove", f"policy.json#{TEXT}", "spec.yaml"),
    ("prove", f"several/*{TEXT}", "spec.yaml"),
    ("prove", "--manifest", TEXT),
    ("prove", "policy.json", "spec.yaml", "--assertion", TEXT),
    ("prove", "policy.json", "spec.yaml", "--parameter", f"{TEXT}=a"),
    ("prove", "template.yaml", "spec.yaml", "--parameter", f"Addresses={TEXT}"),
    ("eval", "policy.json", TEXT),
    ("explain", "policy.json", TEXT),
    ("lint", "policy.json", "--config", TEXT),
    ("lint", "policy.json", "--select", f"x{TEXT}"),
    ("diff", f"git:{TEXT}:policy.json", "policy.json"),
    ("reach", "policy.json", "--spec", TEXT),
    ("rules", TEXT),
]
"""Commands with the hostile text in an argument; the one that is a request is JSON then."""

WRITTEN = {"--output", "--proof", "--cache-dir"}
"""Options whose files and directories are written; --cache-dir is read too, by tests/cache."""

VALUES = {"ID", "NAME=VALUE", "NAME", "REGION", "CODES", "ADDRESS"}
"""What options are called that take a word, not a file."""
