# mypy: ignore-errors
"""Children are started again, stopped together, and found again after a crash; strangers are left alone."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from launch.children import Children
from launch.folders import ROOT
from launch.stamps import write_stamp
from launch.tests.conftest import wait_for

pytestmark = pytest.mark.launch

FAMILY = ["sh", "-c", "sleep 300 & echo child $!; wait"]


@pytest.fixture
def children(tmp_path):
    family = Children(tmp_path, dict(os.environ), tell=lambda text: None)
    yield family
    family.stop()


def grandchild(children):
    """The `sleep` that the shell started, once it has said its number."""
    log = children.log("family")
    number = wait_for(lambda: log.exists() and log.read_text().split()[-1:], what="the child's first word")
    return psutil.Process(int(number[0]))


def test_a_killed_child_is_started_again_without_its_orphans(children):
    child = children.start("family", FAMILY)
    first, orphan = child.process, grandchild(children)
    first.kill()
    wait_for(lambda: children.look_after() or (child.process and child.process.pid != first.pid), what="a new child")
    assert child.process.poll() is None
    wait_for(lambda: not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE, what="the orphan's end")


def test_pauses_grow_with_each_death(children):
    child = children.start("hopeless", ["false"])
    pauses = []
    while len(pauses) < 3:
        failures = child.failures
        children.look_after()
        if child.failures > failures:
            pauses.append(child.start_again_at - time.monotonic())
            child.start_again_at = 0
    assert pauses[0] < pauses[1] < pauses[2]


def test_stop_ends_all_of_them(children):
    children.start("family", FAMILY)
    orphan = grandchild(children)
    deaf = children.start("second", ["sleep", "300"])
    children.stop()
    assert deaf.process.returncode is not None
    wait_for(lambda: not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE, what="the orphan's end")
    assert not children.record.exists()


def test_stop_forgets_no_orphan_of_a_child_that_died_a_moment_ago(children):
    child = children.start("family", FAMILY)
    orphan = grandchild(children)
    child.process.kill()
    children.stop()
    wait_for(lambda: not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE, what="the orphan's end")


def test_what_an_interrupted_run_left_is_ended_and_a_stranger_with_an_old_number_is_not(children):
    left = subprocess.Popen(["sleep", "300"])
    stranger = subprocess.Popen(["sleep", "300"])
    started = psutil.Process(left.pid).create_time()
    write_stamp(children.record, [[left.pid, started], [stranger.pid, started - 3600], [999_999_999, started]])
    children.end_leftovers()
    left.wait(60)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of other systems does not offer it")
def test_children_end_when_their_parent_is_killed(tmp_path):
    script = (
        "import os, sys, time; from pathlib import Path; from launch.children import Children\n"
        "child = Children(Path(sys.argv[1]), dict(os.environ)).start('long', ['sleep', '300'])\n"
        "print(child.process.pid, flush=True); time.sleep(300)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, what="the child's end")
