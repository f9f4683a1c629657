"""What a page is asked for, as its address says it, and the addresses beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from retriever.web.operations import FILTERS, LIMIT, MAX_LIMIT, MAX_QUERY, MODE, SORT
from retriever.web.parameters import Text, read_query

SHOWN = 30  # papers of an answer, before more are asked for

_QUERY = Text(name="q", about="What is looked for.", longest=MAX_QUERY, filled=False, default="")
_PARAMETERS = (_QUERY, replace(LIMIT, default=SHOWN), MODE, SORT, *FILTERS)


@dataclass(frozen=True, slots=True)
class Asked:
    """`filters` holds every filter that was given, with its values."""

    query: str
    limit: int
    mode: Any
    sort: Any
    filters: dict[str, tuple[str, ...]]

    @classmethod
    def read(cls, given: Mapping[str, Sequence[str]]) -> Asked:
        """Read the parameters of an address; unknown and empty ones are left aside. HTTPException (400) for others."""
        known = {parameter.name for parameter in _PARAMETERS}
        filled = {name: [value for value in values if value.strip()] for name, values in given.items() if name in known}
        values = read_query(_PARAMETERS, filled)
        filters = {parameter.name: values[parameter.name] for parameter in FILTERS if values[parameter.name]}
        return cls(values["q"].strip(), values["limit"], values["mode"], values["sort"], filters)

    @property
    def anything(self) -> bool:
        return bool(self.query or self.filters)

    def has(self, name: str, value: str) -> bool:
        return value in self.filters.get(name, ())

    def active(self) -> Iterator[tuple[str, str]]:
        """Yield the name and value of each filter."""
        for name, values in self.filters.items():
            for value in values:
                yield name, value

    def fields(self) -> Iterator[tuple[str, str]]:
        """Yield what an address says beside the query; what is as always is left out."""
        yield from self.active()
        if self.mode != MODE.default:
            yield "mode", self.mode
        if self.sort != SORT.default:
            yield "sort", self.sort

    def toggled(self, name: str, value: str) -> str:
        """Return the address with a filter more, or without it where it is there."""
        values = self.filters.get(name, ())
        kept = tuple(one for one in values if one != value) if value in values else (*values, value)
        others = {other: given for other, given in self.filters.items() if other != name}
        return replace(self, filters=others | ({name: kept} if kept else {}), limit=SHOWN).address()

    def by(self, *, mode: str | None = None, sort: str | None = None) -> str:
        """Return the address with another mode or sort."""
        return replace(self, mode=mode or self.mode, sort=sort or self.sort).address()

    def more(self) -> str:
        """Return the address of twice as much."""
        return replace(self, limit=min(2 * self.limit, MAX_LIMIT)).address()

    def address(self) -> str:
        given = [("q", self.query)] if self.query else []
        given += [*self.fields(), *([("limit", str(self.limit))] if self.limit != SHOWN else [])]
        return f"/?{urlencode(given)}" if given else "/"
