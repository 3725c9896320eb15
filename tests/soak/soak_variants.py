"""The same policy and the same spec, written differently: what may not change any verdict.

Each rewriting rests on a rule of docs/semantics.md, named in its docstring.
"""

from __future__ import annotations

import copy
import io
import ipaddress
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

from ruamel.yaml import YAML
from soak_pairs import ACCOUNTS, as_list

Json = Any


def rewritten_policy(policy: Json, random: Random) -> Json:
    """The policy in another order and another spelling."""
    statements = [_statement(one, random) for one in as_list(policy["Statement"])]
    statements = [part for one in statements for part in _split(one, random)]
    if random.random() < 0.3:
        statements.append(copy.deepcopy(random.choice(statements)))
    random.shuffle(statements)
    found = {**policy, "Statement": _scalar_or_list(statements, random)}
    return _shuffled(found, random)


def rewritten_spec(spec: Json, random: Random) -> Json:
    """The spec in another spelling; its assertions keep their order."""
    found = copy.deepcopy(spec)
    for assertion in found["assertions"]:
        for field in ("never_allowed", "always_allowed", "sometimes_allowed", "when"):
            if field in assertion:
                assertion[field] = _predicate(assertion[field], random)
    if random.random() < 0.5:
        found["assertions"] = [_shuffled(one, random) for one in found["assertions"]]
    if random.random() < 0.3:
        _name_a_predicate(found)
    return _shuffled(found, random)


def policy_text(policy: Json, random: Random) -> str:
    """JSON text of the policy, in some layout and with some characters escaped."""
    text = json.dumps(
        policy,
        indent=random.choice((None, None, 1, 4, "\t")),
        separators=random.choice((None, (",", ":"), (" , ", " : "))),
        ensure_ascii=random.random() < 0.5,
    )
    if random.random() < 0.3:
        text = text.replace("/", "\\/")
    return text if random.random() < 0.7 else f"\n \t{text}\r\n"


def spec_text(spec: Json, random: Random) -> tuple[str, str]:
    """The name and the text of a file with the spec, in JSON or YAML."""
    if random.random() < 0.5:
        return "spec.json", json.dumps(spec, indent=random.choice((None, 2)))
    writer, out = YAML(typ="safe", pure=True), io.StringIO()
    writer.default_flow_style = random.choice((None, True, False))
    writer.representer.ignore_aliases = lambda _: True
    writer.sort_base_mapping_type_on_output = False
    writer.dump(spec, out)
    return "spec.yaml", out.getvalue()


def _statement(statement: Json, random: Random) -> Json:
    found: dict[str, Json] = {}
    for element, value in statement.items():
        match element:
            case "Principal" | "NotPrincipal":
                found[element] = _principal(value, random)
            case "Action" | "NotAction":
                found[element] = _listed([_cased(one, random) for one in as_list(value)], random)
            case "Resource" | "NotResource":
                found[element] = _listed(as_list(value), random)
            case "Condition":
                found[element] = _block(value, random)
            case _:
                found[element] = value
    return _shuffled(found, random)


def _split(statement: Json, random: Random) -> list[Json]:
    """One statement for each resource, at times: any of them suffices.

    Not with variables: by one reading, one without a value voids its whole statement.
    """
    resources = as_list(statement.get("Resource", ""))
    if len(resources) < 2 or "${" in str(statement) or random.random() < 0.6:
        return [statement]
    return [{**copy.deepcopy(statement), "Resource": one} for one in resources]


def _principal(value: Json, random: Random) -> Json:
    """A3-everyone, A3-account."""
    if value in ("*", {"AWS": "*"}, {"AWS": ["*"]}):
        return random.choice(("*", {"AWS": "*"}, {"AWS": ["*"]}))
    if "AWS" not in value:
        return {kind: _listed(as_list(ids), random) for kind, ids in value.items()}
    return {"AWS": _listed([_account(one, random) for one in as_list(value["AWS"])], random)}


def _account(value: str, random: Random) -> str:
    for account in ACCOUNTS:
        spellings = (account, f"arn:aws:iam::{account}:root")
        if value in spellings:
            return random.choice(spellings)
    return value


def _cased(text: str, random: Random) -> str:
    """A5-action-case, B2-key-case."""
    return random.choice((text, text, text.lower(), text.upper(), text.swapcase()))


def _listed(values: list[Json], random: Random) -> Json:
    """The values in another order; one of them may stand twice (B2-or, B2-nor)."""
    found = list(values)
    random.shuffle(found)
    if random.random() < 0.2:
        found.append(random.choice(found))
    return _scalar_or_list(found, random)


def _scalar_or_list(values: list[Json], random: Random) -> Json:
    return values[0] if len(values) == 1 and random.random() < 0.5 else values


def _shuffled(mapping: Mapping[str, Json], random: Random) -> dict[str, Json]:
    names = list(mapping)
    random.shuffle(names)
    return {name: mapping[name] for name in names}


def _block(block: Mapping[str, Json], random: Random) -> Json:
    found: dict[str, dict[str, Json]] = {}
    for operator, entries in _shuffled(block, random).items():
        for key, values in _shuffled(entries, random).items():
            spelled = [_value(operator, one, random) for one in as_list(values)]
            same = _operator(operator, [str(one) for one in spelled], random)
            target = operator if same in block or same in found else same
            name = key if "/" in key else _cased(key, random)
            found.setdefault(target, {})[name] = _alike(_listed(spelled, random))
    return found


