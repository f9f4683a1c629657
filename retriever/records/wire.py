"""Records as JSON, and the envelope that every face sends them in."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

SCHEMA_VERSION = 1

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def wire(value: object) -> Json:
    """Return a record, or a tuple or mapping of records, as plain JSON values."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if is_dataclass(value):
        return {field.name: wire(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [wire(item) for item in value]
    if isinstance(value, dict):
        return {str(key): wire(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no wire format")


def success(command: str, data: object) -> Json:
    """Return an answer in its envelope; `data` is a record, or a tuple or mapping of records."""
    return {"ok": True, "schema_version": SCHEMA_VERSION, "command": command, "data": wire(data)}


def failure(command: str, code: str, message: str, next_step: str | None, data: object = None) -> Json:
    """Return an error in its envelope; `next_step` says what to do about it, where something can be done.

    `data` is what was found all the same, a record.
    """
    error: Json = {"code": code, "message": message, "next": next_step}
    found: dict[str, Json] = {} if data is None else {"data": wire(data)}
    return {"ok": False, "schema_version": SCHEMA_VERSION, "command": command, "error": error, **found}
