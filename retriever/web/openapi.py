"""The OpenAPI document, made of the table of operations and of the records themselves."""

from __future__ import annotations

import types
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from retriever import __version__
from retriever.records.wire import SCHEMA_VERSION
from retriever.web.failures import API, CODES, STATUSES
from retriever.web.parameters import Texts

if TYPE_CHECKING:
    from retriever.records import Json
    from retriever.web.operations import Operation
    from retriever.web.parameters import Parameter

Schema = dict[str, "Json"]
_PLAIN: dict[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
}


def document(operations: Iterable[Operation]) -> Schema:
    """Return the description of an API with these operations."""
    schemas: dict[str, Json] = {"Failure": _failure()}
    paths: dict[str, Json] = {}
    for operation in operations:
        path = paths.setdefault(API + operation.path, {})
        assert isinstance(path, dict)
        path[operation.method.lower()] = _described(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Retriever",
            "version": __version__,
            "summary": "Search over the notes that researchers keep on papers. It reads, and never writes.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def schema_of(kind: Any, schemas: dict[str, Json]) -> Schema:
    """Return the JSON schema of a type's wire format; records are put into `schemas`, under their own names."""
    if isinstance(kind, dict):
        return _object({name: schema_of(value, schemas) for name, value in kind.items()})
    if is_dataclass(kind):
        return _record(kind, schemas)
    return _PLAIN[kind] if kind in _PLAIN else _compound(get_origin(kind), get_args(kind), schemas)


def _record(kind: Any, schemas: dict[str, Json]) -> Schema:
    if kind.__name__ not in schemas:
        schemas[kind.__name__] = None  # so that a record may hold its like
        hints = get_type_hints(kind)
        schemas[kind.__name__] = _object({field.name: schema_of(hints[field.name], schemas) for field in fields(kind)})
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _compound(origin: Any, arguments: tuple[Any, ...], schemas: dict[str, Json]) -> Schema:
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin not in {Union, types.UnionType, tuple}:
        raise TypeError(f"{origin} has no schema")
    each: list[Json] = [schema_of(argument, schemas) for argument in arguments if argument is not Ellipsis]
    if origin is not tuple:
        return {"anyOf": each}
    if Ellipsis in arguments:
        return {"type": "array", "items": each[0]}
    return {"type": "array", "prefixItems": each, "minItems": len(each), "maxItems": len(each)}


def _described(operation: Operation, schemas: dict[str, Json]) -> Schema:
    data = schema_of(operation.data, schemas)
    success = _object({"ok": {"const": True}, "schema_version": {"const": SCHEMA_VERSION},
                       "command": {"const": operation.name}, "data": data})  # fmt: skip
    described: Schema = {
        "operationId": operation.name + ("" if operation.method == "GET" else "_text"),
        "summary": operation.about,
        "responses": {"200": _answer("The answer.", success), **_failures()},
    }
    inside: list[Json] = [_parameter(operation.inside, "path")] if operation.inside else []
    if operation.method == "POST":
        described["parameters"] = inside
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": _body(operation)}}}
    else:
        described["parameters"] = [*inside, *(_parameter(one, "query") for one in operation.parameters)]
    return described


def _parameter(parameter: Parameter, where: str) -> Schema:
    described: Schema = {
        "name": parameter.name,
        "in": where,
        "description": parameter.about,
        "required": parameter.required,
        "schema": parameter.schema(),
    }
    if isinstance(parameter, Texts):
        return described if parameter.each.example is None else described | {"example": [parameter.each.example]}
    return described if parameter.example is None else described | {"example": parameter.example}


def _body(operation: Operation) -> Schema:
    properties: dict[str, Json] = {one.name: {"description": one.about, **one.schema()} for one in operation.parameters}
    required: list[Json] = [one.name for one in operation.parameters if one.required]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _failures() -> dict[str, Json]:
    statuses = sorted({*CODES, *(status for _, status in STATUSES), 500})
    return {str(status): _answer("It failed.", {"$ref": "#/components/schemas/Failure"}) for status in statuses}


def _failure() -> Schema:
    error = _object({"code": _PLAIN[str], "message": _PLAIN[str], "next": {"anyOf": [_PLAIN[str], {"type": "null"}]}})
    return _object(
        {"ok": {"const": False}, "schema_version": {"const": SCHEMA_VERSION}, "command": _PLAIN[str], "error": error}
    )


def _answer(about: str, schema: Schema) -> Schema:
    return {"description": about, "content": {"application/json": {"schema": schema}}}


def _object(properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
