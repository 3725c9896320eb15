"""Folders in which a hostile text stands where a command takes an input."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from command_inputs import AT, BAD, NAMING, PREFIXES, TEXT
from command_line import ALLOW, policy_text

ENDINGS = (".json", ".yaml", ".tf")

TEMPLATE = """
Parameters: {Addresses: {Type: String}}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Principal: "*"
          Action: execute-api:Invoke
          Resource: execute-api:/*
          Condition: {IpAddress: {aws:SourceIp: !Ref Addresses}}
"""


@dataclass(frozen=True)
class Laid:
    """A command line, its folder, and what it has on standard input; an error names one of
    ``names``."""

    folder: Path
    line: tuple[str, ...]
    names: tuple[str, ...]
    stdin: bytes

    def contents(self) -> dict[str, bytes]:
        """What is in the folder."""
        return {
            str(one): one.read_bytes()
            for one in self.folder.rglob("*")
            if one.is_file() and ".git" not in one.parts
        }


def lay_out(work, number, row, text, ending) -> Laid:
    """The command line of a row with the text in its place, in a folder of its own below ``work``.

    A file that an argument stands for is called bad and has that ending.
    """
    folder = work / str(number)
    (folder / "several").mkdir(parents=True)
    for name in ("policy.json", "spec.yaml", "request.json"):
        (folder / name).write_bytes((work / name).read_bytes())
    (folder / "several" / "policy.json").write_text(policy_text(ALLOW))
    (folder / "template.yaml").write_text(TEMPLATE)
    bad = f"bad{ending}"
    for name, form in NAMING.items():
        (folder / name).write_text(form.replace("BAD", bad))
    placed = [one.removeprefix(AT) for one in row if one.startswith(AT)] or [bad]
    for name in placed:
        if name != "-":
            (folder / name).write_bytes(PREFIXES.get(name, b"") + text)
    line = tuple(_spoken(one, bad, text) for one in row if not one.startswith(AT))
    names = [*(one for one in line if one in NAMING), *placed]
    shown = tuple("<stdin>" if one == "-" else one for one in names)
    return Laid(folder, line, shown, text if "-" in placed else b"")


def _spoken(argument, bad, text):
    return argument.replace(BAD, bad).replace(TEXT, text.decode("utf-8", "surrogateescape"))


def commit(folder):
    """Has all files of a folder in a commit."""
    for line in (
        "git init -q",
        "git add -A",
        "git -c user.name=a -c user.email=a@example.com commit -q --no-gpg-sign -m a",
    ):
        subprocess.run(line.split(), cwd=folder, check=True)
