"""What the database needs before the first page: migrations, reference data, the demo.

Runs as a process of its own (`python -m launch.preparation`) inside the prepared
surroundings, so that the supervisor stays small and never imports Django.
"""

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from launch.ending import run
from launch.errors import LaunchError
from launch.folders import ROOT
from launch.progress import Say, say, step
from launch.stamps import digest


def prepare(*, demo: bool = True, tell: Say = say) -> None:
    """Bring the database up to date. Quick when there is nothing to do; safe to run again after an interruption."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import CommandError, call_command, get_commands
    from django.db import connection

    migrate(tell)
    if bypasses_row_security():
        tell("! The role in DATABASE_URL bypasses row security: the second wall (docs/decisions/0035) does not stand.")
        tell("  Give the product a role of its own: no superuser, no BYPASSRLS.")
    commands = get_commands()
    if "keys" in commands and not read_mark("master key"):
        with step("Making the master key of the encrypted fields (kept outside the database)", tell):
            call_command("keys", "create", stdout=io.StringIO())
        write_mark("master key", "made")
    if ledger_of(Path(settings.DATA)).exists() and "replay_erasures" in commands:
        replay(tell)
    if "keys" in commands and not read_mark("files sealed"):
        try:
            call_command("keys", "adopt", stdout=io.StringIO())
            write_mark("files sealed", "adopted")
        except CommandError:
            # The data are locked: the platform starts all the same, and adopts at a later start.
            tell("· The keys are not to be had: older files are sealed at a later start.")
    # What a power cut would take away from here on is made again: its mark is written after it and goes with it.
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    load(tell)
    accounts = Path(settings.DATA) / "demo-accounts.json"
    if demo and settings.DEMO and "seed_demo" in commands and (not read_mark("demo") or not accounts.exists()):
        with step("Planting the demo", tell, speaks_itself=True):
            call_command("seed_demo")
        write_mark("demo", "planted")
    write_mark("prepared", inputs())


def bypasses_row_security() -> bool:
    """Whether PostgreSQL hides nothing from the product's role, as from every superuser."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def inputs() -> str:
    """A fingerprint of the code and data files that a prepared database depends on."""
    return digest(ROOT / "pavillon", ROOT / "config", ROOT / "requirements" / "base.txt")


def is_prepared(url: str) -> bool:
    """Whether the database was prepared by exactly this code. Asks without Django, in a few milliseconds."""
    import psycopg

    with psycopg.connect(url) as connection:
        try:
            row = connection.execute("SELECT value FROM launch.mark WHERE name = 'prepared'").fetchone()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return False
    return row is not None and row[0] == inputs()


def ledger_of(data: Path) -> Path:
    """The signed file of erasures, kept beside the database."""
    return data / "erasures" / "ledger.jsonl"


def owes_erasures(url: str, data: Path) -> bool:
    """Whether the ledger knows erasures that this database does not: a backup was put back. A few milliseconds."""
    import psycopg

    ledger = ledger_of(data)
    if not ledger.exists():
        return False
    try:
        lines = [json.loads(text)["line"] for text in ledger.read_text(encoding="utf-8").splitlines() if text.strip()]
        written = {json.loads(line)["reference"] for line in lines}
        with psycopg.connect(url) as connection:
            known = {row[0] for row in connection.execute("SELECT reference FROM privacy_erasure")}
    except (ValueError, KeyError, psycopg.errors.UndefinedTable):
        # The command looks closer, and says what is wrong.
        return True
    return not written <= known


def replay(tell: Say) -> None:
    """Erase again whom a restored backup brought back. Raises LaunchError when the ledger was altered."""
    from django.core.management import CommandError, call_command

    try:
        with step("Making erasures again that the database does not know", tell):
            call_command("replay_erasures", stdout=io.StringIO())
    except CommandError as error:
        raise LaunchError(str(error), "see docs/how-to/erase-a-person.md.") from None


def load(tell: Say = say, *, again: bool = False) -> None:
    """Run the rooms' commands `load_…`, from the ground floor up: what the product needs to know before its first page.

    Each is run when the room changed since the last time, or always with `again`.
    """
    from django.apps import apps
    from django.core.management import call_command, get_commands

    owners = get_commands()
    for room in reversed([app for app in apps.get_app_configs() if app.name.startswith("pavillon.")]):
        for command in sorted(
            name for name, owner in owners.items() if owner == room.name and name.startswith("load_")
        ):
            state = digest(Path(room.path))
            if again or read_mark(command) != state:
                with step(f"Loading the {command.removeprefix('load_').replace('_', ' ')} data of {room.label}", tell):
                    call_command(command)
                write_mark(command, state)


