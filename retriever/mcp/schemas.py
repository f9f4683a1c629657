"""The schemas that a client is shown, as short as they can be: every agent reads all of them before its first call."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


def schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a model without what says nothing to a reader: titles, and that null is allowed."""
    found: dict[str, Any] = _shortened(model.model_json_schema())
    return found


def _shortened(value: Any) -> Any:
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    if not isinstance(value, dict):
        return value
    one = next((kind for kind in value.get("anyOf", ()) if kind != {"type": "null"}), None)
    if one is not None and {"type": "null"} in value["anyOf"]:
        value = {**value, **one}
        del value["anyOf"]
    # A field of the name "title" would stand there with a schema, not with a text.
    return {
        name: _shortened(item)
        for name, item in value.items()
        if not (name == "title" and isinstance(item, str)) and not (name == "default" and not item)
    }