def _alike(values: Json) -> Json:
    """The values with one type: a list of several kinds is refused."""
    if isinstance(values, list) and len({type(one) for one in values}) > 1:
        return [json.dumps(one) if not isinstance(one, str) else one for one in values]
    return values


def _operator(operator: str, values: list[str], random: Random) -> str:
    """B2-if-exists-absent, B5-for-all-empty; B3-arn; B3-text-equals, B3-text-like."""
    base = operator.removeprefix("ForAllValues:").removeprefix("ForAnyValue:")
    prefix = operator[: len(operator) - len(base)]
    suffix = "IfExists" if base.endswith("IfExists") else ""
    base = base.removesuffix("IfExists")
    is_said = prefix == "ForAllValues:" or ("Not" in base and not prefix)
    if is_said and base != "Null" and random.random() < 0.5:
        suffix = "" if suffix else "IfExists"
    if base.startswith("Arn") and random.random() < 0.5:
        base = (
            base.replace("Equals", "Like") if "Equals" in base else base.replace("Like", "Equals")
        )
    is_plain = not any(char in value for value in values for char in "*?")
    if is_plain and random.random() < 0.5:
        swaps = {"StringEquals": "StringLike", "StringNotEquals": "StringNotLike"}
        swaps |= {like: equals for equals, like in swaps.items()}
        base = swaps.get(base, base)
    return f"{prefix}{base}{suffix}"


def _value(operator: str, value: str, random: Random) -> Json:
    for family, spell in _SPELLERS.items():
        if family in operator:
            return spell(value, random)
    return value


def _address(value: str, random: Random) -> str:
    """B3-address-host-bits, B3-address-bare."""
    text, _, length = value.partition("/")
    address = ipaddress.ip_address(text)
    width = address.max_prefixlen
    if not length:
        bare = _spelled_address(address, random)
        return random.choice((bare, f"{bare}/32")) if width == 32 else bare
    if length == "32" and width == 32 and random.random() < 0.5:
        return text
    free = width - int(length)
    number = (int(address) >> free << free) | (random.getrandbits(free) if free else 0)
    other = type(address)(number)
    return f"{_spelled_address(other, random)}/{length}"


def _spelled_address(address: Any, random: Random) -> str:
    if address.version == 4:
        return str(address)
    return random.choice((str(address), address.exploded, address.exploded.upper()))


def _instant(value: str, random: Random) -> str:
    """B3-instant, B3-instant-text, B3-instant-partial, B3-instant-fraction, B3-epoch."""
    moment = _moment(value)
    offset = random.choice((0, 60, -570, 840, -720))
    there = moment.astimezone(timezone(timedelta(minutes=offset)))
    spelled = there.strftime("%Y-%m-%dT%H:%M:%S")
    zone = "Z" if offset == 0 else there.strftime("%z")[:3] + ":" + there.strftime("%z")[3:]
    forms = [f"{spelled}.{moment.microsecond:06}{zone}", value]
    if moment.microsecond == 0:
        forms += [f"{spelled}{zone}", str(int(moment.timestamp()))]
    if moment.second == moment.microsecond == 0:
        forms.append(f"{spelled[:-3]}{zone}")
    return random.choice(forms)


def _moment(value: str) -> datetime:
    if value.lstrip("-").isdigit():
        return datetime.fromtimestamp(int(value), UTC)
    padded = f"{value}-01" if len(value) == len("2026-11") else value
    found = datetime.fromisoformat(padded)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _number(value: str, random: Random) -> Json:
    """B3-number; a number may be unquoted (A1)."""
    exact = Decimal(value)
    forms: list[Json] = [value, f"{exact:f}", f"{exact * 10:f}e-1", f"{exact:E}"]
    if exact == exact.to_integral_value():
        forms += [int(exact), f"{int(exact)}.00"]
    return random.choice(forms)


def _flag(value: str, random: Random) -> Json:
    """B3-bool; a truth value may be unquoted (A1)."""
    return random.choice((value, value.lower(), value.upper(), value.lower() == "true"))


def _presence(value: str, random: Random) -> Json:
    return random.choice((value, value.lower() == "true"))


_SPELLERS: Mapping[str, Callable[[str, Random], Json]] = {
    "IpAddress": _address,
    "Date": _instant,
    "Numeric": _number,
    "Bool": _flag,
    "Null": _presence,
}


def _predicate(given: Json, random: Random) -> Json:
    found: dict[str, Json] = {}
    for name, value in given.items():
        match name:
            case "condition":
                found[name] = _block(value, random)
            case "not":
                found[name] = _predicate(value, random)
            case "all_of" | "any_of":
                parts = [_predicate(one, random) for one in value]
                random.shuffle(parts)
                found[name] = parts
            case "source_ip" | "vpc_source_ip":
                found[name] = _listed([_source(one, random) for one in as_list(value)], random)
            case _:
                found[name] = value
    return _wrapped(_shuffled(found, random), random)


def _source(value: str, random: Random) -> str:
    is_block = "-" not in value and (":" in value or "." in value)
    return _address(value, random) if is_block else value


def _wrapped(found: Json, random: Random) -> Json:
    match random.randrange(8):
        case 0:
            return {"not": {"not": found}}
        case 1:
            return {"any_of": [found]}
        case 2:
            return {"all_of": [found, found]}
        case _:
            return found


def _name_a_predicate(spec: Json) -> None:
    for assertion in spec["assertions"]:
        for field in ("never_allowed", "always_allowed", "sometimes_allowed", "when"):
            if field in assertion and "define" not in spec:
                spec["define"] = {"meant": assertion[field]}
                assertion[field] = "meant"
