"""Fifty runs, each killed at a random moment: the next run ends with the tables of an undisturbed one."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CORPUS = Path(__file__).parent.parent / "corpus"
NAMES = ["en-01.txt", "en-03.txt", "zh-06.txt", "zh-08.txt", "zh-09.txt", "zh-10.txt"]
COMMAND = [sys.executable, "-m", "trialmine.cli", "extract", "in", "-o"]


def tables(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in out.iterdir() if p.is_file()}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, float]]:
    """A folder with inputs, the undisturbed tables, an OUT of older inputs, and how long runs take."""
    place = tmp_path_factory.mktemp("kill")
    (place / "in").mkdir()
    for name in NAMES:
        shutil.copy(CORPUS / name, place / "in")
    shutil.copy(CORPUS / "en-04.txt", place / "in" / "zh-06.txt")  # an older version of one document
    subprocess.run([*COMMAND, "older"], cwd=place, check=True, capture_output=True)
    shutil.copy(CORPUS / "zh-06.txt", place / "in")
    shutil.copytree(place / "older", place / "try")
    seconds = {}
    for kind, out in (("fresh", "whole"), ("older", "try")):
        began = time.monotonic()
        subprocess.run([*COMMAND, out, "--wide"], cwd=place, check=True, capture_output=True)
        seconds[kind] = time.monotonic() - began
    assert tables(place / "try") == tables(place / "whole") != tables(place / "older")
    return place, seconds


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.parametrize("number", range(50))
def test_killed_at_a_random_moment(place: tuple[Path, dict[str, float]], number: int) -> None:
    folder, seconds = place
    kind = ("fresh", "older")[number % 2]
    out = folder / f"out{number}"
    if kind == "older":
        shutil.copytree(folder / "older", out)
    command = [*COMMAND, out.name, "--wide"]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(random.Random(number).uniform(0.05, seconds[kind]))
    if number % 3:
        os.kill(process.pid, signal.SIGKILL)
    else:  # and its workers
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for written in tables(out).values() if out.exists() else ():
        assert written  # what stands there is whole, if older
    again = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert tables(out) == tables(folder / "whole")
    shutil.rmtree(out)
