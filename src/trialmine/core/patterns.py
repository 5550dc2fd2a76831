"""The loader of ``patterns/``: lexicons (CSV), rules and weights (TOML), checked as they are read.

A CSV lexicon has one surface form a row; a TOML file has ``[[rule]]`` tables whose ``pattern`` is a
``regex`` expression in which ``{{name}}`` stands for a macro of the same file or for the cue of that
name in ``cues.csv`` (its forms joined as alternatives).
"""

from __future__ import annotations

import csv
import hashlib
import math
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

import regex

from trialmine.core import edges
from trialmine.core.edges import word_edges
from trialmine.core.errors import PatternError
from trialmine.core.kept import KEPT
from trialmine.core.lazy import Expression

#: lexicon -> (file name pattern, columns); the first column is the surface form
LEXICONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "drugs": ("drugs*.csv", ("form", "concept", "kind")),
    "procedures": ("procedures*.csv", ("form", "concept", "kind")),
    "regimens": ("regimens*.csv", ("form", "concept", "parts")),
    "outcomes": ("outcomes*.csv", ("form", "concept", "kind", "measure")),
    "studies": ("studies*.csv", ("form", "kind")),
    "units": ("units*.csv", ("form", "concept", "dimension")),
    "modifiers": ("modifiers*.csv", ("form", "concept", "kind")),
    "cues": ("cues*.csv", ("form", "cue")),
}
#: allowed values of a lexicon's closed columns
CLOSED: dict[str, dict[str, set[str]]] = {
    "drugs": {"kind": {"inn", "name", "brand", "code", "abbreviation", "misspelling", "stem"}},
    "procedures": {"kind": {"procedure", "class"}},
    "modifiers": {"kind": {"modifier", "plain", "model", "approach", "any", "head", "loose"}},
    "outcomes": {"kind": {"name", "abbreviation"}, "measure": {"rate", "time", "level", "event", "efficacy"}},
    "studies": {"kind": {"name", "family"}},
    "units": {"dimension": {"time", "dose", "level", "participants", "share", "other"}},
}
#: the file of the weights that are learned from gold (link/confidence.py)
WEIGHTS = "weights.toml"
RULE_KEYS = {"name", "kind", "pattern", "hit", "miss", "note"}
#: ``…|[class]{0,6}?)*?``: a run that could be cut up in every way, which takes exponential time
_RUN_OF_RUNS = regex.compile(
    r"(?<=\|)(?P<class>\[(?:[^\[\]\\]|\\.)+\]|\\p\{\w+\}|\\\w)\{[01]?,\d+\}\?(?=\)\*\?)"
)
#: the line of a rule file that opens a rule; one that gives a key
_RULE_LINE = regex.compile(r"^[ \t]*\[\[[ \t]*rule[ \t]*\]\]", regex.MULTILINE)
_KEY_LINE = regex.compile(r"^[ \t]*(?P<key>\w+)[ \t]*=", regex.MULTILINE)
#: forms of a cue that are simply tried one after the other
_FEW = 8
_PART = regex.compile(r"\{\{(\w+)\}\}")
T = TypeVar("T")


