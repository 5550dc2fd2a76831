"""The two halves of a set of texts: patterns are mended on the one, the other is only ever scored.

A gold folder that is kept so says it in a file ``split.toml`` at its top, which names the rule:
``rule = "sha256"`` is :func:`split_of`. Of such a set the rows of the half ``check`` are shown to those
alone who ask for them twice. Texts whose faults were seen before the split was made can be named there:
``open = ["text-1", "draft-*"]`` (with * for all that begin so); they are in neither half.
A folder without the file is no such set: all its rows are shown.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from trialmine.core.errors import UsageError

SPLITS = ("develop", "check")
#: what a text is called that is in neither half
OPEN = "open"
NAME = "split.toml"
_RULES = ("sha256",)


def split_of(doc_id: str) -> str:
    """The half that the rule puts a document into, for good: ``develop`` or ``check``.

    ``develop`` where the last hexadecimal digit of the SHA-256 of the doc_id in UTF-8 is even.
    """
    return SPLITS[int(hashlib.sha256(doc_id.encode("utf-8")).hexdigest()[-1], 16) % 2]


def is_named(doc_id: str, names: Iterable[str]) -> bool:
    """Whether a doc_id is among names, of which one that ends in * stands for all that begin so."""
    return any(doc_id.startswith(n[:-1]) if n.endswith("*") else doc_id == n for n in names)


@dataclass(frozen=True, slots=True)
class Halves:
    """The halves of a gold folder; ``open`` names the texts that are in neither."""

    open: tuple[str, ...] = ()

    def of(self, doc_id: str) -> str:
        """``develop``, ``check`` or ``open``."""
        return OPEN if is_named(doc_id, self.open) else split_of(doc_id)


def read_halves(gold_dir: Path) -> Halves | None:
    """How a gold folder is kept in halves; None where it isn't.

    Raises :class:`UsageError` for a file that says no rule, or something else than a rule and open texts.
    """
    path = gold_dir / NAME
    if not path.is_file():
        return None
    try:
        said = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except ValueError as error:
        raise UsageError(f"{path.as_posix()}: can't be read as TOML: {error}") from None
    if said.get("rule") not in _RULES or not said.keys() <= {"rule", OPEN}:
        raise UsageError(
            f'{path.as_posix()}: it has to say rule = "{_RULES[0]}" and may name texts as open, nothing else'
        )
    names = said.get(OPEN, [])
    if not isinstance(names, list) or not all(isinstance(n, str) and n.strip("*") for n in names):
        raise UsageError(f"{path.as_posix()}: open: want a list of doc_ids (or of their beginnings, with *)")
    return Halves(tuple(names))
