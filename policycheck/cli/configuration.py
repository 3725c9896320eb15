"""The options --config and --no-config: a configuration gives defaults to other options."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from enum import Enum
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from policycheck.cli import exits
from policycheck.cli.streams import Streams
from policycheck.diagnostics import InputError
from policycheck.model.configuration import Configuration, Settings

Run = Callable[..., int]

_FOUND = "policycheck.configuration"
_NONE = "policycheck.no_configuration"


def configured(run: Run) -> Run:
    """Adds --config and --no-config to a command.

    Each option of the command that is called like a setting (--select, --ignore, --fail-on,
    --format, --spec, --endpoint, --authorization, --ip-address-type) has the configuration's value
    where the command line does not give it. ``overridden`` tells what differs for one policy.
    """
    return _config(_no_config(run))


def overridden(policy: str | Path) -> Settings:
    """What the configuration's overrides say about a policy, for the command that is running.

    None where they say nothing, or where the command line does: the option's value counts then.
    """
    context = click.get_current_context()
    found: Configuration = context.meta.get(_FOUND, Configuration())
    given = {name for name, option in _options(context) if _is_given(context, option)}
    return replace(found.overridden(policy), **dict.fromkeys(given))


def _refused(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and _FOUND in context.meta:
        raise click.UsageError("--config and --no-config exclude each other", context)
    context.meta[_NONE] = value


def _load(context: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    if context.resilient_parsing:
        return
    if context.meta.get(_NONE):
        if value is not None:
            raise click.UsageError("--config and --no-config exclude each other", context)
        return
    try:
        found = _read(context, value)
    except InputError as error:
        raise _UnusableConfiguration(error) from None
    if value is not None or found.source is not None:
        context.meta[_FOUND] = found
    context.default_map = {**(context.default_map or {}), **dict(_defaults(context, found))}


def _read(context: click.Context, path: Path | None) -> Configuration:
    from policycheck.read import configuration as read  # noqa: PLC0415 -- parsers are loaded late

    kinds = {name: option.type for name, option in _options(context)}
    kind = kinds.get("format")
    formats = kind.choices if isinstance(kind, click.Choice) else None
    if path is not None:
        return read.load_configuration(path, formats)
    return read.find_configuration(Path.cwd(), formats)


def _options(context: click.Context) -> Iterator[tuple[str, click.Option]]:
    """The options of the command that are called like a setting, by the setting's name."""
    for one in fields(Settings):
        flag = "--" + one.name.replace("_", "-")
        for option in context.command.params:
            if isinstance(option, click.Option) and flag in option.opts:
                yield one.name, option


def _is_given(context: click.Context, option: click.Option) -> bool:
    source = context.get_parameter_source(str(option.name))
    return source in {ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT}


def _defaults(context: click.Context, found: Configuration) -> Iterator[tuple[str, Any]]:
    for name, option in _options(context):
        value = getattr(found.settings, name)
        if value is not None:
            yield str(option.name), _spelled(value, option)


def _spelled(value: Any, option: click.Option) -> Any:
    """The value of a setting as the command line would give it."""
    if isinstance(value, tuple):
        return value if option.multiple else ",".join(value)
    return value.value if isinstance(value, Enum) else str(value)


class _UnusableConfiguration(click.ClickException):
    """A configuration that cannot be read; shown as every input is that cannot be."""

    exit_code = exits.WRONG_INPUT

    def __init__(self, error: InputError) -> None:
        super().__init__(str(error))
        self.diagnostics = error.diagnostics

    def show(self, file: Any = None) -> None:  # noqa: ARG002 -- click's signature
        """Shows every diagnostic."""
        Streams().report(self.diagnostics)


_config = click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    is_eager=True,
    expose_value=False,
    callback=_load,
    help="The configuration. Without: .policycheck.yaml or [tool.policycheck] in pyproject.toml, "
    "in this directory or above it in the repository.",
)
_no_config = click.option(
    "--no-config",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_refused,
    help="Take no configuration.",
)