@dataclass(slots=True)
class Entry:
    """One row of a lexicon: its form, its other columns, and where it stands."""

    form: str
    values: Mapping[str, str]
    source: str

    def __getitem__(self, column: str) -> str:
        return self.values[column]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a TOML file."""

    name: str
    kind: str
    regex: Any
    hit: tuple[str, ...]
    miss: tuple[str, ...]
    source: str


@dataclass
class Patterns:
    """Everything that ``patterns/`` holds; a lexicon is read when it is first asked for."""

    lexicons: Mapping[str, list[Entry]] = field(default_factory=dict)
    rules: dict[str, list[Rule]] = field(default_factory=dict)
    cues: dict[str, list[str]] = field(default_factory=dict)
    #: feature -> its weight in the confidence (``weights.toml``)
    weights: dict[str, float] = field(default_factory=dict)
    #: tells the files that all this was read from; empty where it wasn't read from files
    digest: bytes = b""
    _compiled: dict[str, Any] = field(default_factory=dict, repr=False)
    _procedures: dict[str, set[str]] = field(default_factory=dict, repr=False)

    def counts(self) -> dict[str, int]:
        """Number of forms per lexicon and of rules per rule file."""
        result = {name: len(entries) for name, entries in self.lexicons.items()}
        for entries_name in ("drugs", "procedures", "regimens", "outcomes"):
            concepts = {e["concept"] for e in self.lexicons[entries_name]}
            result[f"{entries_name} (concepts)"] = len(concepts)
        result.update({f"{name} (rules)": len(rules) for name, rules in self.rules.items()})
        result["weights"] = len(self.weights)
        return result

    def compile(self, pattern: str) -> Any:
        """An expression whose ``{{cue}}`` parts are filled from the cues; compiled when it is first tried."""
        if pattern not in self._compiled:
            self._compiled[pattern] = Expression(
                lambda: word_edges(_expand(pattern, {}, self.cues, "pattern"))
            )
        return self._compiled[pattern]

    def table(self, name: str, code: bytes, make: Callable[[], T]) -> T:
        """What ``make`` gives from the lexicons, of plain values, kept from one start to the next; ``code`` tells how it is made."""
        return KEPT.table(name, self.digest + code, make) if self.digest else make()

    def procedures(self, kind: str = "") -> set[str]:
        """The concepts of the procedures (``procedure``, ``class``), or of those of one kind."""
        if not self._procedures:
            concepts = self.table("procedures", _code(), lambda: _by_kind(self.lexicons["procedures"]))
            self._procedures = {name: set(found) for name, found in concepts.items()}
        return self._procedures.get(kind, set())

    def short_regimens(self) -> dict[str, Entry]:
        """The abbreviation of a regimen that the lexicon holds with the word for one: EP -> the entry of EP方案."""
        return {
            e.form.removesuffix("方案"): e
            for e in self.lexicons["regimens"]
            if e.form.endswith("方案") and e.form.removesuffix("方案").isupper()
        }

    def kind_endings(self) -> dict[str, tuple[str, ...]]:
        """A word for a kind of treatment -> how the names of those of the kind end (the cues ``of_kind_…``)."""
        return {
            cue.removeprefix("of_kind_").replace("_", " "): tuple(forms)
            for cue, forms in self.cues.items()
            if cue.startswith("of_kind_")
        }


def load_patterns(extra: Path | None = None) -> Patterns:
    """Read the patterns that come with trialmine, then those of the folder ``extra``.

    A form or rule of ``extra`` replaces the shipped one of the same form or name; two of ``extra`` may not
    have the same. Raises PatternError, which names file and line, for anything malformed.
    """
    folders: list[tuple[Traversable, bool]] = [(resources.files("trialmine.patterns"), False)]
    if extra is not None:
        if not extra.is_dir():
            raise PatternError(f"{extra}: no such folder of patterns")
        folders.append((extra, True))
    read = [
        [_File(_place(f), f.name, f.read_bytes()) for f in sorted(folder.iterdir(), key=lambda f: f.name) if f.is_file()]
        for folder, _ in folders
    ]  # fmt: skip
    digest = hashlib.sha256()
    for files in read:
        for file in files:
            digest.update(f"{file.place}\0{len(file.data)}\0".encode("utf-8", "surrogatepass") + file.data)
        digest.update(b"\0")
    lexicons = _Lexicons(read)
    patterns = Patterns(lexicons, digest=digest.digest())
    plain = patterns.table("patterns", _code(), lambda: _read_all(read, lexicons.read))
    patterns.cues, patterns.weights = plain["cues"], plain["weights"]
    patterns.rules = {
        group: [
            Rule(name, kind, Expression(pattern, regex.VERSION1), hit, miss, source)
            for name, kind, pattern, hit, miss, source in rules
        ]
        for group, rules in plain["rules"].items()
    }
    return patterns


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a folder of patterns."""

    place: str
    name: str
    data: bytes


class _Lexicons(Mapping[str, list[Entry]]):
    """The lexicons of folders, of which the later ones override the first; each is read when it is asked for."""

    def __init__(self, folders: Sequence[Sequence[_File]]) -> None:
        self._folders = folders
        self.read: dict[str, list[Entry]] = {}

    def __getitem__(self, lexicon: str) -> list[Entry]:
        if lexicon not in self.read:
            entries: list[Entry] = []
            for files in self._folders:
                _merge(entries, _rows(files, lexicon), by_cue=lexicon == "cues")
            self.read[lexicon] = entries
        return self.read[lexicon]

    def __iter__(self) -> Iterator[str]:
        return iter(LEXICONS)

    def __len__(self) -> int:
        return len(LEXICONS)


def _code() -> bytes:
    """The code that reads patterns."""
    return b"".join(Path(file).read_bytes() for file in (__file__, edges.__file__))


def _by_kind(procedures: Sequence[Entry]) -> dict[str, list[str]]:
    """The concepts of procedures by their kind, and all of them under the empty one."""
    concepts: dict[str, list[str]] = {"": []}
    for e in procedures:
        concepts[""].append(e["concept"])
        concepts.setdefault(e["kind"], []).append(e["concept"])
    return {kind: list(dict.fromkeys(found)) for kind, found in concepts.items()}


