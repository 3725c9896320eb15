"""Writes docs/spec-fields.md from the JSON Schema of specs.

python docs/spec_fields.py
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from policycheck.read.schema import spec_schema

PAGE = Path(__file__).with_name("spec-fields.md")
HEAD = """# Fields of a spec

Written by `docs/spec_fields.py` from the JSON Schema that `policycheck schema` prints; do not edit.
[Specs](specs.md) has the same in words, with what is assumed of requests; [Editors](editors.md)
says how an editor shows these descriptions while you type.
"""

Schema = Mapping[str, Any]


def page() -> str:
    """The whole page."""
    schema = spec_schema()
    definitions, top = schema["$defs"], schema["properties"]
    sections: dict[str, Schema] = {
        "The file": schema,
        "api": top["api"],
        "keys": definitions["key"],
        "workflow": top["workflow"],
        "An assertion": definitions["assertion"],
        "A predicate": definitions["entries"],
        "time": definitions["time"],
    }
    return HEAD + "".join(_section(title, found) for title, found in sections.items())


def _section(title: str, schema: Schema) -> str:
    required = schema.get("required", ())
    head = f"\n## {title}\n\n{schema['description']}\n"
    table = "\n| field | meaning | for example |\n|---|---|---|\n"
    rows = (_row(name, found, name in required) for name, found in schema["properties"].items())
    return head + table + "".join(rows)


def _row(name: str, schema: Schema, needed: bool) -> str:
    meaning = " ".join(_meaning(schema, needed=needed))
    shown = "<br>".join(f"<code>{_cell(json.dumps(one))}</code>" for one in schema["examples"])
    return f"| `{name}` | {_cell(meaning)} | {shown} |\n"


def _meaning(schema: Schema, *, needed: bool) -> Iterator[str]:
    yield schema["description"]
    if "enum" in schema:
        yield f"One of {', '.join(schema['enum'])}."
    if needed:
        yield "It must be there."


def _cell(text: str) -> str:
    return html.escape(text, quote=False).replace("|", "&#124;").replace("*", "&#42;")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
