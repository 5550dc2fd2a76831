"""Time and memory of extraction, measured against jieba on the same text in the same run.

    python benchmarks/throughput.py [FOLDER] [--repeat N] [--json]

FOLDER holds .txt and .md texts (the project's corpus by default). Reported are seconds per million
characters of extraction and of `jieba.lcut`, the best of N rounds each, with their ratio; start-up
time of the command line and of the extractor; and the peak memory of a process that extracts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

CORPUS = Path(__file__).parent.parent / "corpus"
MEGABYTE = 1 << 20


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--repeat", type=int, default=3, help="rounds; the best one counts")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--memory-only", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.memory_only:
        print(json.dumps(extract_once(args.folder)))
        return
    figures = measure(args.folder, args.repeat)
    if args.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:44} {value:,.3f}" if isinstance(value, float) else f"{name:44} {value}")


def measure(folder: Path, repeat: int) -> dict[str, float | int | str]:
    # first, while this process is small: on Linux a child inherits its parent's peak
    memory = json.loads(run_python(__file__, str(folder), "--memory-only"))

    import jieba

    from trialmine.batch import make_extractor
    from trialmine.read.source import collect_inputs, read_file

    sources = [read_file(path, doc_id) for doc_id, path in collect_inputs([folder])]
    characters = sum(len(source.text) for source in sources)
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    began = time.perf_counter()
    extractor = make_extractor()
    loading = time.perf_counter() - began
    extractor.extract(sources[0])  # what is loaded at first use is no part of the throughput

    def extract_all() -> None:
        for source in sources:
            extractor.extract(source)

    def segment_all() -> None:
        for source in sources:
            jieba.lcut(source.text)

    # turn by turn, so that a change in the machine's speed meets both
    rounds = [(seconds(extract_all), seconds(segment_all)) for _ in range(repeat)]
    ours, theirs = (min(column) * 1e6 / characters for column in zip(*rounds, strict=True))
    return {
        "python": platform.python_version(),
        "processors": os.cpu_count() or 0,
        "documents": len(sources),
        "characters": characters,
        "extraction, s per million characters": ours,
        "jieba.lcut, s per million characters": theirs,
        "extraction / jieba.lcut": ours / theirs,
        "start-up of trialmine --help, s": min(start_up() for _ in range(repeat)),
        "loading the extractor, s": loading,
        "peak memory after loading, MB": memory["loaded"],
        "peak memory of extraction, MB": memory["extracted"],
    }


def seconds(call: Callable[[], None]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def run_python(*args: str) -> str:
    return subprocess.run([sys.executable, *args], check=True, capture_output=True, text=True).stdout


def start_up() -> float:
    return seconds(lambda: run_python("-m", "trialmine.cli", "--help") and None)


def extract_once(folder: Path) -> dict[str, float]:
    """In a process of its own: peak memory after loading and after extracting the folder."""
    from trialmine.batch import iter_documents, make_extractor
    from trialmine.read.source import collect_inputs

    make_extractor()
    loaded = peak_memory()
    for _ in iter_documents(collect_inputs([folder])):
        pass
    return {"loaded": loaded, "extracted": peak_memory()}


def peak_memory() -> float:
    """Megabytes; not a number where the system doesn't tell (Windows)."""
    try:
        import resource
    except ImportError:
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / MEGABYTE if sys.platform == "darwin" else peak * 1024 / MEGABYTE


if __name__ == "__main__":
    main()
