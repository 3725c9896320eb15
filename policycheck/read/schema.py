"""The JSON Schemas (draft 2020-12) of specs, requests, results and manifests."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any


def spec_schema() -> dict[str, Any]:
    """The schema of a spec. What it refuses, the reader of specs refuses too, not the reverse."""
    return _schema("spec")


def request_schema() -> dict[str, Any]:
    """The schema of a request (contract section 3)."""
    return _schema("request")


def result_schema() -> dict[str, Any]:
    """The schema of what ``prove --format json`` prints (contract section 5)."""
    return _schema("result")


def findings_schema() -> dict[str, Any]:
    """The schema of what ``lint --format json`` prints."""
    return _including(_schema("findings"), "result")


def repair_schema() -> dict[str, Any]:
    """The schema of what ``repair --format json`` prints."""
    return _including(_schema("repair"), "result", "diff")


def manifest_schema() -> dict[str, Any]:
    """The schema of a manifest, which names policies and what each is judged by."""
    return _schema("manifest")


def reach_schema() -> dict[str, Any]:
    """The schema of what ``reach --format json`` prints."""
    return _schema("reach")


def diff_schema() -> dict[str, Any]:
    """The schema of what ``diff --format json`` prints."""
    return _schema("diff")


def _including(schema: dict[str, Any], *names: str) -> dict[str, Any]:
    """The schema with those in it that it refers to by their ``$id``."""
    schema["$defs"] |= {f"{name} schema": _schema(name) for name in names}
    return schema


def _schema(name: str) -> dict[str, Any]:
    file = resources.files(__package__).joinpath("schemas", f"{name}.json")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found
