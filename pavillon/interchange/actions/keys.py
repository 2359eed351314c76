"""Keys: made, used, revoked."""

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone

from pavillon.accounts.actions import spend_attempt
from pavillon.accounts.enums import SECOND_FACTOR_ROLES, Role
from pavillon.accounts.models import Membership, User
from pavillon.activity.actions import record
from pavillon.interchange.enums import Scope
from pavillon.interchange.models import KeptAnswer, Key, digest_of
from pavillon.ui.limits import Rate, network_of

KEPT = timedelta(days=2)


class NotYours(Exception):
    """A key speaks for its maker, in a role that demands no second factor, and does what that role does."""


class OtherCall(Exception):
    """This name was given to another call."""


class QuotaExceeded(Exception):
    """The key made all the calls of this hour."""


@transaction.atomic
def create_key(
    *, name: str, membership: Membership, scopes: Sequence[str], by: User, days: int = 365, hourly_quota: int = 1000
) -> tuple[Key, str]:
    """Make a key. Returns it with its secret, which nobody can read again.

    Raises NotYours for somebody else's membership, for one whose role demands a second factor, and for accounts of
    people in the hands of who does not administer them.
    """
    if membership.role in SECOND_FACTOR_ROLES or membership.user_id != by.pk:
        raise NotYours(str(membership))
    if Scope.PEOPLE in scopes and membership.role != Role.ORGANISATION_ADMIN:
        raise NotYours(str(membership))
    secret = f"pav_{secrets.token_urlsafe(32)}"
    key = Key.objects.create(
        name=name,
        membership=membership,
        start=secret[:9],
        digest=digest_of(secret),
        scopes=list(scopes),
        hourly_quota=hourly_quota,
        expires_at=timezone.now() + timedelta(days=days),
    )
    record("interchange.key_created", key, membership.organisation, by=by, name=name, scopes=list(scopes))
    return key, secret


def note_unknown_key(*, secret: str, path: str, address: str) -> None:
    """A key that opens nothing was sent: in the trail.

    One of ours that has ended or is held back is named, once in ten minutes for each network. Of all others nothing
    that was sent is kept, not even to count it: six lines in ten minutes a network, whatever it makes up.
    """
    network = network_of(address)
    key = Key.objects.filter(digest=digest_of(secret)).select_related("membership__organisation").first()
    who, rate = (f"{network} {key.pk}", Rate(1, 600)) if key else (network, Rate(6, 600))
    if spend_attempt(what="refused key", who=who, rate=rate) is not None:
        return
    about = [key, key.membership.organisation] if key else []
    facts: dict[str, Any] = {} if key else {"is_known": False}
    record("interchange.key_refused", *about, by=None, reason=path[:100], **facts)


@transaction.atomic
def revoke_key(*, key: Key, by: User) -> None:
    """Stop a key at once. Revoking twice changes nothing."""
    key = Key.objects.select_for_update(of=("self",)).get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at", "changed_at"])
        record("interchange.key_revoked", key, key.membership.organisation, by=by, name=key.name)


def spend_call(*, key: Key) -> None:
    """Count one call in this hour.

    Raises QuotaExceeded when the hour is used up. One statement, so that parallel calls never exceed the quota; not
    in the trail, since what is read is logged record by record.
    """
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO interchange_usage AS used (key_id, hour, calls) VALUES (%s, %s, 1)
            ON CONFLICT (key_id, hour) DO UPDATE SET calls = used.calls + 1 WHERE used.calls < %s
            RETURNING calls
            """,
            [key.pk, hour, key.hourly_quota],
        )
        if cursor.fetchone() is None:
            raise QuotaExceeded(key.name)
    Key.objects.filter(pk=key.pk).update(last_used_at=timezone.now())


def answer_once(*, key: Key, name: str, digest: str, call: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of a writing call, made once under its name: asked again, the same answer without the deed.

    The deed and the note of it are one transaction, so that a call cut off in between was never made. Two at the same
    moment: the second waits for the first. Names are kept for two days. Raises OtherCall.
    """
    with transaction.atomic():
        KeptAnswer.objects.filter(key=key, made_at__lt=timezone.now() - KEPT).delete()
        kept, is_new = KeptAnswer.objects.get_or_create(key=key, name=name, defaults={"digest": digest})
        if not is_new:
            if kept.digest != digest:
                raise OtherCall(name)
            answer = HttpResponse(kept.body, status=kept.status, content_type="application/json; charset=utf-8")
            answer["Idempotency-Replayed"] = "true"
            return answer
        answer = call()
        if answer.status_code >= 500 or answer.status_code in (401, 403, 429):
            # Nothing was done, or nobody may: the next try is a new one.
            kept.delete()
        else:
            kept.status, kept.body = answer.status_code, answer.content.decode()
            kept.save(update_fields=["status", "body"])
        return answer
