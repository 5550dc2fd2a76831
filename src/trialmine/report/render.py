"""A score, and what changed in it, for people and their tools: terminal, Markdown, JUnit XML.

All say the same :class:`Section` tables; only their dress differs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from trialmine.report.against import Change, Changes
from trialmine.report.bootstrap import Interval
from trialmine.report.compare import LEVELS, said
from trialmine.report.count import COUNTED
from trialmine.report.halves import SPLITS
from trialmine.report.matching import KINDS
from trialmine.report.score import CAUSES, SCORED, Counts, Fault, Report, check_floors
from trialmine.report.tally import Tally


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table; the first ``texts`` columns are words, the others figures.

    Those of a heading in ``spare`` are left out where there is no room for all.
    """

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    texts: int
    spare: frozenset[str] = frozenset()

    def within(self, width: int) -> Section:
        """The table, without its spare columns if a terminal of this width can't hold them."""
        cells = zip(self.columns, *self.rows, strict=True)
        if sum(max(map(cell_len, column)) + 3 for column in cells) < width or not self.spare:
            return self
        kept = [n for n, name in enumerate(self.columns) if name not in self.spare]
        columns, *rows = (tuple(row[n] for n in kept) for row in (self.columns, *self.rows))
        return Section(self.title, columns, rows, self.texts)


_FIGURES = ("P", "R", "F1", "right", "predicted", "gold")


def sections(report: Report, errors: bool = False, changes: Changes | None = None) -> list[Section]:
    """The tables of a report: over all, by field, language, style, set, document and rule; causes.

    With ``errors``, each wrong row stands under its cause.
    """
    half = f" of {report.split}" if report.split else ""
    sets = f" of {', '.join(report.sets)}" if report.sets else ""
    found = [_overall(report, f"Score of {len(report.by_document)} documents{half}{sets}")]
    fields = [
        (kind, name, *_with_interval(_figures(tally, "right"), report.field_intervals.get((kind, name))))
        for kind, tallies in report.fields.items()
        for name, tally in tallies.items()
    ]
    columns = ("", "field", *_FIGURES[:3], _BETWEEN, *_FIGURES[3:])
    found.append(Section("Fields", columns, fields, 2, frozenset({_BETWEEN})))
    if report.groups["half"].keys() >= {*SPLITS}:
        found.append(_halves(report))
    for name in ("language", "style", "set"):
        groups = {key: (g.counts, g.intervals) for key, g in report.groups[name].items()}
        found.append(_part(name, groups))
    found.append(_documents(report))
    rules = [
        (rule, kind, str(tally.n_pred), *(f"{tally.precision(level):.3f}" for level in LEVELS))
        for kind, by_name in report.by_rule.items()
        for rule, tally in by_name.items()
    ]
    found.append(Section("Precision by rule", ("rule", "kind", "rows", *LEVELS), rules, 2))
    found.append(_reliability(report))
    if not report.figures_only:
        causes = Counter((f.cause, f.kind) for f in report.faults)
        counted = [
            (cause, *(str(causes[cause, kind]) for kind in SCORED))
            for cause in CAUSES
            if any(causes[cause, kind] for kind in SCORED)
        ]
        title = "Wrong rows by cause" + (" (without those of check)" if report.hidden else "")
        found.append(Section(title, ("cause", *SCORED), counted, 1))
        if errors:
            found += [_faults(report, cause) for cause in CAUSES]
    if changes is not None:
        found += _changed(changes)
    return [s for s in found if s.rows]


_BETWEEN, _OF_GROUP = "95% of F1", "95%"


def _overall(report: Report, title: str) -> Section:
    rows = []
    for kind, tally in report.overall.items():
        for n, level in enumerate(tally.tp):
            figures = _with_interval(_figures(tally, level), report.intervals.get((kind, level)))
            rows.append(("" if n else kind, level, *figures))
    return Section(title, ("", "level", *_FIGURES[:3], _BETWEEN, *_FIGURES[3:]), rows, 2)


