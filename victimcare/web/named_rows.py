"""How what is stored under a number is called in an address and in a form (`store/row_names.py`)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request

from victimcare.store.row_names import RowNames


async def row_names(request: Request) -> RowNames:
    """The names of rows, of this installation."""
    found: RowNames = request.app.state.row_names
    return found


TheRowNames = Annotated[RowNames, Depends(row_names)]


def row_of(table: str, name: str) -> Any:
    """A dependency: the number of the row of `table` that the address calls by its part `{name}`.

    Raises `NamesNothing`, also for what is a name of another table.
    """

    async def named(request: Request, names: TheRowNames) -> int:
        return names.number(table, request.path_params[name])

    return Depends(named)
