"""The manifest of a corpus: what its texts are.

``manifest.csv`` at the top of a corpus folder, UTF-8, with a header line and one line a text. The column
``file`` is the text's path below the folder; ``style`` says how it is written, the kind first and then,
after a comma, a bracket or "with", what is peculiar to the text ("PDF text with broken lines" is grouped
as "PDF text"). Further columns (language, topic, sources, …) are for people.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path, PurePosixPath

from trialmine.core.errors import UsageError

NAME = "manifest.csv"
_PECULIAR = re.compile(r"[,，(（]| with ")


def styles_of(folder: Path) -> dict[str, str]:
    """doc_id -> style of the texts of a folder; empty where it has no manifest.

    Raises :class:`UsageError`, naming the file, for one that can't be read or has no such columns.
    """
    path = folder / NAME
    if not path.is_file():
        return {}
    try:
        reader = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
        if missing := {"file", "style"} - set(reader.fieldnames or ()):
            raise UsageError(f"{path.as_posix()}: no column {' and '.join(sorted(missing))}")
        return {
            PurePosixPath(line["file"]).with_suffix("").as_posix(): _PECULIAR.split(line["style"])[0].strip()
            for line in reader
            if line["file"] and line["style"]
        }
    except (ValueError, csv.Error) as error:
        raise UsageError(f"{path.as_posix()}: can't be read as CSV: {error}") from None
