"""Loading a run into real databases: SQLite, DuckDB, PostgreSQL, MariaDB."""

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

import servers
import trialmine
from test_writers import document, measurement, tables
from trialmine.batch import Result
from trialmine.cli import app
from trialmine.core.tables import TABLES, ArmRow, MentionRow, StudyRow, Tables, columns, definition, key_of
from trialmine.report.schema import LOAD_DOCUMENTS, LOAD_RUNS
from trialmine.store import Store

CORPUS = Path(__file__).parent.parent / "corpus"
BACKENDS = ["sqlite", "duckdb", "postgresql", "mariadb"]


@pytest.fixture(scope="session", params=BACKENDS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param in ("sqlite", "duckdb"):
        yield f"{request.param}:///{tmp_path_factory.mktemp('db').as_posix()}/{{}}.db"
    elif request.param == "mariadb" and not servers.mariadb_programs():
        pytest.skip("no MariaDB here: install mariadb-server-core and mariadb-client-core")
    else:
        with servers.SERVERS[request.param]() as url:
            yield url


@pytest.fixture
def database(server: str, request: pytest.FixtureRequest) -> "Database":
    name = f"t{abs(hash(request.node.name)) % 10**12}"
    if "{}" in server:
        return Database(server.format(name), None)
    return Database(server, name)  # a schema of its own


class Database:
    """What a test looks into; `schema` keeps the tests on one server apart."""

    def __init__(self, url: str, schema: str | None) -> None:
        self.url, self.schema = url, schema
        parsed = sa.make_url(url)
        drivers = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
        self.engine = sa.create_engine(
            parsed.set(drivername=drivers.get(parsed.drivername, parsed.drivername)), poolclass=sa.NullPool
        )
        self.kind = self.engine.dialect.name

    def load(self, out: Path, *more: object, to: str | None = None) -> Any:
        args = ["load", str(out), "--to", to or self.url, *map(str, more)]
        if self.schema and "--schema" not in args:
            args += ["--schema", self.schema]
        result = CliRunner().invoke(app, args)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert servers.PASSWORD not in result.output and "p%40ss" not in result.output
        return result

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        names = columns(table) if table in TABLES else ["*"]
        chosen = [sa.column(n) if n != "*" else sa.text("*") for n in names]
        with self.engine.connect() as connection:
            source = sa.table(table, schema=self.schema)
            return sorted(
                (tuple(r) for r in connection.execute(sa.select(*chosen).select_from(source))), key=repr
            )

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        return {name: self.rows(name) for name in [*TABLES, LOAD_RUNS, LOAD_DOCUMENTS]}

    def names(self) -> set[str]:
        with self.engine.connect() as connection:
            inspector = sa.inspect(connection)
            if self.schema and not inspector.has_schema(self.schema):
                return set()
            return set(inspector.get_table_names(schema=self.schema))


def wanted(found: Tables) -> dict[str, list[tuple[Any, ...]]]:
    refers = {name: {c.name for c in definition(name) if c.ref} for name in TABLES}
    return {
        name: sorted(
            (
                tuple(
                    None if v == "" and c in refers[name] else v
                    for c in columns(name)
                    for v in [getattr(row, c)]
                )
                for row in found.rows[name]
            ),
            key=repr,
        )
        for name in TABLES
    }


def make_run(out: Path, documents: dict[str, Tables], version: str = "1+x") -> Path:
    store = Store(out, create=True)
    store.drop(store.ids())
    for made in documents.values():
        result = Result.of(made)
        store.put(result.document, result.rows, version)
    store.close()
    return out


@pytest.fixture(scope="module")
def documents() -> dict[str, Tables]:
    return {i: trialmine.extract(CORPUS / f"{i}.txt") for i in ("zh-08", "zh-09", "en-01")}


def gathered(documents: dict[str, Tables]) -> Tables:
    result = Tables()
    for made in documents.values():
        result.extend(made)
    return result


def test_all_rows_arrive_with_their_types(
    database: Database, documents: dict[str, Tables], tmp_path: Path
) -> None:
    out = make_run(tmp_path / "out", documents)
    done = database.load(out)
    assert done.exit_code == 0, done.output
    assert done.stderr.startswith("3 documents new, 0 replaced, 0 unchanged; ")
    for name, rows in wanted(gathered(documents)).items():
        assert rows and database.rows(name) == rows, name
    with database.engine.connect() as connection:
        inspector = sa.inspect(connection)
        if database.kind == "duckdb":  # its driver can't reflect
            return
        for name in TABLES:
            kinds = {c["name"]: c["type"] for c in inspector.get_columns(name, schema=database.schema)}
            for c in definition(name):
                kind = {str: sa.String, int: sa.Integer, float: sa.Float}[c.type]
                assert isinstance(kinds[c.name], kind), (name, c.name, kinds[c.name])
            key = inspector.get_pk_constraint(name, schema=database.schema)["constrained_columns"]
            assert key == ([key_of(name)] if key_of(name) else [])
            foreign = inspector.get_foreign_keys(name, schema=database.schema)
            assert {(f["constrained_columns"][0], f["referred_table"]) for f in foreign} == {
                (c.name, c.ref) for c in definition(name) if c.ref
            }
            indexed = {i["column_names"][0] for i in inspector.get_indexes(name, schema=database.schema)}
            assert {c.name for c in definition(name) if c.index} <= indexed


def test_loading_twice_changes_nothing(
    database: Database, documents: dict[str, Tables], tmp_path: Path
) -> None:
    out = make_run(tmp_path / "out", documents)
    database.load(out)
    before = database.everything()
    again = database.load(out)
    assert again.stderr == "0 documents new, 0 replaced, 3 unchanged; 0 rows\n"
    assert database.everything() == before
    assert len(before[LOAD_RUNS]) == 1 and len(before[LOAD_DOCUMENTS]) == 3


def test_a_new_version_of_a_document_replaces_its_rows(
    database: Database, documents: dict[str, Tables], tmp_path: Path
) -> None:
    out = make_run(tmp_path / "out", documents)
    database.load(out)
    shorter = trialmine.extract((CORPUS / "zh-09.txt").read_text("utf-8")[:500])
    changed = {**documents, "zh-09": renamed(shorter, "zh-09"), "neu": renamed(shorter, "neu")}
    make_run(out, changed, version="2+y")
    done = database.load(out)
    assert done.stderr.startswith("1 documents new, 1 replaced, 2 unchanged; ")
    assert {n: database.rows(n) for n in TABLES} == wanted(gathered(changed))
    first, second = database.rows(LOAD_RUNS)
    assert first[2] == second[2] == trialmine.__version__
    assert (first[3:7], second[3:7]) == ((3, 0, 0, 0), (1, 1, 2, 0))
    assert {(row[0], row[2], row[3]) for row in database.rows(LOAD_DOCUMENTS)} == {
        ("zh-08", "1+x", 1), ("en-01", "1+x", 1), ("zh-09", "2+y", 2), ("neu", "2+y", 2),
    }  # fmt: skip

    del changed["neu"]
    make_run(out, changed)
    assert database.load(out).stderr == "0 documents new, 0 replaced, 3 unchanged; 0 rows\n"
    assert ("neu",) in {row[:1] for row in database.rows("documents")}
    dropped = database.load(out, "--prune")
    assert dropped.stderr == "0 documents new, 0 replaced, 3 unchanged, 1 dropped; 0 rows\n"
    assert {n: database.rows(n) for n in TABLES} == wanted(gathered(changed))


def renamed(made: Tables, doc_id: str) -> Tables:
    from dataclasses import fields, replace

    result = Tables()
    for name, rows in made.rows.items():
        for row in rows:
            changes = {
                f.name: getattr(row, f.name).replace("text#", f"{doc_id}#")
                for f in fields(row)
                if f.name.endswith("_id") and f.name not in ("doc_id", "concept_id")
            }
            result.rows[name].append(replace(row, **changes, doc_id=doc_id))
    return result


def test_a_failed_load_leaves_the_database_as_it_was(
    database: Database, documents: dict[str, Tables], tmp_path: Path
) -> None:
    bad = tables(
        documents=[document("zz")], measurements=[measurement("zz", n, measurement_id="one") for n in (1, 2)]
    )
    with_bad = make_run(tmp_path / "bad", {**documents, "zz": bad})
    failed = database.load(with_bad)
    assert failed.exit_code == 2
    assert failed.stderr.startswith("error: ") and len(failed.stderr.splitlines()) == 1
    assert database.names() == set()

    good = make_run(tmp_path / "good", {i: documents[i] for i in ("zh-08", "zh-09")})
    assert database.load(good).exit_code == 0
    before = database.everything()
    assert database.load(with_bad).exit_code == 2
    assert database.everything() == before


def test_awkward_texts(database: Database, tmp_path: Path) -> None:
    text = "长" * 70_000 + "𠀀 \\ ' \" % :x ; \r\n"
    many = "; ".join(f"NCT{n:08}" for n in range(2_000))
    rows = [measurement("A", 1, measurement_id="A#1", sentence=text, value=0.1 + 0.2, outcome="x" * 5000)]
    rows += [measurement("a", 1, measurement_id="a#1", value=1e300, sentence="a\0b", quote="\udcff")]
    made = tables(
        documents=[document("A"), document("a")],
        studies=[StudyRow("A#S", "A", "", many, "", "", None, "")],
        arms=[ArmRow("A#A", "A", "A#S", "", "", many, "", 3)],
        mentions=[
            MentionRow("A#N", "A", "drug", "É", "e", 0, 1),
            MentionRow("A#n", "A", "drug", "e", "e", 0, 1),
        ],
        measurements=rows,
    )
    by_document = {
        d: tables(**{n: [r for r in rs if r.doc_id == d] for n, rs in made.rows.items()}) for d in "Aa"
    }
    out = make_run(tmp_path / "out", by_document)
    done = database.load(out)
    assert done.exit_code == 0, done.output
    upper, lower = (
        dict(zip(columns("measurements"), row, strict=True)) for row in database.rows("measurements")
    )
    assert (upper["sentence"], upper["value"], upper["arm_id"]) == (text, 0.1 + 0.2, None)
    assert (lower["sentence"], lower["value"], lower["quote"]) == ("a\ufffdb", 1e300, "\\udcff")
    assert database.load(out).stderr.startswith("0 documents new, 0 replaced, 2 unchanged")
    with database.engine.connect() as connection:
        source = sa.table("mentions", sa.column("concept_id"), schema=database.schema)
        assert len(connection.execute(sa.select(source).where(source.c.concept_id == "e")).all()) == 1


def test_prefix_schema_and_foreign_tables(
    database: Database, documents: dict[str, Tables], tmp_path: Path
) -> None:
    out = make_run(tmp_path / "out", documents)
    assert database.load(out, "--prefix", "tm_").exit_code == 0
    assert database.names() == {f"tm_{name}" for name in [*TABLES, LOAD_RUNS, LOAD_DOCUMENTS]}
    where = f"{database.schema}." if database.schema else ""
    with database.engine.begin() as connection:
        connection.execute(sa.text(f"CREATE TABLE {where}documents (doc_id INTEGER, other INTEGER)"))
    clash = database.load(out)
    assert clash.exit_code == 2 and "documents with other columns" in clash.stderr
    assert "studies" not in database.names()
    for option in ("--prefix", "--schema"):
        assert "it has to be up to 30 letters" in database.load(out, option, "a;b").stderr
    if database.kind == "sqlite":
        assert database.load(out, "--schema", "other").exit_code == 2


def test_dry_run_prints_what_would_be_made(
    database: Database, documents: dict[str, Tables], tmp_path: Path
) -> None:
    shown = database.load(tmp_path / "gone", "--dry-run", "--prefix", "p_")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert database.names() == set()
    statements = [s for s in shown.stdout.split(";\n") if s.strip()]
    assert sum(s.startswith("CREATE TABLE") for s in statements) == len(TABLES) + 2
    with database.engine.begin() as connection:
        if database.schema:
            connection.execute(sa.schema.CreateSchema(database.schema))
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))
    out = make_run(tmp_path / "out", documents)
    assert database.load(out, "--prefix", "p_").exit_code == 0


