"""Records as JSON."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

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
