"""Policies that stand in larger documents, and the options that tell how to read these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from policycheck.diagnostics import Diagnostic, InputError, nearest
from policycheck.model.assertion import Spec
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy
from policycheck.model.verdict import Failure
from policycheck.read.files import STDIN, read_source
from policycheck.read.git import is_git, read_git
from policycheck.read.sources.parameters import Parameters

LIVE = "aws:"
"""What the name of an API of an account begins with."""

_KEY = "policycheck.sources"


def documents(run: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --parameter, --profile and --region to a command that takes policies."""
    return _parameter(_profile(_region(run)))


def given_parameters(*, leave_open: bool = False) -> Parameters:
    """What --parameter says, for the command that is running: one object, however often this is
    called. Raises BadParameter."""
    if isinstance(known := _said("parameters"), Parameters):
        return known
    values: dict[str, str] = {}
    for text in _said("parameter") or ():
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise click.BadParameter(f"write NAME=VALUE, not {text}", param_hint="--parameter")
        values[name] = value
    found = Parameters(values, leave_open=leave_open)
    click.get_current_context().meta[f"{_KEY}.parameters"] = found
    return found


def check_parameters(parameters: Parameters) -> None:
    """Raises BadParameter for a parameter that no policy asks for."""
    for name in parameters.unused:
        meant = nearest(name, parameters.asked)
        advice = f"; did you mean {meant}?" if meant else ""
        message = f"no document asks for the parameter {name}{advice}"
        raise click.BadParameter(message, param_hint="--parameter")


def known_about(known: Environment, *policies: Policy) -> Environment:
    """What is known of an API, with what the documents around all ``policies`` say of it.

    Raises InputError if that contradicts what is known.
    """
    facts = policies[0].facts
    for policy in policies:
        if objection := policy.facts.contradicts(facts.fill(known)):
            raise InputError([objection])
        facts = facts.common(policy.facts)
    if objection := facts.contradicts(known):
        raise InputError([objection])
    return facts.fill(known)


def spec_about(spec: Spec, policy: Policy) -> Spec:
    """The spec with what the document around a policy says of the API. Raises InputError."""
    return replace(spec, environment=known_about(spec.environment, policy))


def is_part(name: str) -> bool:
    """Whether a name is that of one policy of a file, or of APIs of an account."""
    if Path(name).exists():
        return False
    return name.startswith(LIVE) or "#" in name


def named_policies(name: str, parameters: Parameters) -> Sequence[Policy | Failure]:
    """The policies of a file, of standard input or of an account; ``FILE#RESOURCE`` is one."""
    path, mark, resource = name.rpartition("#")
    if not mark or Path(name).exists():
        path, resource = name, ""
    found = _policies(path, parameters)
    if not resource:
        return found
    whole = [one for one in found if isinstance(one, Failure) and one.name == path]
    chosen = [one for one in found if one.name.endswith(f"#{resource}")]
    return chosen or whole or [Failure(name, (_missing(name, path, found),))]


def _missing(name: str, path: str, found: Sequence[Policy | Failure]) -> Diagnostic:
    known = [one.name for one in found]
    meant = nearest(name, known)
    advice = f"did you mean {meant}?" if meant else f"it has {', '.join(known)}"
    return Diagnostic("NO_SUCH_POLICY", f"{path} has no policy {name}", help=advice)


def _policies(path: str, parameters: Parameters) -> Sequence[Policy | Failure]:
    try:
        if path.startswith(LIVE) and not Path(path).exists():
            from policycheck.read.sources import live  # noqa: PLC0415 -- boto3 is an extra

            account = live.Account(_said("profile"), _said("region"))
            return live.policies(path.removeprefix(LIVE), account)
        from policycheck.read.sources.load import policies_of  # noqa: PLC0415 -- not for policies

        return policies_of(read_git(path) if is_git(path) else read_source(path), parameters)
    except InputError as error:
        return (Failure("<stdin>" if path == STDIN else path, error.diagnostics),)


def _said(option: str) -> Any:
    return click.get_current_context().meta.get(f"{_KEY}.{option}")


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    context.meta[f"{_KEY}.{parameter.name}"] = value


_parameter = click.option(
    "--parameter",
    "parameter",
    metavar="NAME=VALUE",
    multiple=True,
    expose_value=False,
    callback=_keep,
    help="The value of a parameter, variable or reference of a template; may be repeated.",
)
_profile = click.option(
    "--profile",
    metavar="NAME",
    expose_value=False,
    callback=_keep,
    help="The AWS profile for aws:REST_API_ID.",
)
_region = click.option(
    "--region",
    metavar="REGION",
    expose_value=False,
    callback=_keep,
    help="The AWS region for aws:REST_API_ID.",
)
