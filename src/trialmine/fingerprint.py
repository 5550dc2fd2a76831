"""What a result depends on beside the document: the program, its patterns, the libraries that read text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from pathlib import Path

from trialmine import __version__

#: the libraries whose version can change what is found
_LIBRARIES = ("jieba", "opencc", "regex", "spacy")


def fingerprint(patterns: Path | None = None, encoding: str | None = None) -> str:
    """The program's version and a digest of its sources, its patterns, those of a folder, and the encoding.

    The same fingerprint and the same bytes of a document give the same rows.
    """
    digest = hashlib.sha256()
    parts = [f"{name} {metadata.version(name)}" for name in _LIBRARIES] + [f"encoding {encoding}"]
    for part in parts:
        digest.update(part.encode() + b"\0")
    folders: list[Traversable] = [resources.files("trialmine"), resources.files("trialmine.patterns")]
    for folder in [*folders, *([patterns] if patterns else [])]:
        for name, data in sorted(_files(folder)):
            digest.update(f"{name} {len(data)}".encode() + b"\0" + data)
    return f"{__version__}+{digest.hexdigest()[:16]}"


def _files(folder: Traversable, below: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        name = f"{below}{entry.name}"
        if entry.is_dir():
            yield from _files(entry, f"{name}/")
        elif entry.name.endswith((".py", ".csv", ".toml")):
            yield name, entry.read_bytes()
