"""The command line: a thin layer on the library.

Exit codes: 0 all read, 1 some input failed (or an example, or a floor), 2 wrong usage.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from trialmine.core.errors import GoldError, InputError, TrialmineError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from trialmine.run import Summary


class _Commands(TyperGroup):
    """Every error that is meant for the user is one line on stderr and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except TrialmineError as error:
            failed_input = isinstance(error, InputError | GoldError)
            _fail(str(error), 1 if failed_input else 2)
        except BrokenPipeError:
            raise
        except OSError as error:
            name = f"{error.filename}: " if error.filename else ""
            _fail(f"{name}{error.strerror or error}", 2)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Patterns = Annotated[
    Path | None,
    typer.Option("--patterns", metavar="DIR", help="A folder that adds to or overrides the patterns."),
]
Encoding = Annotated[
    str | None, typer.Option(metavar="E", help="Read the input in this encoding instead of finding it out.")
]
Jobs = Annotated[int, typer.Option(metavar="N", min=1, help="Number of processes; the result is the same.")]


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
        with _progress("extracting") as progress:
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
                progress=progress,
            )
    except KeyboardInterrupt:
        _fail("interrupted: what was read is kept, the same command goes on from there", 130)
    if summary.missing:
        what = "dropped" if prune else "kept; --prune drops them"
        names = ", ".join(summary.missing[:5]) + (", ..." if len(summary.missing) > 5 else "")
        _say(f"{len(summary.missing)} documents are no longer among the inputs ({what}): {names}")
    _say(_summary(summary, time.perf_counter() - began))
    for error in summary.errors:
        _say(f"error: {error}")
    if summary.failed > len(summary.errors):
        _say(f"... and {summary.failed - len(summary.errors)} more: see the table documents")
    _exit_if(summary.failed > 0)


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
    with _progress("loading") as progress:
        done = database.load(out, to, schema=schema, prefix=prefix, prune=prune, progress=progress)
    dropped = f", {done.dropped} dropped" if prune else ""
    _say(
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
    show_tables(tables, _console())


@app.command()
def evaluate(
    corpus: Annotated[Path, typer.Option(metavar="DIR", help="The folder of texts.")],
    gold: Annotated[Path, typer.Option(metavar="DIR", help="The folder of their annotations.")],
    fail_under: Annotated[
        list[str] | None,
        typer.Option(metavar="LEVEL=F1", help="Exit with 1 where a level's F1 is lower; can be repeated."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the whole report here, too.")
    ] = None,
    jobs: Jobs = 1,
    patterns: Patterns = None,
) -> None:
    """Score what is extracted against annotations made by hand.

    \b
    Example:
      trialmine evaluate --corpus corpus --gold gold --json score.json
    """
    floors = _floors(fail_under or [])
    for folder in (corpus, gold):
        if not folder.is_dir():
            raise UsageError(f"{folder.as_posix()}: no such folder")
    from trialmine.api import evaluate as evaluate_folder
    from trialmine.report.score import check_floors, render

    report = evaluate_folder(corpus, gold, jobs=jobs, patterns=patterns)
    below = check_floors(report, floors)
    if json_file is not None:
        text = json.dumps(report.to_json(), ensure_ascii=False, indent=2)
        json_file.write_text(text + "\n", encoding="utf-8", newline="\n")
    render(report, _console())
    for line in below:
        _say(f"error: {line}")
    _exit_if(bool(below))


@app.command()
def explain(
    text: Annotated[
        str, typer.Argument(metavar="TEXT|FILE", help="A sentence, a file, or - for standard input.")
    ],
    encoding: Encoding = None,
    patterns: Patterns = None,
) -> None:
    """Print which pattern read each number, and what the number was linked to.

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
    rows = make_extractor(patterns).explain(source.text)
    show_rows(rows, _console())
    if not rows:
        _say("no numbers found")


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
        _say(f"error: {line}")
    _exit_if(bool(failed))
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


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on stderr where that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("remaining"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=60) as bar:
        task = bar.add_task(what, total=None, rate="")

        def show(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, total=total, rate=f"{speed:.1f} documents/s" if speed else "")

        yield show


def _console() -> Console:
    """A console on stdout; wide where that is no terminal, so that a pipe gets whole cells."""
    from rich.console import Console

    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else 200, highlight=False)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _fail(message: str, code: int) -> None:
    _say(f"error: {' '.join(message.split())}")
    raise typer.Exit(code)


def _exit_if(failed: bool) -> None:
    if failed:
        raise typer.Exit(1)


if __name__ == "__main__":
    main()
