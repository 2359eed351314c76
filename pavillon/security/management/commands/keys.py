import getpass
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from keyservice.holding import KeyUnavailable
from keyservice.shares import WrongShares
from pavillon.core.encryption import DataLocked
from pavillon.security import actions
from pavillon.security.enums import HELD, ROTATING, Purpose, Source
from pavillon.security.master import source
from pavillon.security.models import DataKey, KeyUse, RecoverySet

SOURCES = [Source.FILE.value, Source.SERVICE.value, Source.TOKEN.value]


class Command(BaseCommand):
    help = "Look after the keys that encrypt personal values and files (docs/keys.md). Revoking needs two key-holders: "
    help += "it is done on their page, or at the key service by whoever holds it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
        parts.add_parser("create", help="make the master key of a new installation; never replaces one")
        parts.add_parser("state", help="generation, age, source and uses of each key; exit 1 when data are locked")
        rotate = parts.add_parser("rotate", help="new master key and data keys; no row is rewritten, nothing restarts")
        rotate.add_argument("--reason", required=True, help="why now, for the log")
        rotate.add_argument(
            "--only", choices=[purpose.value for purpose in ROTATING], help="one data key, the master key stays"
        )
        move = parts.add_parser("move", help="wrap the keys by the master key of another source")
        move.add_argument("to", choices=SOURCES)
        move.add_argument("--reason", required=True, help="why, for the log")
        split = parts.add_parser("split", help="a new recovery secret, one file a share; earlier shares open nothing")
        split.add_argument("--needed", type=int, required=True, help="how many shares rebuild the keys")
        split.add_argument("--shares", type=int, required=True, help="how many are made, 16 at most")
        split.add_argument("--out", type=Path, required=True, help="empty folder, for one file a share")
        split.add_argument("--reason", required=True, help="why, for the log")
        rebuild = parts.add_parser("rebuild", help="after a revocation: type shares (unseen) until there are enough")
        rebuild.add_argument("--to", choices=SOURCES, help="where the new master key is made (where the last one was)")
        rebuild.add_argument("--reason", required=True, help="why, for the log")
        parts.add_parser("adopt", help="seal uploads and second factors of before; safe to repeat")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["what"])(options)
        except (KeyUnavailable, DataLocked, ImproperlyConfigured, ValueError, WrongShares) as error:
            raise CommandError(str(error)) from None
        except actions.SameSource as error:
            raise CommandError(str(error)) from None
        except actions.NotRevoked:
            raise CommandError("The keys are not revoked: there is nothing to rebuild.") from None
        except actions.NothingToRebuildFrom:
            raise CommandError("No recovery secret was split before the keys were revoked.") from None

    def create(self, options: dict[str, Any]) -> None:
        # A new key beside data that another key wrapped would look right and open nothing.
        if DataKey.objects.filter(purpose__in=HELD).exists():
            raise CommandError("This database already has data keys: put back the master key that wrapped them.")
        source().create()
        source().wrapping()
        self.stdout.write(f"The master key is in {source().place}. Split a recovery secret: pavillon keys split.")

    def state(self, options: dict[str, Any]) -> None:
        used = {use.purpose: use for use in KeyUse.objects.order_by("hour")}
        is_locked = False
        for purpose, key in DataKey.objects.in_use().items():
            last = f"{used[purpose].last_at:%Y-%m-%d %H:%M}" if purpose in used else "-"
            state = "REVOKED" if key.revoked_at else "in force"
            self.stdout.write(
                f"{purpose.value:9} generation {key.generation:3}  made {key.created_at:%Y-%m-%d}"
                f"  by {key.source:8} last use {last}  {state}"
            )
            is_locked = is_locked or bool(key.revoked_at)
        for watch in actions.supervise_keys():
            says = f"answers, version {watch.version}" if watch.answers else watch.problem
            self.stdout.write(f"{watch.source}: {says}")
            is_locked = is_locked or not watch.answers
        recovery = RecoverySet.objects.in_force()
        self.stdout.write(
            f"recovery secret: {recovery.threshold} of {recovery.shares} shares, {recovery.created_at:%Y-%m-%d}"
            if recovery
            else "recovery secret: none"
        )
        if is_locked:
            raise CommandError("The data are locked, or their key's holder does not answer.")

    def rotate(self, options: dict[str, Any]) -> None:
        by_whom = {"by": None, "reason": options["reason"]}
        only = options["only"]
        made = [actions.rotate_data_key(purpose=Purpose(only), **by_whom)] if only else actions.rotate_keys(**by_whom)
        self.stdout.write("New keys: " + ", ".join(f"{key.purpose} {key.generation}" for key in made))

    def move(self, options: dict[str, Any]) -> None:
        actions.move_keys(to=Source(options["to"]), by=None, reason=options["reason"])
        self.stdout.write(
            f"The keys are wrapped by {source(options['to']).place}. Destroy the old master key when the database's "
            "backups of before are gone."
        )

    def split(self, options: dict[str, Any]) -> None:
        folder: Path = options["out"]
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty: name a new folder.")
        recovery, lines = actions.split_offline(
            threshold=options["needed"], shares=options["shares"], reason=options["reason"]
        )
        for number, line in enumerate(lines, start=1):
            path = folder / f"share-{number}.txt"
            path.touch(mode=0o600)
            words = "\n".join(f"{place:2}. {word}" for place, word in enumerate(line.split(), start=1))
            path.write_text(
                f"Pavillon, recovery secret of {recovery.created_at:%Y-%m-%d}, share {number} of {recovery.shares}.\n"
                f"{recovery.threshold} shares rebuild the keys.\n\n{words}\n"
            )
        self.stdout.write(f"{len(lines)} shares in {folder}: print each for its holder, then delete the files.")

    def rebuild(self, options: dict[str, Any]) -> None:
        recovery = RecoverySet.objects.in_force()
        needed = recovery.threshold if recovery else 2
        lines = [self._asked(number, needed) for number in range(1, needed + 1)]
        where = Source(options["to"]) if options["to"] else None
        actions.rebuild_keys(lines=lines, by=None, reason=options["reason"], to=where)
        self.stdout.write("The data are open again. Split a new recovery secret: this one was seen whole.")

    def _asked(self, number: int, needed: int) -> str:
        prompt = f"Share {number} of {needed} (its words, unseen): "
        return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()

    def adopt(self, options: dict[str, Any]) -> None:
        files, factors = actions.adopt_older_data()
        self.stdout.write(f"{files} files and {factors} second factors sealed.")
