"""A process that leaves quickly does at its end what Python does."""

import subprocess
import sys
from pathlib import Path

import pytest

from launch.folders import ROOT

PROGRAM = """
import atexit, sys, tempfile, threading, time
from launch.ending import run

atexit.register(print, "asked first")
folder = tempfile.TemporaryDirectory()

def main():
    print(folder.name)
    atexit.register(print, "asked last")
    threading.Thread(target=lambda: (time.sleep(0.1), print("a thread"))).start()
    {end}

run(main)
"""


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("return 0", 0),
        ("return None", 0),
        ("sys.exit(3)", 3),
        ("sys.exit()", 0),
        ("sys.exit('why')", 1),
        ("sys.exit(['why'])", 1),
        ("1 / 0", 1),
    ],
)
def test_what_was_asked_for_the_end_is_done_and_the_code_is_told(end, code):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(end=end)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    folder, *said = done.stdout.split("\n")
    assert (done.returncode, said) == (code, ["a thread", "asked last", "asked first", ""])
    assert not Path(folder).exists()
    assert ("why" in done.stderr) == ("why" in end)
    assert ("ZeroDivisionError" in done.stderr) == ("1 / 0" in end)


def test_what_breaks_after_the_code_was_settled_is_no_success():
    program = "from launch.ending import leave_quickly\nleave_quickly(lambda: 0)\n{}"
    for end, code in (("", 0), ("raise SystemExit(0)", 0), ("1 / 0", 1)):
        done = subprocess.run([sys.executable, "-c", program.format(end)], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == code, end
