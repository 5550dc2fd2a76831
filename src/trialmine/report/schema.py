"""The tables as SQLAlchemy sees them, made from their one definition: types, keys, foreign keys, indexes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import LONGTEXT
from sqlalchemy.schema import CreateIndex, CreateTable

from trialmine.core.tables import TABLES, Column, definition, key_of

#: what a load keeps of itself: the loads, and what each document's rows were at its load
LOAD_RUNS, LOAD_DOCUMENTS = "load_runs", "load_documents"

_MYSQL = ("mysql", "mariadb")
#: a key's length in MySQL, which indexes at most 3,072 bytes
_KEY: Any = sa.Text().with_variant(sa.String(700), *_MYSQL)
_TEXT: Any = sa.Text().with_variant(LONGTEXT, *_MYSQL)
_TYPES: dict[type, Any] = {str: _TEXT, int: sa.BigInteger(), float: sa.Double()}


def make_tables(dialect: str, schema: str | None = None, prefix: str = "") -> dict[str, sa.Table]:
    """Table name -> table, parents first; in the database their names have the prefix.

    DuckDB gets no foreign keys: it can't take a row out in the transaction in which what refers to it goes.
    """
    metadata = sa.MetaData(schema=schema)
    foreign = dialect != "duckdb"
    binary: dict[str, Any] = {
        "mysql_engine": "InnoDB",
        "mysql_charset": "utf8mb4",
        "mysql_collate": "utf8mb4_bin",
    }
    binary |= {key.replace("mysql", "mariadb"): value for key, value in binary.items()}

    def table(name: str, *columns: sa.Column[Any]) -> sa.Table:
        return sa.Table(f"{prefix}{name}", metadata, *columns, **binary)

    def reference(to: str, key: str) -> list[sa.ForeignKey]:
        path = f"{schema + '.' if schema else ''}{prefix}{to}.{key}"
        return [sa.ForeignKey(path)] if foreign else []

    def column(c: Column) -> sa.Column[Any]:
        kind = _KEY if c.key or c.ref else _TYPES[c.type]
        refers = reference(c.ref, key_of(c.ref)) if c.ref else []
        return sa.Column(c.name, kind, *refers, primary_key=c.key, nullable=c.optional, autoincrement=False)

    tables = {name: table(name, *map(column, definition(name))) for name in TABLES}
    for name in TABLES:
        for c in definition(name):
            if c.index or (c.ref and not c.key):
                _index(tables[name], c, dialect)
    tables[LOAD_RUNS] = table(
        LOAD_RUNS,
        sa.Column("run_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("loaded_at", sa.DateTime(), nullable=False),
        sa.Column("program", sa.String(50), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("documents_new", "documents_replaced", "documents_unchanged", "documents_dropped", "rows_loaded")
        ),
    )  # fmt: skip
    tables[LOAD_DOCUMENTS] = table(
        LOAD_DOCUMENTS,
        sa.Column("doc_id", _KEY, *reference("documents", "doc_id"), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("version", sa.String(100), nullable=False),
        sa.Column("run_id", sa.BigInteger(), *reference(LOAD_RUNS, "run_id"), nullable=False),
    )
    return tables


def _index(table: sa.Table, c: Column, dialect: str) -> None:
    # texts of any length: MySQL indexes their beginning, PostgreSQL their hash (people join by equality)
    long: dict[str, Any] = {} if c.ref else {"mysql_length": 191, "mariadb_length": 191}
    if dialect == "postgresql" and not c.ref:
        long["postgresql_using"] = "hash"
    sa.Index(f"ix_{table.name}_{c.name}", table.c[c.name], **long)


def ddl(dialect: sa.Dialect, tables: dict[str, sa.Table]) -> str:
    """The statements that make the tables."""
    statements: list[Any] = []
    for table in tables.values():
        statements.append(CreateTable(table))
        statements += [CreateIndex(i) for i in sorted(table.indexes, key=lambda i: str(i.name))]
    lines = [str(s.compile(dialect=dialect)).strip().replace("\t", "  ") for s in statements]
    return "\n".join(f"{line};" for line in lines)
