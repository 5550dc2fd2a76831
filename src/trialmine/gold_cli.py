"""The commands for people who annotate: ``trialmine gold``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trialmine.core.errors import GoldError, InputError, UsageError
from trialmine.terminal import Encoding, Patterns, console, exit_if, say, warn

if TYPE_CHECKING:
    from trialmine.report.gold import Gold, Texts

gold_commands = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Check, fill in, compare, draft and exchange annotations made by hand.",
)

Golds = Annotated[list[Path], typer.Argument(metavar="GOLD...", help="Gold files, or folders of them.")]
Corpus = Annotated[
    list[Path] | None,
    typer.Option("--corpus", metavar="DIR", help="The folder of the texts; can be repeated."),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace files that are there already.")]


@gold_commands.command()
def check(golds: Golds, corpus: Corpus = None) -> None:
    """Name every fault of gold files: file, row and reason.

    Without its text, a file's offsets can't be checked. A warning is no fault: what it names may be right.

    \b
    Example:
      trialmine gold check gold --corpus corpus
    """
    from trialmine.report.gold import check_gold
    from trialmine.report.goldfile import PLACED, GoldFault

    texts = _texts(corpus)
    files = rows = without = faults = warnings = 0
    for given in golds:
        seen: dict[str, Path] = {}
        for path in _files([given]):
            files += 1
            try:
                file = check_gold(path, texts)
            except (GoldError, InputError) as error:
                typer.echo(str(error))
                faults += 1
                continue
            found = [*file.faults]
            if (first := seen.setdefault(file.doc_id, path)) != path:
                reason = f"doc_id {file.doc_id!r} has gold already in {first}"
                found.append(GoldFault("top level", reason))
            for fault in found:
                typer.echo(f"{path}: {fault}")
            doubtful = sum(f.severity == "warn" for f in found)
            faults, warnings = faults + len(found) - doubtful, warnings + doubtful
            without += file.text is None
            tables = (file.raw.get(t) for t in PLACED)
            rows += sum(len(t) for t in tables if isinstance(t, list))
    note = f" ({without} without their texts)" if without else ""
    doubts = f", {warnings} warnings" if warnings else ""
    say(f"{files} files{note}, {rows} rows, {faults} faults{doubts}")
    exit_if(bool(faults))


@gold_commands.command()
def fill(
    golds: Golds,
    corpus: Corpus = None,
    utf16: Annotated[
        bool, typer.Option("--utf16", help="Recount offsets that are all counted in UTF-16 code units.")
    ] = False,
) -> None:
    """Turn the contexts of gold files into offsets, in place; a file with a fault is left as it is.

    The hash of the text is filled in, too, where it is not there.

    \b
    Example:
      trialmine gold fill gold/new.json --corpus corpus
    """
    from trialmine.report.gold import check_gold, filled_gold
    from trialmine.report.goldfile import dump_gold, write_whole

    texts = _texts(corpus)
    failed = False
    for path in _files(golds):
        try:
            filled = filled_gold(check_gold(path, texts), utf16)
        except (GoldError, InputError) as error:
            failed = True
            say(f"error: {error}; the file is left as it is")
            continue
        if filled is not None:
            write_whole(path, dump_gold(filled))
            say(f"{path}: filled in")
    exit_if(failed)


@gold_commands.command()
def count(
    golds: Golds,
    corpus: Corpus = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the numbers here, too.")
    ] = None,
    markdown_file: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Write the tables as Markdown, too.")
    ] = None,
) -> None:
    """Print how many texts, studies, arms and rows there are, by language, style, set and half.

    Styles and sets are those of manifest.csv in the folders of the gold and of the texts.

    \b
    Example:
      trialmine gold count gold --corpus corpus
    """
    from trialmine.report.count import count_gold, told_texts
    from trialmine.report.goldfile import write_whole
    from trialmine.report.halves import read_halves
    from trialmine.report.manifest import TextInfo, read_manifests
    from trialmine.report.render import count_sections, print_sections, to_markdown

    texts = _texts(corpus)
    infos = read_manifests([*(g if g.is_dir() else g.parent for g in golds), *(corpus or [])])
    found: list[Gold] = []
    halves: dict[str, str] = {}
    for given in golds:
        own = _load([given], texts)
        found += own
        if rule := read_halves(given if given.is_dir() else given.parent):
            halves |= {g.doc_id: rule.of(g.doc_id) for g in own}
    unknown = [
        g.doc_id
        for g in found
        if not infos.get(g.doc_id, TextInfo()).source and texts.find(g.doc_id, Path(g.doc_id)) is None
    ]
    if corpus and unknown:
        say(f"{len(unknown)} files have no text here and no source in a manifest: {', '.join(unknown)}")
    numbers = count_gold(found, infos, halves)
    tables = count_sections(numbers)
    print_sections(tables, console())
    if json_file is not None:
        content = {**numbers, "by_text": told_texts(found, infos, halves)}
        write_whole(json_file, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    if markdown_file is not None:
        write_whole(markdown_file, to_markdown("trialmine gold count", tables))


@gold_commands.command()
def agree(
    a: Annotated[Path, typer.Argument(metavar="A", help="One annotator's gold file, or folder of them.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="The other's.")],
    corpus: Corpus = None,
    table: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Put the figures into this table; its other rows stay."),
    ] = None,
    in_set: Annotated[
        str, typer.Option("--set", metavar="NAME", help="What the table calls all these texts together.")
    ] = "texts",
) -> None:
    """Print the agreement of two annotators at each level, and their differences side by side.

    Texts are needed only for files with contexts in place of offsets.

    \b
    Example:
      trialmine gold agree alice bob --csv gold/agreement.csv --set corpus
    """
    from trialmine.report.agree import agreement, differences, updated_table
    from trialmine.report.goldfile import write_whole
    from trialmine.report.render import agreement_sections, print_sections
    from trialmine.report.show import show_rows

    texts = _texts(corpus)
    golds_a, golds_b = _load([a], texts), _load([b], texts)
    report = agreement(golds_a, golds_b)
    for path, golds in ((a, golds_a), (b, golds_b)):
        if alone := sorted({g.doc_id for g in golds} - report.by_document.keys()):
            say(f"{path}: {len(alone)} documents that the other has not are left out: {', '.join(alone)}")
    print_sections(agreement_sections(report), console())
    show_rows(differences(report), console(), "Differences")
    if table is not None:
        write_whole(table, updated_table(report, in_set, table))


@gold_commands.command()
def start(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A text.")],
    out: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="The gold file; by default <text's name>.json."),
    ] = None,
    encoding: Encoding = None,
    patterns: Patterns = None,
) -> None:
    """Write a draft of a gold file from the program's own output, every row marked unreviewed.

    The scorer refuses a file until each row has been read and its "reviewed" set to true or taken away.
    For a measure of the program, annotate from an empty file instead: a draft leads the eye.

    \b
    Example:
      trialmine gold start corpus/zh-01.txt -o zh-01.json
    """
    from trialmine.batch import make_extractor
    from trialmine.read.source import read_file
    from trialmine.report.draft import draft_gold
    from trialmine.report.goldfile import dump_gold, write_whole

    if file.is_dir():
        raise UsageError(f"{file.as_posix()}: this is a folder; the command takes one text")
    target = out or Path(f"{file.stem}.json")
    _refuse_existing([target])
    source = read_file(file, file.stem, encoding)
    draft = draft_gold(make_extractor(patterns).extract(source), source.doc_id)
    write_whole(target, dump_gold(draft))
    say(f"{target}: {len(draft['measurements'])} measurements, {len(draft['analyses'])} analyses to review")


@gold_commands.command("export")
def export_(
    golds: Golds,
    to: Annotated[str, typer.Option(metavar="TOOL", help="brat or label-studio.")],
    out: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="The folder for the files.")],
    corpus: Corpus = None,
    overwrite: Overwrite = False,
) -> None:
    """Write gold and its texts as files for an annotation tool.

    \b
    Example:
      trialmine gold export gold --corpus corpus --to brat -o for-brat
    """
    from trialmine.report.brat import to_brat
    from trialmine.report.gold import check_gold
    from trialmine.report.labelstudio import to_label_studio

    tools = {"brat": to_brat, "label-studio": to_label_studio}
    if to not in tools:
        raise UsageError(f"unknown tool: {to} (there are {' and '.join(tools)})")
    texts = _texts(corpus)
    found: dict[str, tuple[dict[str, Any], str]] = {}
    faults: list[str] = []
    for path in _files(golds):
        file = check_gold(path, texts)
        for fault in file.broken:
            raise GoldError(f"{path}: {fault}")
        faults += file.to_mend
        if file.text is None:
            say(f"{path}: left out, its text is not below the folders of --corpus")
        elif file.doc_id in found:
            raise GoldError(f"{path}: there is another gold file of {file.doc_id!r}")
        else:
            found[file.doc_id] = ({**file.raw, "doc_id": file.doc_id}, file.text)
    if not found:
        raise GoldError("no gold file has its text: give the folder of the texts with --corpus")
    warn(faults)
    _write(out, tools[to](found), overwrite)


@gold_commands.command("import")
def import_(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...", help="brat's folders or .ann files, or Label Studio's JSON export."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT", help="The folder for the gold files.")
    ],
    overwrite: Overwrite = False,
) -> None:
    """Write gold files from what an annotation tool gives back; with any fault, nothing is written.

    \b
    Example:
      trialmine gold import for-brat -o gold-new
    """  # fmt: skip
    from trialmine.report.brat import annotation_files, from_brat
    from trialmine.report.goldfile import dump_gold
    from trialmine.report.labelstudio import from_label_studio

    _refuse_missing(inputs)
    found: dict[str, str] = {}
    odd: list[str] = []

    def add(doc_id: str, raw: dict[str, Any], lines: list[str], where: Path) -> None:
        if f"{doc_id}.json" in found:
            raise GoldError(f"{where}: there is another file of {doc_id!r}")
        found[f"{doc_id}.json"] = dump_gold(raw)
        odd.extend(lines)

    for path in annotation_files(inputs):
        raw, lines = from_brat(path)
        add(str(raw.get("doc_id") or path.stem), raw, lines, path)
    for path in (i for i in inputs if i.suffix == ".json"):
        for doc_id, (raw, lines) in from_label_studio(path).items():
            add(doc_id, raw, lines, path)
    if not found:
        raise UsageError("no .ann and no .json file is among the inputs")
    for line in odd:
        say(f"warning: {line}")
    _write(out, found, overwrite)


# --- files --------------------------------------------------------------------------------------


def _files(given: list[Path]) -> Iterator[Path]:
    """Gold files and those below folders."""
    _refuse_missing(given)
    for path in given:
        files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
        if not files:
            raise UsageError(f"{path.as_posix()}: there is no gold file (.json) in this folder")
        yield from files


def _texts(corpus: list[Path] | None) -> Texts:
    from trialmine.api import read_text
    from trialmine.report.gold import Texts

    _refuse_missing(corpus or [])
    return Texts(corpus or [], read_text)


def _load(given: list[Path], texts: Texts) -> list[Gold]:
    """The gold of files and folders; what is to mend in it is said."""
    from trialmine.report.gold import check_gold

    golds, faults, without = [], [], 0
    for path in _files(given):
        file = check_gold(path, texts)
        golds.append(file.gold())
        faults += file.to_mend
        without += file.text is None
    warn(faults)
    if without:
        say(f"{without} of {len(golds)} files are without their texts: their quotes can't be checked")
    return golds


def _refuse_missing(given: list[Path]) -> None:
    for path in given:
        if not path.exists():
            raise UsageError(f"{path.as_posix()}: no such file or folder")


def _write(out: Path, files: dict[str, str], overwrite: bool) -> None:
    """Write all files into a folder, or none where one is there already or would lie outside."""
    from trialmine.report.goldfile import write_whole

    for name in files:
        if PurePath(name).is_absolute() or ".." in PurePath(name).parts or "\0" in name:
            raise GoldError(f"{name}: this is no name of a file below {out}")
    targets = {out / name: content for name, content in files.items()}
    if not overwrite:
        _refuse_existing(list(targets))
    for path, content in targets.items():
        write_whole(path, content)
    say(f"{len(targets)} files written to {out}")


def _refuse_existing(paths: list[Path]) -> None:
    for path in paths:
        if path.exists():
            raise UsageError(f"{path.as_posix()}: there already, and left as it is")
