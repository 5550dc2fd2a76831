"""The Frictionless description of the files: ``datapackage.json``, made from the definition of the tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from trialmine.core.tables import TABLES, WIDE, Column, definition, key_of
from trialmine.report.writers import FORMATS, Options

_TYPES = {str: "string", int: "integer", float: "number"}


def describe(folder: Path, options: Options) -> None:
    """Write ``datapackage.json`` beside the files; a database describes itself and gets none."""
    if not FORMATS[options.file_format].media_type:
        return
    package = {
        "profile": "data-package",
        "name": "trialmine",
        "title": "Results of clinical trials, extracted from review articles",
        "resources": [_resource(name, options) for name in options.tables],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def _resource(table: str, options: Options) -> dict[str, Any]:
    file_format = FORMATS[options.file_format]
    resource = {
        "name": table,
        "description": (TABLES | WIDE)[table].__doc__,
        "path": file_format.path.format(table=table),
        "format": options.file_format,
        "mediatype": file_format.media_type,
        "encoding": "utf-8-sig" if options.excel else "utf-8",
        "schema": schema(table),
    }
    if options.file_format == "xlsx":
        resource["dialect"] = {"excel": {"sheet": table}}
    return resource


def schema(table: str) -> dict[str, Any]:
    """The Table Schema of a table: fields with types, units and descriptions, keys and foreign keys."""
    columns = definition(table)
    result: dict[str, Any] = {"fields": [_field(c) for c in columns], "missingValues": [""]}
    if key_of(table):
        result["primaryKey"] = key_of(table)
    foreign = [
        {"fields": c.name, "reference": {"resource": c.ref, "fields": key_of(c.ref)}}
        for c in columns
        if c.ref
    ]
    return result | ({"foreignKeys": foreign} if foreign else {})


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.type],
        "description": column.doc,
    }
    if column.unit:
        field["unit"] = column.unit
    if not column.optional and (column.key or column.ref or column.type is not str):
        field["constraints"] = {"required": True}
    return field
