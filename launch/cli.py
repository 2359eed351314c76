"""The command `pavillon`. Each sub-command is listed only if what it needs is there."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from launch.errors import LaunchError, explained
from launch.folders import ROOT
from launch.progress import say, warn
from launch.rooms import MANAGE, has_command

DELEGATED = {
    "verify": ("verify_trail", "verify that the trail and the read log were not tampered with"),
    "ship-logs": ("ship_logs", "send the collector what it has not taken of the trail and the read log yet"),
    "verify-access": ("verify_access", "run the access tests on this installation and keep their outcome"),
    "keys": ("keys", "the encryption keys: state, rotate, move to another source, split and rebuild, adopt older data"),
    "demo": ("seed_demo", "plant the demo: invented people, companies and products, labelled as demo"),
}
"""Sub-command: the management command of a room that does it, and what it is for."""


IMPORTS = {"sirene": ("import_sirene", "the official stock files of the SIRENE register")}
"""What `pavillon import` takes in: the management command that does it, and what its files are."""


@dataclass(frozen=True)
class Command:
    """One sub-command. `run` gets the words after it; `own_help`: it answers --help itself."""

    name: str
    help: str
    run: Callable[[list[str]], int]
    own_help: bool = False


def commands() -> list[Command]:
    """What this checkout can do."""
    own = [
        Command("serve", "start everything and serve the product until Ctrl-C (what `make run` does)", _serve),
        Command("load", "load the data every installation needs (regions, communes, activities …); repeatable", _load),
        Command("reload", "serve the code that is on the disk now, without a stop", _reload, own_help=True),
        Command("worker", "run a job worker in the foreground, besides a running product", _worker),
        Command("check", "formatting, linting, types, floors, translations, migrations, tests: what CI runs", _check),
        Command("test", "run the tests with all they need; further words go to pytest", _test, own_help=True),
        Command("fix", "format the code and repair what needs no thinking", _fix),
        Command("bench", "run the benchmarks of bench/ (all, or those named) and print one table", _bench),
        Command(
            "bench-data",
            "pour a country of invented companies, people and exchanges into the benchmarks' database",
            _bench_data,
            own_help=True,
        ),
        Command("messages", "compile the translations; --check lists what is not translated", _messages),
        Command("psql", "open psql on the database; --owner connects as the cluster's owner", _psql, own_help=True),
        Command(
            "link", "find the rows of a CSV file that describe the same thing (needs no database)", _link, own_help=True
        ),
        Command(
            "keyservice",
            "hold a platform's master key on one's own machine (needs no database)",
            _keyservice,
            own_help=True,
        ),
        Command("import", "take official files in: pavillon import sirene FILE …", _import, own_help=True),
        Command(
            "backup", "copy database and files, sealed, to every declared site", _continuity("backup"), own_help=True
        ),
        Command(
            "restore", "the platform as it was at a moment, in a new folder", _continuity("restore"), own_help=True
        ),
        Command(
            "restore-test",
            "put the last backup back, look at it, log the result",
            _continuity("restore_test"),
            own_help=True,
        ),
        Command(
            "verify-backups",
            "look whether every backup is signed by this platform and whole",
            _continuity("verify_backups"),
            own_help=True,
        ),
        Command("standby", "follow the first site from a second one", _continuity("standby"), own_help=True),
        Command("promote", "let the second site lead: fail-over", _continuity("promote"), own_help=True),
        Command("probe", "ask a platform from outside whether it answers", _probe, own_help=True),
        Command("manage", "run one of Django's commands with the database at hand", _manage, own_help=True),
    ]
    rooms = [
        Command(name, text, _delegate(target), own_help=True)
        for name, (target, text) in DELEGATED.items()
        if has_command(target)
    ]
    return [*own[:6], *rooms, *own[6:]]


def main(words: list[str] | None = None) -> int:
    """Entry point. Returns the exit code."""
    words = sys.argv[1:] if words is None else words
    known = commands()
    parser = argparse.ArgumentParser(
        prog="pavillon",
        description="Run, test and look after Pavillon. Each command starts the embedded database when it needs it.",
        epilog="The environment: PORT, HOST, DATABASE_URL (PostgreSQL 18 or later), PAVILLON_DATA. "
        "`pavillon COMMAND --help` tells more.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in known:
        subparsers.add_parser(command.name, help=command.help, add_help=False)
    chosen, rest = (words[:1], words[1:]) if words else ([], [])
    parser.parse_args(chosen)
    command = next(command for command in known if command.name == chosen[0])
    try:
        return command.run(rest)
    except (LaunchError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            # `pavillon … | head` has read enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        told = error if isinstance(error, LaunchError) else explained(error)
        if told is None:
            raise
        print(f"\n{told}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _options(name: str, description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"pavillon {name}", description=description)


def _serve(words: list[str]) -> int:
    options = _options(
        "serve",
        "Start the database, bring it up to date, load the reference data and the demo if they are missing, "
        "then run the web server, the worker and the demo's mailbox until Ctrl-C.",
    )
    options.add_argument("--host", help="address to listen on (HOST, or 127.0.0.1)")
    options.add_argument("--port", help="port to listen on (PORT, or 8000)")
    chosen = options.parse_args(words)
    if chosen.host:
        os.environ["HOST"] = chosen.host
    if chosen.port:
        os.environ["PORT"] = chosen.port
    from launch.serve import serve

    return serve()


def _load(words: list[str]) -> int:
    _options("load", "Run the commands load_… of all rooms, from the ground floor up. Safe to repeat.").parse_args(
        words
    )
    return _run_inside([sys.executable, "-m", "launch.preparation", "--load"])


def _worker(words: list[str]) -> int:
    _options("worker", "Run background jobs until Ctrl-C. `pavillon serve` runs one already.").parse_args(words)
    from launch.serve import worker_command

    return _run_inside(worker_command())


def _check(words: list[str]) -> int:
    _options("check", "Everything CI runs: the quick checks two at a time, then all tests.").parse_args(words)
    from launch.checks import check

    return check()


def _test(words: list[str]) -> int:
    if {"-h", "--help"} & set(words):
        _options(
            "test",
            "Run the tests with all they need: database, assets, browser. The words go to pytest, for example "
            "`pavillon test pavillon/crm -k route`.",
        ).print_help()
        return 0
    if find_spec("pytest") is None:
        raise LaunchError("This environment holds what the product needs to run, not its tests.", "run `make test`")
    from launch.checks import test

    return test(words)


def _fix(words: list[str]) -> int:
    _options("fix", "ruff check --fix and ruff format.").parse_args(words)
    from launch.checks import fix

    return fix()


def _bench(words: list[str]) -> int:
    from launch.bench import bench, bench_names

    options = _options("bench", "Run the benchmarks on a database of their own and print one table.")
    options.add_argument("names", nargs="*", metavar="NAME", help=f"which ones: {', '.join(bench_names())} (all)")
    names = options.parse_args(words).names
    unknown = sorted(set(names) - set(bench_names()))
    if unknown:
        raise LaunchError(
            f"There is no benchmark called {', '.join(unknown)}.", f"choose from {', '.join(bench_names())}"
        )
    return bench(names)


def _bench_data(words: list[str]) -> int:
    from launch.bench import fill

    return fill(words)


def _messages(words: list[str]) -> int:
    options = _options("messages", "Compile the rooms' French catalogues (.po to .mo) without the gettext programs.")
    options.add_argument(
        "--check", action="store_true", help="also list labels without a translation and unused ones; exit 1 if any"
    )
    options.add_argument(
        "--missing", metavar="ROOM", help="print the entries that room's catalogue lacks, ready to be translated"
    )
    options.add_argument("rooms", nargs="*", metavar="ROOM", help="which rooms to check (all)")
    chosen = options.parse_args(words)
    from launch.messages import compile_messages, find_problems, missing_entries

    written = compile_messages()
    if chosen.missing:
        say(missing_entries(chosen.missing))
        return 0
    if not chosen.check:
        say(f"{written} catalogues compiled.")
        return 0
    problems = find_problems(chosen.rooms)
    for problem in problems:
        say(problem)
    return int(bool(problems))


def _psql(words: list[str]) -> int:
    from launch.binaries import packaged
    from launch.surroundings import surroundings

    with surroundings(tell=warn) as around:
        owner = "--owner" in words and around.server is not None
        url = around.server.owner_url if owner and around.server else around.url
        words = [word for word in words if word != "--owner"]
        return _run_quietly([str(packaged() / "psql"), url, *words], dict(os.environ))


def _manage(words: list[str]) -> int:
    return _run_inside([*MANAGE, *words])


def _link(words: list[str]) -> int:
    # A process of its own: its helpers start again from its first module, which must not be the launcher.
    return _run_quietly([sys.executable, "-P", "-m", "pavillon.matching.link", *words], dict(os.environ), here=True)


def _keyservice(words: list[str]) -> int:
    return _run_quietly([sys.executable, "-P", "-m", "keyservice", *words], dict(os.environ), here=True)


def _reload(words: list[str]) -> int:
    from launch.renewal import reload

    return reload(words)


def _probe(words: list[str]) -> int:
    from launch.probe import main as probe

    return probe(words)


def _continuity(name: str) -> Callable[[list[str]], int]:
    def run(words: list[str]) -> int:
        from launch import continuity

        return int(getattr(continuity, name)(words))

    return run


def _delegate(target: str) -> Callable[[list[str]], int]:
    def run(words: list[str]) -> int:
        return _run_inside([*MANAGE, target, *words])

    return run


def _import(words: list[str]) -> int:
    options = _options("import", "Take official files in. `pavillon import WHAT --help` tells the options.")
    known = "; ".join(f"{name}: {text}" for name, (_target, text) in IMPORTS.items())
    options.add_argument("what", choices=list(IMPORTS), metavar="WHAT", help=known)
    options.add_argument("files", nargs="*", metavar="FILE", help="one file or several, and the options of WHAT")
    if words[:1] and words[0] in IMPORTS:
        return _run_inside([*MANAGE, IMPORTS[words[0]][0], *words[1:]])
    options.parse_args(words or ["--help"])
    return 2


def _run_inside(command: list[str]) -> int:
    """Run a program of the product with database, data folder and secrets in its environment."""
    from launch.surroundings import surroundings

    with surroundings(tell=warn) as around:
        return _run_quietly(command, around.environment())


def _run_quietly(command: list[str], environment: dict[str, str], *, here: bool = False) -> int:
    """Run to the end; Ctrl-C is the program's business, and we wait for it to finish.

    Our own programs run in the repository, unless they read files `here`, where the person stands.
    """
    ours = command[0] == sys.executable and not here
    process = subprocess.Popen(command, cwd=ROOT if ours else None, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