def test_passwords_are_not_shown(database: Database, documents: dict[str, Tables], tmp_path: Path) -> None:
    if database.kind in ("sqlite", "duckdb"):
        pytest.skip("no passwords")
    out = make_run(tmp_path / "out", documents)
    wrong = sa.make_url(database.url).set(password="Wr0ng/word @x", username="tester")
    for url in (
        wrong.render_as_string(hide_password=False),
        wrong.set(port=1).render_as_string(hide_password=False),
        wrong.set(host="no.such.host.invalid").render_as_string(hide_password=False),
    ):
        failed = database.load(out, to=url)
        assert failed.exit_code == 2 and len(failed.stderr.splitlines()) == 1
        for form in ("Wr0ng/word @x", "Wr0ng", "word+%40x"):
            assert form not in failed.output


# ---- without a server ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("secret words", "--to: this is no database URL"),
        ("postgresql://me:secret@host:port/db", "--to: this is no database URL"),
        ("nosuch://me:secret@host/db", "nosuch: SQLAlchemy has no such database"),
        ("mysql+mysqldb://me:secret@host/db", "needs MySQLdb, which is not installed"),
        ("sqlite:////no/such/folder/x.db", "sqlite at /no/such/folder/x.db: unable to open database file"),
    ],
)
def test_wrong_urls(tmp_path: Path, url: str, message: str, documents: dict[str, Tables]) -> None:
    out = make_run(tmp_path / "out", documents)
    failed = CliRunner().invoke(app, ["load", str(out), "--to", url])
    assert failed.exit_code == 2 and message in failed.stderr
    assert len(failed.stderr.splitlines()) == 1 and "secret" not in failed.output