def _figures(tally: Tally, level: str) -> tuple[str, ...]:
    ratios = (tally.precision(level), tally.recall(level), tally.f1(level))
    return (*(f"{r:.3f}" for r in ratios), *map(str, (tally.tp[level], tally.n_pred, tally.n_gold)))


def _with_interval(figures: tuple[str, ...], interval: Interval | None) -> tuple[str, ...]:
    return (*figures[:3], _between(interval), *figures[3:])


def _between(interval: Interval | None, sign: str = "") -> str:
    if interval is None:
        return ""
    return (" to " if sign else "-").join(f"{x:{sign}.3f}" for x in interval)


#: what the tables of groups show: kind, level, heading
_SHOWN = (
    ("measurements", LEVELS[0], "measurements value"), ("measurements", LEVELS[-1], "row"),
    ("analyses", LEVELS[0], "analyses value"), ("analyses", LEVELS[-1], "row"), ("drugs", "name", "drugs"),
)  # fmt: skip


def _part(title: str, parts: Mapping[str, tuple[Counts, Mapping[tuple[str, str], Interval]]]) -> Section:
    columns = [title, "gold rows", *(c for _, _, heading in _SHOWN for c in (heading, _OF_GROUP))]
    rows = []
    for name, (counts, between) in parts.items():
        row = [name, str(sum(counts[kind].n_gold for kind in KINDS))]
        for kind, level, _ in _SHOWN:
            row += [f"{counts[kind].f1(level):.3f}", _between(between.get((kind, level)))]
        rows.append(tuple(row))
    return Section(f"F1 by {title}", tuple(columns), rows, 1, frozenset({_OF_GROUP}))


def _documents(report: Report) -> Section:
    """One document has no interval, as it can't be drawn from."""
    columns = ("document", "gold rows", *(heading for _, _, heading in _SHOWN))
    rows = [
        (
            doc_id,
            str(sum(counts[kind].n_gold for kind in KINDS)),
            *(f"{counts[kind].f1(level):.3f}" for kind, level, _ in _SHOWN),
        )
        for doc_id, counts in report.by_document.items()
    ]
    return Section("F1 by document", columns, rows, 1)


def _reliability(report: Report) -> Section:
    """Rows by their confidence: how many are right of those of which the program was about as sure."""
    rows: list[tuple[str, ...]] = []
    for kind in ("", *KINDS):
        told = report.reliability(kind)
        parts = [(f"{b.low:.1f} to {b.high:.1f}", b) for b in told.bins if not kind]
        parts += [(f"above the median {told.median or 0:.3f}", told.above), ("below it", told.below)]
        figures = [
            (name, str(b.rows), f"{b.confidence:.3f}", f"{b.right:.3f}")
            for name, b in parts
            if b.confidence is not None and b.right is not None
        ]
        names = [kind or "both", *[""] * len(figures)]
        rows += [(name, *row, "") for name, row in zip(names, figures, strict=False)]
        if figures and told.times is not None:
            rows[-2] = (*rows[-2][:-1], f"{told.times:.2f}")
    columns = ("", "confidence", "rows", "mean", "share right", "times those below")
    return Section("Reliability of the confidence", columns, rows, 2)


def _halves(report: Report) -> Section:
    """F1 of the half that patterns are mended on, of the other one, and by how much the first is better."""
    rows = []
    halves = report.groups["half"]
    for kind, levels in SCORED.items():
        for n, level in enumerate(levels):
            mended, other = (halves[half].counts[kind].f1(level) for half in SPLITS)
            figures = (f"{mended:.3f}", f"{other:.3f}", f"{mended - other:+.3f}")
            between = [_between(halves[half].intervals.get((kind, level))) for half in SPLITS]
            between.append(_between(report.half_difference.get((kind, level)), "+"))
            cells = (cell for pair in zip(figures, between, strict=True) for cell in pair)
            rows.append(("" if n else kind, level, *cells))
    columns = (c for name in (*SPLITS, "difference") for c in (name, _OF_GROUP))
    return Section("F1 by half", ("", "level", *columns), rows, 2, frozenset({_OF_GROUP}))


