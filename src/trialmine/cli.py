"""The command line: a thin layer on the library.

Exit codes: 0 all read, 1 some input failed (or an example, or a floor), 2 wrong usage.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trialmine.core.errors import UsageError
from trialmine.gold_cli import gold_commands
from trialmine.terminal import (
    Commands,
    Encoding,
    Jobs,
    Patterns,
    console,
    exit_if,
    fail,
    progress,
    say,
    warn,
)

if TYPE_CHECKING:
    from trialmine.run import Summary


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(gold_commands, name="gold")


def main() -> None:
    """Run the command line with UTF-8 output, whatever the console's code page."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app(prog_name="trialmine")


def _print_version(wanted: bool) -> None:
    if wanted:
        from trialmine import __version__

        typer.echo(f"trialmine {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    """Clinical-trial results from review articles: exact, traceable, offline.

    \b
    Example:
      trialmine extract corpus -o results

    Exit codes: 0 all read, 1 some input failed (or a pattern's example, or a floor), 2 wrong usage.
    """


@app.command()
def extract(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="Files, folders, globs, or - for standard input.")
    ],
    out: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="The folder for the tables.")],
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="Number of processes; one for each core by default. The result is the same.",
        ),
    ] = None,
    file_format: Annotated[
        str, typer.Option("--format", metavar="F", help="csv, jsonl, parquet, xlsx, sqlite or duckdb.")
    ] = "csv",
    wide: Annotated[
        bool, typer.Option("--wide", help="Add the table results: measurements with names and analysis.")
    ] = False,
    excel: Annotated[
        bool, typer.Option("--excel", help="CSV for a spreadsheet: byte-order mark, formulas defused.")
    ] = False,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="Longest time for one document; 0 for no limit.")
    ] = 600,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume/--no-resume", help="Go on with the run that OUT holds, or read everything again."
        ),
    ] = True,
    prune: Annotated[
        bool, typer.Option("--prune", help="Drop documents of OUT that are no longer among the inputs.")
    ] = False,
    scheduler: Annotated[
        str | None, typer.Option(metavar="tcp://HOST:PORT", help="Let the workers of a Dask scheduler read.")
    ] = None,
    encoding: Encoding = None,
    patterns: Patterns = None,
) -> None:
    """Write the result tables of texts (.txt, .md) to a folder.

    A document that OUT already has is not read again while its bytes and the version are the same; a run
    that was interrupted goes on when the same command is given.

    \b
    Example:
      trialmine extract corpus -o results --jobs 2
      trialmine extract corpus -o results --format csv --excel --wide
    """
    from trialmine.report.writers import Options
    from trialmine.run import run

    began = time.perf_counter()
    try:
        with progress("extracting") as bar:
            summary = run(
                inputs,
                out,
                Options(file_format, wide, excel),
                jobs=jobs,
                time_limit=timeout or None,
                encoding=encoding,
                patterns=patterns,
                resume=resume,
                prune=prune,
                scheduler=scheduler,
                progress=bar,
            )
    except KeyboardInterrupt:
        fail("interrupted: what was read is kept, the same command goes on from there", 130)
    if summary.missing:
        what = "dropped" if prune else "kept; --prune drops them"
        names = ", ".join(summary.missing[:5]) + (", ..." if len(summary.missing) > 5 else "")
        say(f"{len(summary.missing)} documents are no longer among the inputs ({what}): {names}")
    say(_summary(summary, time.perf_counter() - began))
    for error in summary.errors:
        say(f"error: {error}")
    if summary.failed > len(summary.errors):
        say(f"... and {summary.failed - len(summary.errors)} more: see the table documents")
    exit_if(summary.failed > 0)


@app.command()
def load(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A folder that trialmine extract made.")],
    to: Annotated[
        str,
        typer.Option(
            metavar="URL",
            envvar="TRIALMINE_DATABASE",
            show_envvar=True,
            help="The database, as SQLAlchemy writes it: postgresql://user:password@host/name.",
        ),
    ],
    schema: Annotated[
        str | None, typer.Option(metavar="S", help="The schema for the tables, made if absent.")
    ] = None,
    prefix: Annotated[str, typer.Option(metavar="P", help="What the tables' names begin with.")] = "",
    prune: Annotated[
        bool, typer.Option("--prune", help="Drop documents of the database that OUT doesn't have.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the statements that make the tables, and do nothing.")
    ] = False,
) -> None:
    """Put the tables of a run into a database: typed, with keys, in one transaction.

    Loading twice changes nothing; a document whose rows differ is replaced as a whole.

    \b
    Example:
      trialmine load results --to sqlite:///results.db
      trialmine load results --to postgresql://me@localhost/reviews --dry-run
    """
    from trialmine.core.extras import need

    database = need("trialmine.load", "db", "trialmine load")
    if dry_run:
        typer.echo(database.dry_run(to, schema=schema, prefix=prefix))
        return
    with progress("loading") as bar:
        done = database.load(out, to, schema=schema, prefix=prefix, prune=prune, progress=bar)
    dropped = f", {done.dropped} dropped" if prune else ""
    say(
        f"{done.new} documents new, {done.replaced} replaced, {done.unchanged} unchanged{dropped}; {done.rows} rows"
    )


@app.command()
def show(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A text, or - for standard input.")],
    encoding: Encoding = None,
    patterns: Patterns = None,
) -> None:
    """Print one document's results as tables.

    \b
    Example:
      trialmine show corpus/zh-01.txt
    """
    from trialmine.batch import extract_corpus
    from trialmine.report.show import show_tables

    _refuse_folder(file)
    (tables,) = extract_corpus([file], encoding=encoding, patterns=patterns, on_error="raise")
    show_tables(tables, console())


@app.command()
def evaluate(
    corpus: Annotated[list[Path], typer.Option(metavar="DIR", help="The folder of texts; can be repeated.")],
    gold: Annotated[Path, typer.Option(metavar="DIR", help="The folder of their annotations.")],
    split: Annotated[
        str, typer.Option(metavar="HALF", help="Score only this half of the texts: develop or check.")
    ] = "",
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME",
            help="Score only this set of texts, one of manifest.csv, or those that begin so (NAME*); can be repeated.",
        ),
    ] = None,
    errors: Annotated[
        int,
        typer.Option(
            "--errors", count=True, help="List every wrong row; for those of the half check, give it twice."
        ),
    ] = 0,
    against: Annotated[
        Path | None,
        typer.Option(metavar="OLD.json", help="Show what is better and worse than in this saved report."),
    ] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(metavar="LEVEL=F1", help="Exit with 1 where a level's F1 is lower; can be repeated."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the whole report here, too.")
    ] = None,
    markdown_file: Annotated[
        Path | None, typer.Option("--markdown", metavar="FILE", help="Write the tables as Markdown, too.")
    ] = None,
    junit_file: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write the levels as JUnit XML, too.")
    ] = None,
    jobs: Jobs = 1,
    patterns: Patterns = None,
) -> None:
    """Score what is extracted against annotations made by hand.

    \b
    Examples:
      trialmine evaluate --corpus corpus --gold gold --split develop --errors --json score.json
      trialmine evaluate --corpus corpus --gold gold --split develop --against score.json
    """
    floors = _floors(fail_under or [])
    for folder in (*corpus, gold):
        if not folder.is_dir():
            raise UsageError(f"{folder.as_posix()}: no such folder")
    from trialmine.api import evaluate as evaluate_folder
    from trialmine.report.against import compare_runs, read_old
    from trialmine.report.goldfile import write_whole
    from trialmine.report.render import junit, markdown, render
    from trialmine.report.score import Report, check_floors

    check_floors(Report(), floors)  # a level that is none is said before the long run
    old = read_old(against) if against else None
    report = evaluate_folder(
        corpus, gold, jobs=jobs, patterns=patterns, split=split, sets=sets or (), show_check=errors > 1
    )
    warn(report.gold_faults)
    listed = errors > 0 and not report.figures_only
    changes = compare_runs(old, report, str(against)) if old else None
    if json_file is not None:
        write_whole(json_file, json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n")
    if markdown_file is not None:
        write_whole(markdown_file, markdown(report, listed, changes))
    if junit_file is not None:
        write_whole(junit_file, junit(report, floors, listed))
    render(report, console(), listed, changes)
    below = check_floors(report, floors)
    for line in below:
        say(f"error: {line}")
    exit_if(bool(below))


@app.command()
def explain(
    text: Annotated[
        str, typer.Argument(metavar="TEXT|FILE", help="A sentence, a file, or - for standard input.")
    ],
    encoding: Encoding = None,
    patterns: Patterns = None,
) -> None:
    """Print which pattern read each number, what it was linked to, and what else stands in its sentence.

    \b
    Example:
      trialmine explain "The ORR was 36% with drug A and 20% with placebo."
    """
    from trialmine.api import to_source
    from trialmine.batch import make_extractor
    from trialmine.read.decode import check_encoding
    from trialmine.read.source import STDIN, read_file
    from trialmine.report.show import show_rows

    check_encoding(encoding)
    _refuse_folder(text)
    source = (
        read_file(STDIN, "stdin", encoding, sys.stdin.buffer.read())
        if text == STDIN
        else to_source(text, encoding)
    )
    tables = make_extractor(patterns).explain(source.text)
    for title, rows in tables.items():
        show_rows(rows, console(), title)
    if not tables["results"]:
        say("no results found" if any(tables.values()) else "no numbers found")


@app.command("patterns")
def check_patterns(patterns: Patterns = None) -> None:
    """Check every pattern file and run the patterns' own examples.

    \b
    Example:
      trialmine patterns
    """
    from trialmine.core.patterns import check_examples, load_patterns

    loaded = load_patterns(patterns)
    for name, count in loaded.counts().items():
        typer.echo(f"{count:7,}  {name}")
    failed = check_examples(loaded)
    for line in failed:
        say(f"error: {line}")
    exit_if(bool(failed))
    typer.echo("all examples hold")


def _refuse_folder(given: str) -> None:
    if os.path.isdir(given):
        raise UsageError(f"{given}: this is a folder; the command takes one text")


def _floors(given: list[str]) -> dict[str, float]:
    floors = {}
    for item in given:
        level, _, figure = item.partition("=")
        try:
            floors[level] = float(figure)
        except ValueError:
            raise UsageError(f"--fail-under {item}: it has to be LEVEL=F1, for example value=0.9") from None
    return floors


def _summary(summary: Summary, seconds: float) -> str:
    documents = f"{summary.counts['documents']} documents ({summary.failed} failed"
    if summary.kept:
        documents += f", {summary.kept} unchanged"
    counts = ", ".join(f"{summary.counts[t]} {t}" for t in ("studies", "arms", "measurements", "analyses"))
    return f"{documents}), {counts}, {seconds:.1f} seconds"


if __name__ == "__main__":
    main()