def test_without_sqlalchemy_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "trialmine.load", raising=False)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    failed = CliRunner().invoke(app, ["load", str(tmp_path), "--to", "sqlite:///x.db"])
    assert (failed.exit_code, failed.stderr) == (
        2,
        "error: trialmine load needs sqlalchemy, which is not installed: pip install 'trialmine[db]'\n",
    )


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    failed = CliRunner().invoke(app, ["load", str(tmp_path), "--to", f"sqlite:///{tmp_path}/x.db"])
    assert failed.exit_code == 2
    assert (
        failed.stderr
        == f"error: {tmp_path.as_posix()}: there is no run of trialmine extract in this folder\n"
    )
    assert not (tmp_path / "x.db").exists()


def test_the_url_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, documents: dict[str, Tables]
) -> None:
    monkeypatch.setenv("TRIALMINE_DATABASE", f"sqlite:///{tmp_path}/x.db")
    assert CliRunner().invoke(app, ["load", str(make_run(tmp_path / "out", documents))]).exit_code == 0
    with sqlite3.connect(tmp_path / "x.db") as db:
        assert db.execute("SELECT count(*) FROM documents").fetchone() == (3,)


def test_the_whole_way(tmp_path: Path) -> None:
    shutil.copy(CORPUS / "en-01.txt", tmp_path)
    url = f"sqlite:///{tmp_path}/x.db"
    for args in (
        ["extract", f"{tmp_path}/en-01.txt", "-o", f"{tmp_path}/out"],
        ["load", f"{tmp_path}/out", "--to", url],
    ):
        assert CliRunner().invoke(app, args).exit_code == 0
    with sqlite3.connect(tmp_path / "x.db") as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        ((rows,),) = db.execute("SELECT count(*) FROM measurements JOIN documents USING (doc_id)").fetchall()
    assert rows == len(trialmine.extract(CORPUS / "en-01.txt").rows["measurements"]) > 0
