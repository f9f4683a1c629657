"""What a request may say: each parameter once, for the reader and for the description that programs read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from retriever.records import Json

Given = Mapping[str, Sequence[str]]
Values = Mapping[str, Any]  # what was read for each parameter, by its name
_WHOLE = re.compile(r"-?[0-9]{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text of a bounded length. `choices`, if any, are all that it may be; with `filled` it is not blank."""

    name: str
    about: str
    required: bool = False
    longest: int = 300
    filled: bool = True
    choices: tuple[str, ...] = ()
    default: str | None = None
    example: str | None = None

    def schema(self) -> dict[str, Json]:
        if self.choices:
            described: dict[str, Json] = {"type": "string", "enum": list(self.choices)}
        else:
            described = {"type": "string", "maxLength": self.longest}
            if self.filled:
                described |= {"minLength": 1, "pattern": r"\S"}
        if self.default is not None:
            described["default"] = self.default
        return described

    def read(self, values: Sequence[object]) -> str | None:
        """Return what is given, or the default. HTTPException (400) for what cannot be."""
        value = _only(self.name, values, required=self.required)
        return self.default if value is None else self.one(value)

    def one(self, value: object) -> str:
        if not isinstance(value, str):
            raise unreadable(f"{self.name} is a text.")
        if self.choices and value not in self.choices:
            raise unreadable(f"{self.name} is one of {', '.join(self.choices)}.")
        if len(value) > self.longest:
            raise unreadable(f"{self.name} has {len(value):,} characters; the most is {self.longest:,}.")
        if self.filled and not value.strip():
            raise unreadable(f"{self.name} is blank.")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Several texts, each like `each`, given by naming the parameter again."""

    each: Text
    most: int = 50

    @property
    def name(self) -> str:
        return self.each.name

    @property
    def about(self) -> str:
        return self.each.about

    @property
    def required(self) -> bool:
        return self.each.required

    def schema(self) -> dict[str, Json]:
        described: dict[str, Json] = {"type": "array", "items": self.each.schema(), "maxItems": self.most}
        if self.required:
            described["minItems"] = 1
        return described

    def read(self, values: Sequence[object]) -> tuple[str, ...]:
        if self.required and not values:
            raise unreadable(f"{self.name} is missing.")
        if len(values) > self.most:
            raise unreadable(f"{self.name} is given {len(values):,} times; the most is {self.most:,}.")
        return tuple(self.each.one(value) for value in values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole number, `low` to `high`."""

    name: str
    about: str
    low: int
    high: int
    default: int
    required: bool = False
    example: int | None = None

    def schema(self) -> dict[str, Json]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high, "default": self.default}

    def read(self, values: Sequence[object]) -> int:
        value = _only(self.name, values, required=self.required)
        if value is None:
            return self.default
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if isinstance(value, float) and value.is_integer():  # 2.0 is a whole number in JSON
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            raise self.refused()
        return value

    def refused(self) -> HTTPException:
        return unreadable(f"{self.name} is a whole number from {self.low:,} to {self.high:,}.")


Parameter = Text | Texts | Whole


def read_query(parameters: Sequence[Parameter], given: Given) -> Values:
    """Return the value of every parameter. HTTPException (400) for a value that cannot be, or a name that is none."""
    _check_names(parameters, given)
    return {parameter.name: parameter.read(given.get(parameter.name, ())) for parameter in parameters}


def read_body(parameters: Sequence[Parameter], body: object) -> Values:
    """The same for a JSON object. A list is several values, null is none."""
    if not isinstance(body, dict):
        raise unreadable("The body is a JSON object.")
    _check_names(parameters, body)
    values: dict[str, object] = {}
    for parameter in parameters:
        value = body.get(parameter.name)
        if isinstance(parameter, Texts) and not isinstance(value, list | None):
            raise unreadable(f"{parameter.name} is a list of texts.")
        if isinstance(parameter, Whole) and isinstance(value, str):
            raise parameter.refused()
        given = value if isinstance(value, list) and isinstance(parameter, Texts) else [value]
        values[parameter.name] = parameter.read([] if value is None else given)
    return values


def unreadable(message: str) -> HTTPException:
    return HTTPException(400, message)


def _check_names(parameters: Sequence[Parameter], given: Mapping[str, object]) -> None:
    known = [parameter.name for parameter in parameters]
    for name in given:
        if name not in known:
            listed = f"there are {', '.join(known)}" if known else "there are none"
            raise unreadable(f"There is no parameter {name[:50]!r}; {listed}.")


def _only(name: str, values: Sequence[object], *, required: bool) -> object:
    if len(values) > 1:
        raise unreadable(f"{name} is given {len(values):,} times.")
    if required and not values:
        raise unreadable(f"{name} is missing.")
    return values[0] if values else None
