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
from trialmine.terminal import Commands, Encoding, Jobs, Patterns, console, exit_if, progress, say

if TYPE_CHECKING:
    from trialmine.core.tables import Tables


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
    jobs: Jobs = 1,
    file_format: Annotated[str, typer.Option("--format", metavar="F", help="csv or jsonl.")] = "csv",
    encoding: Encoding = None,
    patterns: Patterns = None,
) -> None:
    """Write the result tables of texts (.txt, .md) to a folder.

    \b
    Example:
      trialmine extract corpus -o results --jobs 2
    """
    from trialmine.batch import extract_corpus
    from trialmine.report.writers import check_target, write_tables

    began = time.perf_counter()
    check_target(out, file_format)
    with progress() as bar:
        tables = extract_corpus(inputs, jobs, encoding, patterns, bar)
    write_tables(tables, out, file_format)
    say(_summary(tables, time.perf_counter() - began))
    exit_if(_report_failures(tables))


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
    tables = extract_corpus([file], encoding=encoding, patterns=patterns)
    exit_if(_report_failures(tables))
    show_tables(tables, console())


@app.command()
def evaluate(
    corpus: Annotated[list[Path], typer.Option(metavar="DIR", help="The folder of texts; can be repeated.")],
    gold: Annotated[Path, typer.Option(metavar="DIR", help="The folder of their annotations.")],
    split: Annotated[
        str, typer.Option(metavar="HALF", help="Score only this half of the texts: develop or check.")
    ] = "",
    errors: Annotated[
        int,
        typer.Option("--errors", count=True, help="List every wrong row; for --split check, give it twice."),
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
    report = evaluate_folder(corpus, gold, jobs=jobs, patterns=patterns, split=split)
    if split == "check" and errors < 2:
        report.hide()
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
    extractor = make_extractor(patterns)
    results, weighed = extractor.explain(source.text), extractor.weighed(source.text)
    show_rows(results, console(), "results")
    show_rows(weighed, console(), "what stands in the sentences")
    if not results:
        say("no results found" if weighed else "no numbers found")


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


def _summary(tables: Tables, seconds: float) -> str:
    documents = tables.rows["documents"]
    failed = sum(row.status == "failed" for row in documents)
    counts = ", ".join(f"{len(tables.rows[t])} {t}" for t in ("studies", "arms", "measurements", "analyses"))
    return f"{len(documents)} documents ({failed} failed), {counts}, {seconds:.1f} seconds"


def _report_failures(tables: Tables) -> bool:
    failed = [row.error for row in tables.rows["documents"] if row.status == "failed"]
    for error in failed:
        say(f"error: {error}")
    return bool(failed)


if __name__ == "__main__":
    main()