def migrate(tell: Say) -> None:
    """Apply pending migrations, counting them."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.exceptions import InconsistentMigrationHistory
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    try:
        executor.loader.check_consistent_history(connection)
        unknown = sorted(
            f"{label}.{name}"
            for label, name in set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
            if label in _our_labels()
        )
        if unknown:
            raise InconsistentMigrationHistory(f"nothing here knows {', '.join(unknown[:3])}")
    except InconsistentMigrationHistory as error:
        raise LaunchError(
            f"The database was built by another line of development: {error}",
            "go back to that version; or, if it holds nothing but the demo, use a new data folder (PAVILLON_DATA) "
            "or an empty database (DATABASE_URL).",
        ) from None
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not pending:
        return
    counter = _Counter(len(pending), tell)
    with step(f"Building the tables ({len(pending)} to apply)", tell):
        if executor.loader.applied_migrations:
            call_command("migrate", interactive=False, no_color=True, stdout=counter)
        else:
            with _models_alone():
                _build_others_first(counter)
                call_command("migrate", interactive=False, no_color=True, stdout=counter)


def _our_labels() -> set[str]:
    from django.apps import apps

    return {app.label for app in apps.get_app_configs() if app.name.startswith("pavillon.")}


def _build_others_first(counter: "_Counter") -> None:
    """Apply what the libraries bring to an empty database before our rooms stand in it.

    Django makes all models that are related to an altered one anew, for each operation; ours are all related, and
    what the libraries alter shall make none of them anew.
    """
    from django.db import connection
    from django.db.migrations import Migration
    from django.db.migrations.executor import MigrationExecutor

    ours = _our_labels()

    def told(action: str, _migration: Migration | None = None, _fake: bool | None = None, /) -> None:
        if action == "apply_success":
            counter.write("OK")

    executor = MigrationExecutor(connection, told)
    executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] not in ours])


@contextmanager
def _models_alone() -> Iterator[None]:
    """Build an empty database in a quarter of the time: a model that is new or changed is made alone.

    Django makes every model anew that is related to such a one, near or far, so that what was known before it stays
    as it was; ours are all related, and nobody looks at what was before the first table. The state is marked as
    delayed, as Django does after other changes: a migration that asks for models gets all of them made anew. Where a
    column that others point at is altered or renamed, their columns may have to follow, and all are made as ever.
    """
    from django.db.migrations.state import ModelState, ProjectState
    from django.db.migrations.utils import field_is_referenced
    from django.db.models import Field

    add_model, alter_field, rename_field = ProjectState.add_model, ProjectState.alter_field, ProjectState.rename_field
    reload_model = ProjectState.reload_model

    def add_alone(self: ProjectState, model: ModelState) -> None:
        if "apps" not in self.__dict__:
            return add_model(self, model)
        apps = self.__dict__.pop("apps")
        try:
            add_model(self, model)
        finally:
            self.__dict__["apps"] = apps
        apps.render_multiple([model])
        self.is_delayed = True
        return None

    def reload_alone(self: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
        if "apps" in self.__dict__:
            with self.apps.bulk_update():
                self.apps.unregister_model(app_label, model_name)
            self.apps.render_multiple([self.models[app_label, model_name]])
            self.is_delayed = True

    def alter(self: ProjectState, app_label: str, model_name: str, name: str, field: Field, *rest: bool) -> None:
        followed = not field.is_relation and field_is_referenced(self, (app_label, model_name), (name, field))
        with patch.object(ProjectState, "reload_model", reload_model if followed else reload_alone):
            alter_field(self, app_label, model_name, name, field, *rest)

    def rename(self: ProjectState, *words: str) -> None:
        with patch.object(ProjectState, "reload_model", reload_model):
            rename_field(self, *words)

    with (
        patch.object(ProjectState, "add_model", add_alone),
        patch.object(ProjectState, "reload_model", reload_alone),
        patch.object(ProjectState, "alter_field", alter),
        patch.object(ProjectState, "rename_field", rename),
    ):
        yield


class _Counter(io.StringIO):
    """Stands for the terminal of `migrate` and tells every 40th migration."""

    def __init__(self, total: int, tell: Say) -> None:
        super().__init__()
        self.total, self.done, self.say = total, 0, tell

    def write(self, text: str) -> int:
        if text.strip().endswith("OK"):
            self.done += 1
            if self.done % 40 == 0 and self.done < self.total:
                self.say(f"  {self.done} of {self.total}")
        return super().write(text)


def read_mark(name: str) -> str:
    """What was loaded into this database, as marked in the table `launch.mark`; empty when nothing was."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('launch.mark')")
        row = cursor.fetchone()
        if row is None or row[0] is None:
            return ""
        cursor.execute("SELECT value FROM launch.mark WHERE name = %s", [name])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def write_mark(name: str, value: str) -> None:
    """Remember it in the database itself: a copy or a backup takes it along."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS launch")
        cursor.execute("CREATE TABLE IF NOT EXISTS launch.mark (name text PRIMARY KEY, value text NOT NULL)")
        cursor.execute(
            "INSERT INTO launch.mark VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, value],
        )


def main() -> int:
    # The rooms' own notes belong to the server's logs, not between the steps.
    logging.disable(logging.INFO)
    from pavillon.core.wall import HOUSE, stand_as

    stand_as(HOUSE)
    try:
        if "--load" in sys.argv:
            import django

            django.setup()
            load(again=True)
        elif "--tables" in sys.argv:
            import django

            django.setup()
            migrate(say)
        else:
            prepare(demo="--no-demo" not in sys.argv)
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    except Exception as error:
        if "No space left" in str(error) or getattr(error, "errno", None) == 28:
            print(f"The disk is full: {error}", file=sys.stderr)
            return 1
        raise
    return 0


if __name__ == "__main__":
    run(main)