def _faults(report: Report, cause: str) -> Section:
    found = [f for f in report.faults if f.cause == cause]
    columns = ("text", "kind", "at", "quote", "rule", "wanted, got", "sentence")
    rows = [
        (f.doc_id, f.kind, str(f.start) if f.end else "", f.quote, f.rule, _wrong(f), f.sentence)
        for f in found
    ]
    return Section(f"{cause}: {len(found)}", columns, rows, len(columns))


def _wrong(fault: Fault) -> str:
    if fault.what != "wrong":
        return {"miss": "missed", "false": "not in the gold"}[fault.what]
    return "; ".join(f"{n}: {said(want)}, {said(got)}" for n, (want, got) in fault.fields.items())


def _changed(changes: Changes) -> list[Section]:
    levels = [
        (name, f"{old:.3f}", f"{new:.3f}", f"{new - old:+.3f}") for name, (old, new) in changes.levels.items()
    ]
    found = [Section("F1 since the saved run", ("level", "before", "now", "change"), levels, 1)]
    columns = ("text", "kind", "at", "quote", "before", "now", "sentence")

    def rows(changed: Sequence[Change]) -> list[tuple[str, ...]]:
        return [(c.doc_id, c.kind, str(c.start), c.quote, c.before, c.now, c.sentence) for c in changed]

    for word, changed in (("Better", changes.better), ("Worse", changes.worse)):
        found.append(Section(f"{word}: {len(changed)} rows", columns, rows(changed), len(columns)))
    return found


def closing_lines(report: Report, changes: Changes | None = None) -> list[str]:
    """What is said below the tables."""
    count = Counter(f.what for f in report.faults)
    lines = [f"{count['wrong']} wrong, {count['miss']} missed, {count['false']} false"]
    if report.figures_only:
        lines = ["figures only: the rows of this half are not to be read while patterns are mended"]
    elif report.hidden:
        lines[0] += " outside the half check"
        lines.append(f"of {len(report.hidden)} documents of the half check there are figures only")
    if report.hidden:
        lines.append("(who really wants the rows of check gives --errors twice)")
    if report.gold_faults:
        lines.append(
            f"the gold has {len(report.gold_faults)} faults or warnings that trialmine gold check names"
        )
    if report.without_text:
        lines.append(f"{len(report.without_text)} gold files have no text in the corpus and are not scored")
    if changes is not None and changes.alone:
        lines.append(
            f"{len(changes.alone)} documents are in one of the two runs only: {', '.join(changes.alone)}"
        )
    if changes is not None and changes.rows:
        lines.append(f"since the saved run: {len(changes.better)} rows better, {len(changes.worse)} worse")
        if changes.unmatched:
            lines.append(f"{changes.unmatched} gold rows are in one of the two runs only")
    elif changes is not None:
        lines.append("since the saved run: figures only, one of the two runs has no rows")
    return lines


def agreement_sections(report: Report) -> list[Section]:
    """The tables of two annotators' agreement: over all and by document."""
    title = f"Agreement on {len(report.by_document)} documents (A as the prediction, B as the gold)"
    return [
        _overall(report, title),
        _documents(report),
    ]


def count_sections(counted: Mapping[str, Mapping[str, Mapping[str, int]]]) -> list[Section]:
    """The tables of :func:`trialmine.report.count.count_gold`, one for each grouping."""
    titles = {"language": "by_language", "style": "by_style", "language / style": "by_language_and_style"}
    titles |= {name: f"by_{name}" for name in ("set", "half") if counted[f"by_{name}"]}
    found = []
    for title, name in titles.items():
        groups = {**counted[name], **counted["total"]}
        rows = [(group, *(f"{n}" for n in numbers.values())) for group, numbers in groups.items()]
        found.append(Section(f"Gold by {title}", (title, *COUNTED), rows, 1))
    return found


