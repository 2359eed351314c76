"""Erasing: by the declarations of every room, noted in a ledger that outlives the database."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.personal_data import holdings
from pavillon.core.wall import house
from pavillon.privacy import ledger
from pavillon.privacy.actions.choices import object_for
from pavillon.privacy.models import Erasure
from pavillon.privacy.queries.gathering import KEPT_AS_PROOF, Person, person_with, rows_about
from pavillon.privacy.queries.people import person_of

# Who and where a person is comes last: what depends on it is found through it.
LAST = ("directory.contact", "accounts.user")
BORN = ("created_at", "date_joined", "received_at", "uploaded_at")


class WorksHere(Exception):
    """The account is that of somebody of the export team at work: it is closed first, by the ordinary way."""


@house()
@transaction.atomic
def erase_person(*, keys: Sequence[str], email: str, why: str, by: User | None, proof: Mapping[str, Any]) -> Erasure:
    """Erase a person in every room; figures stay, for rows stay without her.

    Her objections are kept first, under the digest of her address: a file that brings her again is held back.
    Raises WorksHere.
    """
    person = person_with(keys, email)
    if User.objects.of_the_team().filter(pk__in=person.users, is_active=True).exists():
        raise WorksHere(_("This account belongs to the export team and is active: close it first."))
    for row in (person_of(key) for key in keys):
        if row is not None:
            object_for(person=row, by=by, proof=proof)
    if email:
        object_for(person=email, by=by, proof=proof)
    return erase_rows(rows=_rows_of(person), why=why, by=by, keys=sorted(person.keys))


def _rows_of(person: Person) -> dict[str, list[Any]]:
    return {
        model._meta.label_lower: list(rows.order_by("pk").values_list("pk", flat=True))
        for model, _holding, rows in rows_about(person)
        if model._meta.label_lower not in KEPT_AS_PROOF
    }


@house()
@transaction.atomic
def erase_rows(*, rows: Mapping[str, Iterable[Any]], why: str, by: User | None, keys: Sequence[str] = ()) -> Erasure:
    """Erase rows by number ({"directory.contact": [5]}), each as its room declares; note it here and in the ledger."""
    wanted = {label: list(numbers) for label, numbers in rows.items()}
    done = _erase(wanted)
    erasure = Erasure.objects.create(
        reference=f"ER-{timezone.now():%Y%m%d}-{secrets.token_hex(6)}", why=why, rows=done, by=by
    )
    record("privacy.rows_erased", erasure, by=by, why=why, rows=erasure.count)
    line = ledger.Line(
        reference=erasure.reference, why=why, erased_at=erasure.erased_at.isoformat(), rows=done, keys=list(keys)
    )
    transaction.on_commit(partial(ledger.append, line))
    return erasure


def _erase(rows: Mapping[str, Sequence[Any]], *, born_before: datetime | None = None) -> dict[str, list[Any]]:
    """Erase what is still there, dependents first; `born_before` leaves rows alone that came later under the number."""
    declared = {model._meta.label_lower: (model, holding) for model, holding in holdings().items()}
    done: dict[str, list[Any]] = {}
    for label in sorted(rows, key=lambda name: (name in LAST, name)):
        if label not in declared:
            continue
        model, holding = declared[label]
        for row in model._default_manager.filter(pk__in=list(rows[label])).order_by("pk"):
            if born_before is None or not _came_after(row, born_before):
                holding.erase(row)
                done.setdefault(label, []).append(row.pk if row.pk is not None else 0)
        # A row that its room deletes has no number any more: what was asked for is what was done.
        if label in done:
            done[label] = sorted(set(rows[label]))
    return done


def _came_after(row: Model, moment: datetime) -> bool:
    born = next((getattr(row, name) for name in BORN if getattr(row, name, None) is not None), None)
    return isinstance(born, datetime) and born > moment


@house()
@transaction.atomic
def replay_erasures() -> int:
    """Make again the erasures that the ledger knows and this database does not (a backup was restored).

    Returns how many. Raises ledger.AlteredLine, and does nothing then. Erasures that a crash kept out of the ledger
    are written into it.
    """
    lines = ledger.read()
    known = set(Erasure.objects.values_list("reference", flat=True))
    written = {line.reference for line in lines}
    owed = [line for line in lines if line.reference not in known]
    for line in owed:
        moment = datetime.fromisoformat(line.erased_at)
        rows: dict[str, list[Any]] = {label: list(numbers) for label, numbers in line.rows.items()}
        if line.keys:
            # The backup may hold rows about the person that were gone when she was erased.
            for label, numbers in _rows_of(person_with(line.keys)).items():
                rows[label] = sorted({*rows.get(label, []), *numbers})
        done = _erase(rows, born_before=moment)
        erasure = Erasure.objects.create(
            reference=line.reference, why=line.why, erased_at=moment, replayed_at=timezone.now(), rows=done
        )
        record("privacy.erasure_replayed", erasure, by=None, rows=erasure.count)
    for erasure in Erasure.objects.exclude(reference__in=written):
        line = ledger.Line(
            reference=erasure.reference, why=erasure.why, erased_at=erasure.erased_at.isoformat(), rows=erasure.rows,
            keys=[],
        )  # fmt: skip
        transaction.on_commit(partial(ledger.append, line))
    return len(owed)
