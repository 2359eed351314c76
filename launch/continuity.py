"""The sub-commands that keep the platform up and bring it back: backup, restore, restore-test, standby, promote."""

import argparse
from datetime import datetime
from pathlib import Path

from launch import journal
from launch.errors import LaunchError
from launch.folders import MEGABYTE, data_folder
from launch.progress import say


def _options(name: str, description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"pavillon {name}", description=description)


def backup(words: list[str]) -> int:
    from launch.backup import KEEP_DAYS, back_up
    from launch.surroundings import surroundings
    from launch.vault import run_manage

    options = _options(
        "backup",
        "Copy the database and the files, sealed, to every site that sites.toml declares, read the copies back, and "
        "take away those whose time is over. Works while the product runs; `pavillon serve` then copies the database's "
        "log too, so that any moment since can be restored (docs/how-to/back-up-and-restore.md).",
    )
    options.add_argument("--keep-days", type=int, default=KEEP_DAYS, help=f"how long it is kept ({KEEP_DAYS})")
    chosen = options.parse_args(words)
    with surroundings(tell=say) as around:
        line = back_up(around, keep_days=chosen.keep_days)
        run_manage(["take_in_journal"], around.environment())
    say(
        f"Backup {line['name']}: {line['size'] / MEGABYTE:.1f} MB in {line['seconds']:.1f} s, sealed at "
        f"{', '.join(one['code'] for one in line['sites'])}.\nDigest of its manifest: {line['digest']}"
    )
    return 0


def restore(words: list[str]) -> int:
    from launch.preparation import ledger_of
    from launch.restore import restore as put_back
    from launch.sites import read_sites, sites_file
    from launch.vault import moment_of

    options = _options(
        "restore",
        "Put the platform back as it was at a moment, into a new folder; nothing that exists is touched. Erasures of "
        "people that were made since are made again.",
    )
    options.add_argument("--to", required=True, metavar="TIME", help="a moment (2026-11-22T14:05:00+01:00) or LATEST")
    options.add_argument("--into", required=True, type=Path, metavar="FOLDER", help="the new data folder")
    options.add_argument("--site", default="", help="take the copies of this site (the first that has them)")
    options.add_argument("--backup", default="", help="begin with this backup")
    options.add_argument("--unsigned", action="store_true", help="also a backup, or a log after it, without signatures")
    options.add_argument("--keys", type=Path, help="folder of master.key and local.key (the data folder's keys/)")
    chosen = options.parse_args(words)
    data = data_folder()
    places = [one for one in read_sites(sites_file(data), data) if one.backups and chosen.site in ("", one.code)]
    if not places:
        raise LaunchError(
            f"{sites_file(data)} declares no site{f' {chosen.site}' if chosen.site else ''} with backups.",
            "name the file with PAVILLON_SITES (docs/how-to/back-up-and-restore.md).",
        )
    to: datetime | None = None if chosen.to == "LATEST" else moment_of(chosen.to)
    keys = (chosen.keys or data / "keys").resolve()
    into = chosen.into.resolve()
    done = put_back(
        places, into, to=to, keys=keys, ledger=ledger_of(data), named=chosen.backup, unsigned=chosen.unsigned
    )
    journal.note(into, "restored", backup=done.backup, site=done.site, until=done.until, seconds=done.seconds)
    last = done.until or "that of the backup"
    say(
        f"Restored in {done.seconds:.1f} s from {done.backup} of {done.site}; last write in it: {last}."
        f"\nFiles are those of {done.files_of}. Digest of the manifest: {done.digest} (compare it with the register)."
        f"\nStart it: PAVILLON_DATA={into} PAVILLON_MASTER_KEY_FILE={keys / 'master.key'} pavillon serve"
    )
    return 0


def restore_test(words: list[str]) -> int:
    from launch.rehearsal import rehearse_restore
    from launch.surroundings import surroundings
    from launch.vault import run_manage

    options = _options(
        "restore-test",
        "Put the last backup back in a throw-away place, compare its files with its list, start it, look at rows, logs "
        "and keys, and enter the result with its duration in the officer's register. Exit 1 when it failed.",
    )
    options.add_argument("--site", default="", help="test the copies of this site (the last declared one)")
    chosen = options.parse_args(words)
    with surroundings(tell=say) as around:
        line = rehearse_restore(around, site=chosen.site)
        run_manage(["take_in_journal"], around.environment())
    for check in line["checks"]:
        say(f"{'✓' if check['is_good'] else '✗'} {check['code']} {check['value']}")
    say(f"{'Passed' if line['passed'] else 'FAILED'} in {line['seconds']:.1f} s.")
    return 0 if line["passed"] else 1


def verify_backups(words: list[str]) -> int:
    from launch.restore import check_parts
    from launch.signing import check
    from launch.surroundings import surroundings
    from launch.vault import declared_places, known_vaults
    from launch.witness import check_vault

    options = _options(
        "verify-backups",
        "Look at every backup at every site: whether this platform's keys signed its list, the log and the ledger of "
        "erasures beside it, whether its parts are what the list says, and whether the log has a gap. Exit 1 when one "
        "is forged, altered, missing or unsigned.",
    )
    options.parse_args(words)
    wrong = 0
    with surroundings(tell=say) as around:
        places = known_vaults(declared_places(around.data))
        found = [one for vault in places for one in vault.manifests()]
        for manifest in found:
            try:
                check(manifest, around.environment())
                check_parts(manifest)
                say(f"✓ {manifest['name']} at {manifest['site']}")
            except LaunchError as error:
                wrong += 1
                say(f"✗ {manifest['name']} at {manifest['site']}: {error.problem}")
        for place in places:
            problems = check_vault(place, around.environment())
            wrong += len(problems)
            for problem in problems:
                say(f"✗ {problem}")
    say(f"{len(found)} backups, {wrong} wrong.")
    return 1 if wrong else 0


def standby(words: list[str]) -> int:
    from launch.replica import follow, synchronous, watch
    from launch.surroundings import surroundings

    options = _options(
        "standby",
        "On the second site: copy the first site's database into this data folder once, follow it until Ctrl-C or "
        "`pavillon promote`. On the first site: --synchronous on|off (docs/how-to/fail-over.md).",
    )
    options.add_argument("--from", dest="first", metavar="HOST:PORT", help="the first site's database, by a tunnel")
    options.add_argument("--synchronous", choices=["on", "off"], help="writes wait until the second site has them too")
    chosen = options.parse_args(words)
    if chosen.synchronous:
        with surroundings(tell=say) as around:
            synchronous(around, chosen.synchronous == "on")
        say(f"Writes {'wait' if chosen.synchronous == 'on' else 'do not wait'} for the second site from now on.")
        return 0
    if not chosen.first or not chosen.first.rpartition(":")[2].isdigit():
        options.error("--from HOST:PORT, or --synchronous on|off")
    server = follow(data_folder(), chosen.first)
    say("This site follows. Stop: Ctrl-C   Take over: pavillon promote")
    try:
        watch(server, data_folder())
    finally:
        server.leave()
    return 0


def promote(words: list[str]) -> int:
    from launch.replica import promote as take_over

    options = _options("promote", "On the second site: lead from now on. The first site must be gone for good.")
    options.add_argument("--even-so", action="store_true", help="although the first site's database still answers")
    chosen = options.parse_args(words)
    seconds = take_over(data_folder(), even_so=chosen.even_so)
    say(f"This site leads, after {seconds:.2f} s. Start the product here: pavillon serve")
    return 0