def _read_all(folders: Sequence[Sequence[_File]], lexicons: dict[str, list[Entry]]) -> dict[str, Any]:
    """Cues, weights and rules as plain values; the lexicons are read and checked too, into ``lexicons``.

    Where all this is kept, the lexicons are known to be sound.
    """
    lexicons.update({name: [] for name in LEXICONS})
    patterns = Patterns(lexicons)
    for i, files in enumerate(folders):
        for lexicon in LEXICONS:
            _merge(patterns.lexicons[lexicon], _rows(files, lexicon), by_cue=lexicon == "cues")
        patterns.cues = {}
        for entry in patterns.lexicons["cues"]:
            patterns.cues.setdefault(entry["cue"], []).append(entry.form)
        for entry in patterns.lexicons["units"]:
            patterns.cues.setdefault(f"unit_{entry['dimension']}", []).append(entry.form)
        for file in files:
            if file.name == WEIGHTS:
                patterns.weights |= _read_weights(file)
            elif file.name.endswith(".toml"):
                _read_rules(file, patterns, overrides=i > 0)
    rules = {
        group: [(r.name, r.kind, r.regex.pattern, r.hit, r.miss, r.source) for r in rules]
        for group, rules in patterns.rules.items()
    }
    return {"cues": patterns.cues, "weights": patterns.weights, "rules": rules}


def _rows(files: Sequence[_File], lexicon: str) -> list[Entry]:
    """The rows of a folder's files of a lexicon."""
    glob, columns = LEXICONS[lexicon]
    stem = glob.removesuffix("*.csv")
    return [
        row
        for file in files
        if file.name.startswith(stem) and file.name.endswith(".csv")
        for row in _read_csv(file, lexicon, columns)
    ]


def check_examples(patterns: Patterns) -> list[str]:
    """Run every rule on its own examples; one line for each that fails, none where all is well."""
    faults = []
    for rules in patterns.rules.values():
        for rule in rules:
            for text in rule.hit:
                if not rule.regex.search(text):
                    faults.append(f"{rule.source}: rule {rule.name}: hit example not found: {text}")
            for text in rule.miss:
                if rule.regex.search(text):
                    faults.append(f"{rule.source}: rule {rule.name}: miss example found: {text}")
    return faults


def _place(file: Traversable) -> str:
    """A file of a folder by its path; one that comes with trialmine by its place in the package."""
    shipped = resources.files("trialmine.patterns").joinpath(file.name)
    return f"trialmine/patterns/{file.name}" if file == shipped else Path(str(file)).as_posix()


def _text(file: _File) -> str:
    try:
        return file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PatternError(f"{file.place}: not UTF-8 at byte {error.start}") from None


def _read_csv(file: _File, lexicon: str, columns: tuple[str, ...]) -> list[Entry]:
    reader = csv.reader(_text(file).splitlines(keepends=True))
    place = file.place
    header = tuple(next(reader, ()))
    if header != columns:
        raise PatternError(f"{place}:1: the columns must be {','.join(columns)}, not {','.join(header)}")
    rows = []
    closed = list(CLOSED.get(lexicon, {}).items())
    for cells in reader:
        if not any(cells):
            continue
        where = f"{place}:{reader.line_num}"
        if len(cells) != len(columns):
            raise PatternError(f"{where}: {len(cells)} cells where {len(columns)} were expected")
        cells = list(map(str.strip, cells))
        values = dict(zip(columns, cells))  # noqa: B905 (of one length: see above)
        if not all(cells):
            raise PatternError(f"{where}: {columns[cells.index('')]} is empty")
        for column, allowed in closed:
            if values[column] not in allowed:
                raise PatternError(
                    f"{where}: {column} {values[column]!r} is none of {', '.join(sorted(allowed))}"
                )
        rows.append(Entry(cells[0], values, where))
    return rows


def _form_and_cue(entry: Entry) -> tuple[str, str]:
    return entry.form, entry["cue"]


def _merge(entries: list[Entry], rows: list[Entry], by_cue: bool) -> None:
    """Add the rows of one folder to those of the folder before it, which they override; no two are alike."""
    key = _form_and_cue if by_cue else attrgetter("form")
    before = {key(e): i for i, e in enumerate(entries)}
    own: dict[Any, Entry] = {}
    for row in rows:
        name = key(row)
        if name in own:
            raise PatternError(f"{row.source}: {row.form!r} stands already in {own[name].source}")
        own[name] = row
        if name in before:
            entries[before[name]] = row
        else:
            entries.append(row)


def _read_rules(file: _File, patterns: Patterns, overrides: bool) -> None:
    text, place = _text(file), file.place
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PatternError(f"{place}: {error}") from None
    if unknown := set(data) - {"rule", "macros"}:
        raise PatternError(f"{place}: unknown table {', '.join(sorted(unknown))}")
    macros = data.get("macros", {})
    group = file.name.removesuffix(".toml")
    known = {r.name: i for i, r in enumerate(patterns.rules.setdefault(group, []))}
    seen: dict[str, str] = {}
    for raw, lines in zip(data.get("rule", []), _lines_of_rules(text), strict=False):
        rule = _rule(raw, macros, patterns.cues, place, lines, eager=overrides)
        if rule.name in seen:
            raise PatternError(f"{rule.source}: a rule named {rule.name} stands already in {seen[rule.name]}")
        seen[rule.name] = rule.source
        if rule.name in known:
            patterns.rules[group][known[rule.name]] = rule
        else:
            patterns.rules[group].append(rule)


