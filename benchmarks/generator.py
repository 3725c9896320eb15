"""Random resource policies of a given size, the same one for the same seed.

python benchmarks/generator.py --statements 30 --seed 1 > policy.json
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

METHODS = ("GET", "POST", "PUT", "DELETE", "*", "*")
STAGES = ("prod", "dev", "test", "pr*", "*", "*")
WORDS = ("pets", "orders", "users", "admin", "v1", "v2", "public", "health", "items", "reports")
AGENTS = ("curl/*", "Mozilla/*", "*bot*", "okhttp/4.?.*", "python-requests/*", "*")
MOST_BLOCKS = 30


def policy(statements: int, seed: int, *, variables: bool = False) -> dict[str, Any]:
    """A policy of so many statements, as JSON has it.

    Statements name API paths with ``*`` and ``?``, up to 30 CIDR blocks of both families, user
    agents, endpoint ids, dates and keys with several values; with ``variables``, some hold policy
    variables.
    """
    random = Random(seed)
    return {
        "Version": "2012-10-17",
        "Statement": [statement(random, index, variables=variables) for index in range(statements)],
    }


def statement(random: Random, index: int, *, variables: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Sid": f"S{index}",
        "Effect": "Allow" if index == 0 or random.random() < 0.6 else "Deny",
        "Principal": principal(random),
        "Action": random.choice(("execute-api:Invoke", "execute-api:Invoke", "execute-api:*")),
        "Resource": [resource(random, variables=variables) for _ in range(random.randint(1, 4))],
    }
    if entries := conditions(random, variables=variables):
        found["Condition"] = entries
    return found


def principal(random: Random) -> Any:
    if random.random() < 0.8:
        return "*"
    accounts = {f"{random.randrange(1, 4):012d}" for _ in range(random.randint(1, 3))}
    return {"AWS": [f"arn:aws:iam::{account}:role/r{account[-1]}" for account in sorted(accounts)]}


def resource(random: Random, *, variables: bool) -> str:
    segments = [segment(random) for _ in range(random.randint(0, 4))]
    if variables and random.random() < 0.3:
        segments.append("${aws:username}")
    end = random.choice(("", "/*", "*", "/"))
    path = "/".join(segments) + end
    return f"execute-api:/{random.choice(STAGES)}/{random.choice(METHODS)}/{path}"


def segment(random: Random) -> str:
    word = random.choice(WORDS)
    match random.randrange(6):
        case 0:
            return "*"
        case 1:
            place = random.randrange(len(word))
            return word[:place] + "?" + word[place + 1 :]
        case 2:
            return word[: random.randint(1, len(word))] + "*"
        case _:
            return word


def conditions(random: Random, *, variables: bool) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        operator, key, values = random.choice(CONDITIONS)(random)
        found.setdefault(operator, {})[key] = values
    if variables and random.random() < 0.3:
        wanted = "${aws:PrincipalTag/team, 'nobody'}-*"
        found.setdefault("StringLike", {})["aws:Referer"] = wanted
    return found


def addresses(random: Random) -> tuple[str, str, list[str]]:
    operator = random.choice(("IpAddress", "NotIpAddress"))
    blocks = sorted({block(random) for _ in range(random.randint(1, MOST_BLOCKS))})
    return operator, random.choice(("aws:SourceIp", "aws:SourceIp", "aws:VpcSourceIp")), blocks


def block(random: Random) -> str:
    if random.random() < 0.7:
        prefix = random.randint(8, 32)
        network = random.getrandbits(32) >> 32 - prefix << 32 - prefix
        return f"{ipaddress.IPv4Address(network)}/{prefix}"
    prefix = random.choice((32, 48, 56, 64, 128))
    network = (0b001 << 125 | random.getrandbits(125)) >> 128 - prefix << 128 - prefix
    return f"{ipaddress.IPv6Address(network)}/{prefix}"


def user_agents(random: Random) -> tuple[str, str, list[str]]:
    operator = random.choice(("StringLike", "StringNotLike", "StringLikeIfExists"))
    return operator, "aws:UserAgent", sorted(random.sample(AGENTS, random.randint(1, 3)))


def endpoints(random: Random) -> tuple[str, str, list[str]]:
    operator = random.choice(("StringEquals", "StringNotEquals"))
    return (
        operator,
        "aws:SourceVpce",
        sorted({f"vpce-{random.randrange(1, 9):017x}" for _ in range(random.randint(1, 6))}),
    )


def dates(random: Random) -> tuple[str, str, str]:
    operator = random.choice(("DateLessThan", "DateGreaterThan", "DateGreaterThanEquals"))
    instant = f"202{random.randrange(4, 9)}-0{random.randrange(1, 9)}-15T00:00:00Z"
    return operator, "aws:CurrentTime", instant


def organizations(random: Random) -> tuple[str, str, list[str]]:
    operator = random.choice(("ForAnyValue:StringLike", "ForAllValues:StringLike"))
    units = sorted({f"o-a/r-1/ou-{random.randrange(1, 6)}/*" for _ in range(3)})
    return operator, "aws:PrincipalOrgPaths", units


CONDITIONS: Sequence[Callable[[Random], tuple[str, str, Any]]] = (
    addresses,
    addresses,
    addresses,
    user_agents,
    endpoints,
    dates,
    organizations,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes a policy to standard output."""
    parser = argparse.ArgumentParser(description=policy.__doc__)
    parser.add_argument("--statements", type=int, default=10, help="how many statements")
    parser.add_argument("--seed", type=int, default=0, help="which of the policies of that size")
    parser.add_argument("--variables", action="store_true", help="with policy variables")
    options: Mapping[str, Any] = vars(parser.parse_args(arguments))
    made = policy(options["statements"], options["seed"], variables=options["variables"])
    json.dump(made, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
