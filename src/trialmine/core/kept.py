"""What takes seconds to work out from patterns, kept in the user's cache for the next start.

One file holds the compiled expressions and the words that they need (core/needs.py), each found by the expression itself,
so that a changed one is worked out anew; others hold a table each that was made from the lexicons. A file's name tells what
it was made from. It is only read where nobody else can write to it, is replaced as a whole, and where it can't be read or
written everything works without it.
``TRIALMINE_CACHE`` names another folder; empty, nothing is kept.
"""

from __future__ import annotations

import atexit
import contextlib
import copyreg
import hashlib
import marshal
import os
import sys
import tempfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import regex

from trialmine.core.needs import Clause, needs

#: expression and flags
Key = tuple[str, int]
#: so many new ones are worth a new file; so many in all, and what this process didn't use is left out
_WORTH, _MOST = 40, 6000
#: so few are, when the process ends
_WORTH_AT_END = 8
#: files of one table, from as many versions of what it is made from
_FILES = 3
T = TypeVar("T")


class Kept:
    """Expressions that were worked out before, or are now."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._file = folder / f"expressions-{_versions()}" if folder else None
        self._parts: dict[Key, tuple[Any, ...]] = {}
        self._needs: dict[Key, tuple[tuple[Clause, ...], ...]] = {}
        self._used: set[Key] = set()
        self._new = 0
        self._read()

    def compiled(self, pattern: str, flags: int) -> Any:
        """``regex.compile(pattern, flags)``."""
        key = (pattern, int(flags))
        self._used.add(key)
        if key in self._parts:
            with contextlib.suppress(regex.error, RuntimeError, TypeError, ValueError):
                return _BUILD(*self._parts[key])
        compiled = regex.compile(pattern, flags)
        self._parts[key] = _parts(compiled)[1]
        self._new += 1
        return compiled

    def needs(self, pattern: str, flags: int) -> tuple[tuple[Clause, ...], ...]:
        """``needs(pattern, flags)``."""
        key = (pattern, int(flags))
        self._used.add(key)
        if key not in self._needs:
            self._needs[key] = needs(pattern, flags)
            self._new += 1
        return self._needs[key]

    def save(self, worth: int = 0) -> None:
        """Write the file, where enough is new: what is always ``worth`` it, else a part of what it holds."""
        if self._file is None or self._new < (worth or max(_WORTH, len(self._parts) // 8)):
            return
        self._new = 0
        if len(self._parts) > _MOST:
            self._parts = {k: v for k, v in self._parts.items() if k in self._used}
            self._needs = {k: v for k, v in self._needs.items() if k in self._used}
        _write(self._file, (self._parts, self._needs))

    def table(self, name: str, source: bytes, make: Callable[[], T]) -> T:
        """What ``make`` gives: something of plain lists, dicts, tuples, strings and numbers, which ``source`` tells in full."""
        if self._folder is None:
            return make()
        digest = hashlib.sha256(_versions().encode() + source).hexdigest()[:16]
        file = self._folder / f"{name}-{digest}"
        found: T | None = _read(file)
        if found is None:
            found = make()
            _write(file, found)
            with contextlib.suppress(OSError):
                for old in sorted(file.parent.glob(f"{name}-*"), key=lambda f: f.stat().st_mtime)[:-_FILES]:
                    old.unlink()
        return found

    def _read(self) -> None:
        with contextlib.suppress(TypeError, ValueError):
            self._parts, self._needs = (self._file and _read(self._file)) or ({}, {})


def _read(file: Path) -> Any:
    """What a file holds; None where it isn't there, isn't whole or isn't to be trusted."""
    if not (_own(file) and _own(file.parent)):
        return None
    with contextlib.suppress(OSError, EOFError, TypeError, ValueError):
        whole = memoryview(file.read_bytes())
        if hashlib.sha256(whole[32:]).digest() == whole[:32]:
            return marshal.loads(whole[32:])
    return None


def _write(file: Path, content: Any) -> None:
    """Make or replace a file as a whole."""
    data = marshal.dumps(content)
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as made:
            made.write(hashlib.sha256(data).digest() + data)
        try:
            os.replace(made.name, file)
        except OSError:  # on Windows, while another process reads it
            os.unlink(made.name)


def _parts(compiled: Any) -> Any:
    """The function that builds a compiled expression and what it takes, as for pickling."""
    return copyreg.dispatch_table[regex.Pattern](compiled)


_BUILD = _parts(regex.compile(""))[0]


def _own(path: Path) -> bool:
    """Whether a file or folder is the user's, and no one else's to write to."""
    try:
        about = path.stat()
    except OSError:
        return False
    return not hasattr(os, "getuid") or (about.st_uid == os.getuid() and not about.st_mode & 0o022)


def _versions() -> str:
    """What the kept parts depend on beside the expressions."""
    reader = resources.files("trialmine.core").joinpath("needs.py").read_bytes()
    versions = f"{sys.implementation.cache_tag} {sys.byteorder} {regex.__version__} {marshal.version}"
    return hashlib.sha256(versions.encode() + reader).hexdigest()[:16]


def _folder() -> Path | None:
    """The folder of the user's cache."""
    if (told := os.environ.get("TRIALMINE_CACHE")) is not None:
        return Path(told) if told else None
    with contextlib.suppress(RuntimeError):  # no home
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "trialmine" / "cache"
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "trialmine"
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "trialmine"
    return None


KEPT = Kept(_folder())
atexit.register(KEPT.save, _WORTH_AT_END)