def _lines_of_rules(text: str) -> Iterator[dict[str, int]]:
    """The lines on which a file's rules open (under ``""``) and give their keys; 1 for rules written otherwise."""
    opens = [m.start() for m in _RULE_LINE.finditer(text)]
    line, at = 1, 0
    for start, end in zip(opens, [*opens[1:], len(text)], strict=True):
        line, at = line + text.count("\n", at, start), start
        lines = {"": line}
        for m in _KEY_LINE.finditer(text, start, end):
            lines.setdefault(m["key"], line + text.count("\n", start, m.start("key")))
        yield lines
    while True:
        yield {"": 1}


def _read_weights(file: _File) -> dict[str, float]:
    text, place = _text(file), file.place
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PatternError(f"{place}: {error}") from None
    if unknown := set(data) - {"weights"}:
        raise PatternError(f"{place}: unknown table {', '.join(sorted(unknown))}")
    for name, weight in data.get("weights", {}).items():
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not math.isfinite(weight):
            at = text.count("\n", 0, max(0, text.find(name))) + 1
            raise PatternError(f"{place}:{at}: the weight of {name!r} must be a number, not {weight!r}")
    return {name: float(weight) for name, weight in data.get("weights", {}).items()}


def _rule(
    raw: dict[str, Any],
    macros: dict[str, str],
    cues: dict[str, list[str]],
    place: str,
    lines: Mapping[str, int],
    eager: bool,
) -> Rule:
    """A rule; one that a user added is compiled at once, so that a fault in it is told with its place."""

    def where(key: str) -> str:
        return f"{place}:{lines.get(key) or lines.get('name') or lines['']}"

    rule_name = str(raw.get("name", ""))
    if unknown := sorted(set(raw) - RULE_KEYS):
        raise PatternError(f"{where(unknown[0])}: rule {rule_name}: unknown key {', '.join(unknown)}")
    for key in ("name", "kind", "pattern", "hit", "miss"):
        if not raw.get(key):
            raise PatternError(f"{where(key)}: rule {rule_name or '(unnamed)'}: needs {key}")
    try:
        # one character a turn: the same matches, found in the same order
        expanded = _expand(raw["pattern"], macros, cues, where("pattern"))
        expanded = _RUN_OF_RUNS.sub(r"\g<class>", word_edges(expanded))
        compiled = (regex.compile if eager else Expression)(expanded, regex.VERSION1)
    except regex.error as error:
        raise PatternError(f"{where('pattern')}: rule {rule_name}: {error}") from None
    return Rule(rule_name, raw["kind"], compiled, tuple(raw["hit"]), tuple(raw["miss"]), where("name"))


def _expand(pattern: str, macros: Mapping[str, str], cues: Mapping[str, list[str]], where: str) -> str:
    def fill(match: Any) -> str:
        name = match.group(1)
        if name in macros:
            return _expand(macros[name], macros, cues, where)
        if name in cues:
            return any_of(tuple(cues[name]))
        raise PatternError(f"{where}: no macro or cue is named {name}")

    return str(_PART.sub(fill, pattern))


@cache
def any_of(forms: tuple[str, ...]) -> str:
    """A group that matches any of the forms, such as those of a cue, which stands in many expressions."""
    return f"(?:{_alternatives(sorted(forms, key=len, reverse=True))})"


def _alternatives(forms: Sequence[str]) -> str:
    """Forms, longest first, as alternatives that are tried in this order.

    Of many, those that begin with the same letter stand together behind it, so that most are passed over at once. Where a
    letter stands in both cases they don't, for an expression that ignores case has to try them in their order.
    """
    groups: dict[str, list[str]] = {}
    for form in forms:
        groups.setdefault(form[:1].casefold() if len(forms) > _FEW else form, []).append(form)
    parts = []
    for alike in groups.values():
        first = alike[0][:1]
        if len(alike) > 1 and all(form[:1] == first for form in alike):
            rest = _alternatives([form[1:] for form in alike])
            parts.append(f"{regex.escape(first, special_only=True)}(?:{rest})")
        else:
            parts += [regex.escape(form, special_only=True) for form in alike]
    return "|".join(parts)


def iter_rules(patterns: Patterns, group: str, kind: str | None = None) -> Iterator[Rule]:
    """The rules of one file, in order; only those of ``kind`` where it is given."""
    for rule in patterns.rules.get(group, []):
        if kind is None or rule.kind == kind:
            yield rule