def print_sections(found: Sequence[Section], console: Console) -> None:
    """Print tables."""
    for section in (s.within(console.width) for s in found):
        table = Table(title=section.title)
        for n, column in enumerate(section.columns):
            table.add_column(column, justify="left" if n < section.texts else "right")
        for row in section.rows:
            table.add_row(*(Text(cell) for cell in row))  # Text: a bracket in a cell is no markup
        console.print(table)


def render(report: Report, console: Console, errors: bool = False, changes: Changes | None = None) -> None:
    """Print the report's sections as tables."""
    print_sections(sections(report, errors, changes), console)
    for line in closing_lines(report, changes):
        console.print(line, markup=False)


def markdown(report: Report, errors: bool = False, changes: Changes | None = None) -> str:
    """The report's sections as GitHub Markdown."""
    tables = to_markdown("trialmine evaluate", sections(report, errors, changes))
    return "\n".join([tables, *closing_lines(report, changes), ""])


def to_markdown(title: str, found: Sequence[Section]) -> str:
    """Tables as GitHub Markdown below a heading."""
    lines = [f"# {title}", ""]
    for section in found:
        marks = (" --- " if n < section.texts else " ---: " for n in range(len(section.columns)))
        lines += [f"## {section.title}", "", _line(section.columns), f"|{'|'.join(marks)}|"]
        lines += [*map(_line, section.rows), ""]
    return "\n".join(lines)


_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~$]")


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_MARKS.sub(r"\\\g<0>", " ".join(c.split())) for c in cells) + " |"


def junit(report: Report, floors: Mapping[str, float], errors: bool = False) -> str:
    """The report as JUnit XML: a test for each level, failed where F1 is below its floor, and each document.

    A document's test holds its figures and, with ``errors``, its wrong rows; it never fails. Raises
    UsageError for an unknown level or a floor that is none.
    """
    levels = {(k, v): f"{k}.{v}" for k, tally in report.overall.items() for v in tally.tp}
    root = ElementTree.Element("testsuites", name="trialmine")
    suite = ElementTree.SubElement(root, "testsuite", name="levels")
    failed = 0
    for (kind, level), name in levels.items():
        case = ElementTree.SubElement(suite, "testcase", classname=f"trialmine.{kind}", name=level)
        short = {"measurements": level, "drugs": kind, "procedures": kind}.get(kind, name)
        wanted = {n: floors[n] for n in dict.fromkeys((name, short)) if n in floors}
        for message in check_floors(report, wanted)[:1]:
            ElementTree.SubElement(case, "failure", type="floor", message=message)
            failed += 1
        _out(case, f"F1 {report.overall[kind].f1(level):.4f}")
    suite.attrib |= {"tests": str(len(levels)), "failures": str(failed), "errors": "0"}
    count = {"tests": str(len(report.by_document)), "failures": "0", "errors": "0"}
    suite = ElementTree.SubElement(root, "testsuite", count, name="documents")
    for doc_id, counts in report.by_document.items():
        case = ElementTree.SubElement(suite, "testcase", classname="trialmine.document", name=_xml(doc_id))
        lines = [f"{k}.{v} F1 {counts[k].f1(v):.4f}" for k, v in levels]
        if errors:
            own = (f for f in report.faults if f.doc_id == doc_id)
            lines += [f"{f.cause}: {f.kind} {f.quote!r} at {f.start}: {_wrong(f)}" for f in own]
        _out(case, "\n".join(lines))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _out(case: ElementTree.Element, text: str) -> None:
    ElementTree.SubElement(case, "system-out").text = _xml(text)


def _xml(text: str) -> str:
    """A text without the characters that XML 1.0 can't hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
