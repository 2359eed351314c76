"""Fill an empty Pavillon with a small believable world, labelled as demo."""

import json
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from pavillon.accounts.models import User
from pavillon.accounts.queries import start_page

# From the ground floor up, as the import contracts stack them: a room finds what those below have made.
FLOORS = [
    "reference",
    "accounts",
    "security",
    "activity",
    "vigilance",
    "continuity",
    "metrics",
    "privacy",
    "directory",
    "curation",
    "intake",
    "campaigns",
    "crm",
    "agenda",  # its week stands on requests and colleagues
    "correspondence",
    "segments",  # its rules ask what crm writes
    "solutions",
    "services",
    "care",  # marks, assessments and offers stand on orders and diagnoses
    "loyalty",
    "federation",  # a company agrees to a partner's site
    "showroom",
    "journeys",
    "reporting",
    "interchange",
    "website",
    "workspace",
]


class Command(BaseCommand):
    help = "Make the demonstration's people, companies and their stories. Run again, it only adds what is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        world: dict[str, Any] = {}
        rooms = [room for room in FLOORS if find_spec(f"pavillon.{room}") and find_spec(f"pavillon.{room}.demo")]
        for number, room in enumerate(rooms, start=1):
            self.stdout.write(f"[{number}/{len(rooms)}] {room} … ", ending="")
            self.stdout.flush()
            started = time.monotonic()
            import_module(f"pavillon.{room}.demo").seed(world)
            self.stdout.write(f"{time.monotonic() - started:.1f} s")
        path = write_accounts(world)
        self.stdout.write(f"Demo accounts: {path}")


def write_accounts(world: dict[str, Any]) -> Path:
    """Write `demo-accounts.json` in the data folder: persona, name, e-mail, password, start page."""
    accounts = [
        {
            "persona": key,
            "name": user.full_name,
            "role": user.acting.get_role_display() if user.acting else "",
            "organisation": str(user.organisation or ""),
            "email": user.email,
            "password": world["password"],
            "start_page": _start_page(user),
        }
        for key, user in _people(world)
    ]
    path = Path(settings.DATA) / "demo-accounts.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_suffix(".part")
    waiting.touch(mode=0o600)
    waiting.chmod(0o600)
    waiting.write_text(json.dumps(accounts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    waiting.replace(path)
    return path


def _people(world: dict[str, Any]) -> list[tuple[str, User]]:
    """The persons by their key, as the database knows them now."""
    known = {user.pk: user for user in User.objects.filter(pk__in=[user.pk for user in world["users"].values()])}
    with override("fr"):
        return [(key, known[user.pk]) for key, user in world["users"].items() if user.pk in known]


def _start_page(user: User) -> str:
    try:
        return start_page(user)
    except NoReverseMatch:
        return reverse("account_login")
