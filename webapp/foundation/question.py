"""A question that every request asks: put into SQL once, then given to the driver as it is.

A session or a Core statement costs ten times what the answer costs (bench pages). Nothing is promised that they do not
promise: the connection is the pool's own, types come back as the columns say, and what goes wrong is asked again by the
long way, which knows a lost connection and a busy database by their names.
"""

from typing import Any

from sqlalchemy import Select

from webapp.foundation.db import Database


class Question:
    """One `select` with named values, at most one row."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self._made: dict[str, _Made] = {}

    def first(self, database: Database, **values: str) -> tuple[Any, ...] | None:
        """The first row, or None."""
        dialect = database.engine.dialect
        made = self._made.get(dialect.name) or self._made.setdefault(dialect.name, _Made(self.statement, dialect))
        try:
            return made.ask(database.engine, values)
        except made.errors:
            with database.engine.connect() as connection:
                row = connection.execute(self.statement, values).first()
            return tuple(row) if row else None


class _Made:
    """The question in the words of one kind of database."""

    def __init__(self, statement: Any, dialect: Any) -> None:
        compiled = statement.compile(dialect=dialect)
        self.errors = dialect.loaded_dbapi.Error
        self._sql, self._places = str(compiled), compiled.positiontup if compiled.positional else None
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._read = [(at, turn) for at, column in enumerate(statement.selected_columns)
                      if (turn := column.type.dialect_impl(dialect).result_processor(dialect, None))]

    def ask(self, engine: Any, values: dict[str, str]) -> tuple[Any, ...] | None:
        given: Any = {**self._fixed, **values}
        if self._places is not None:
            given = tuple([given[name] for name in self._places])
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(self._sql, given)
            row = cursor.fetchone()
            cursor.close()
        except self.errors:
            connection.invalidate()
            raise
        finally:
            connection.close()
        if row is None or not self._read:
            return row if row is None else tuple(row)
        answer = list(row)
        for at, turn in self._read:
            answer[at] = turn(answer[at])
        return tuple(answer)
