"""The manifest of a folder of texts or of their gold: what the texts are.

``manifest.csv`` at the top of the folder, UTF-8, with a header line and one line a text. The column
``file`` is the text's path below the folder; ``style`` says how it is written, the kind first and then,
after a comma, a bracket or "with", what is peculiar to the text ("PDF text with broken lines" is grouped
as "PDF text"). ``set`` names the set of texts that it belongs to, ``source`` says where a text comes from
that is not at hand. Of these three at least style or set has to be there. Further columns (language, topic,
sources, …) are for people.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from trialmine.core.errors import UsageError

NAME = "manifest.csv"
_PECULIAR = re.compile(r"[,，(（]| with ")


@dataclass(frozen=True, slots=True)
class TextInfo:
    """What a manifest says of a text; empty for nothing."""

    style: str = ""
    set: str = ""
    source: str = ""


def read_manifests(folders: Iterable[Path]) -> dict[str, TextInfo]:
    """doc_id -> what the manifests of some folders say of the text, the last of them that says it.

    Raises :class:`UsageError`, naming the file, for one that can't be read, has no such columns or two lines
    of one text.
    """
    found: dict[str, TextInfo] = {}
    for folder in folders:
        for doc_id, info in _read(folder / NAME).items():
            old = found.get(doc_id, TextInfo())
            found[doc_id] = TextInfo(info.style or old.style, info.set or old.set, info.source or old.source)
    return found


def _read(path: Path) -> dict[str, TextInfo]:
    if not path.is_file():
        return {}
    found: dict[str, TextInfo] = {}
    try:
        reader = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
        columns = set(reader.fieldnames or ())
        missing = [*({"file"} - columns), *([] if columns & {"style", "set"} else ["style"])]
        if missing:
            raise UsageError(f"{path.as_posix()}: no column {' and '.join(missing)}")
        for line in reader:
            told = {name: (line.get(name) or "").strip() for name in ("file", "style", "set", "source")}
            if not told["file"]:
                continue
            doc_id = PurePosixPath(told["file"]).with_suffix("").as_posix()
            if doc_id in found:
                raise UsageError(
                    f"{path.as_posix()}: line {reader.line_num}: there is another line of {doc_id!r}"
                )
            style = _PECULIAR.split(told["style"])[0].strip()
            found[doc_id] = TextInfo(style, told["set"], told["source"])
    except (ValueError, csv.Error) as error:
        raise UsageError(f"{path.as_posix()}: can't be read as CSV: {error}") from None
    return found
