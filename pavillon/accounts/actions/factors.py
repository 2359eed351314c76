"""Recovery codes, and second factors that an officer takes off.

A code is "3K7Q MW2X PDH9": a digit that says which of the ten it is, and 55 random bits. Of each only a slow, salted
digest is kept, so nobody reads them again; the digit keeps a try to one digest. They lie in allauth's row of that type,
which its forms and signals know.
"""

import secrets

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from pavillon.accounts.actions.people import end_sessions_of
from pavillon.accounts.events import second_factors_removed
from pavillon.accounts.models import User
from pavillon.core.trail import record

# Without the signs that people take for one another.
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# What people may read in their place: no code holds these letters.
READ_AS = str.maketrans("OI", "01")
COUNT = 10
LENGTH = 12
OLD_LENGTH = 8


class NoSecondFactor(Exception):
    """Recovery codes stand in for a second factor; this person has none."""


def _of(user: User) -> Authenticator | None:
    rows = Authenticator.objects.select_for_update(of=("self",)).filter(user=user)
    return rows.filter(type=Authenticator.Type.RECOVERY_CODES).first()


def renew_recovery_codes(*, user: User) -> list[str]:
    """Ten new codes, in words for the screen, shown this once; the former ones open nothing. Raises NoSecondFactor.

    A letter tells the person, as of every change of what opens the account.
    """
    codes = _replace_codes(user)
    get_adapter().send_notification_mail("mfa/email/recovery_codes_generated", user)
    return [" ".join(code[start : start + 4] for start in range(0, LENGTH, 4)) for code in codes]


@transaction.atomic
def _replace_codes(user: User) -> list[str]:
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        raise NoSecondFactor(user.pk)
    codes = [f"{n}{''.join(secrets.choice(SIGNS) for _sign in range(LENGTH - 1))}" for n in range(COUNT)]
    digests = {str(n): make_password(code) for n, code in enumerate(codes)}
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={"digests": digests})
    record("accounts.recovery_codes_renewed", user, by=user, count=COUNT)
    return codes


@transaction.atomic
def spend_recovery_code(*, user: User, code: str) -> Authenticator | None:
    """The row of a code that is right and unused, which is used now; None for any other."""
    typed = "".join(sign for sign in code.upper() if sign.isalnum()).translate(READ_AS)
    row = _of(user) if len(typed) in (LENGTH, OLD_LENGTH) else None
    if row is None:
        return None
    _hash_old(row)
    # Codes of before bear no digit of their own: each that is left is tried.
    tried = [typed[0]] if len(typed) == LENGTH else [name for name in row.data["digests"] if name.startswith("old")]
    for name in tried:
        digest = row.data["digests"].get(name)
        if digest and check_password(typed, digest):
            del row.data["digests"][name]
            row.save(update_fields=["data"])
            record("accounts.recovery_code_used", user, by=user, left=len(row.data["digests"]))
            return row
    return None


def _hash_old(row: Authenticator) -> bool:
    """Turn codes that can be computed from their seed into digests; whether there were any."""
    if "digests" in row.data:
        return False
    left = RecoveryCodes(row).get_unused_codes()
    row.data = {"digests": {f"old{n}": make_password(code) for n, code in enumerate(left)}}
    row.save(update_fields=["data"])
    record("accounts.recovery_codes_hashed", row.user, by=None, count=len(left))
    return True


def hash_old_recovery_codes() -> int:
    """The codes of everybody who still has readable ones, person by person. Returns of how many."""
    done = 0
    old = Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES).exclude(data__has_key="digests")
    for user_id in list(old.values_list("user", flat=True)):
        with transaction.atomic():
            row = _of(User(pk=user_id))
            done += bool(row and _hash_old(row))
    return done


@transaction.atomic
def remove_second_factors(*, user: User, proof: str, by: User) -> None:
    """Take every second factor and recovery code off for who lost them: sessions end, he is told by e-mail.

    `proof` says how the officer made sure who asks; it stays in the trail.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    kinds = sorted(set(Authenticator.objects.filter(user=user).values_list("type", flat=True)))
    Authenticator.objects.filter(user=user).delete()
    ended = end_sessions_of(user)
    before, user.prove_after = user.prove_after, timezone.now()
    user.save(update_fields=["prove_after"])
    changes = {"prove_after": [before, user.prove_after]}
    record("accounts.second_factors_removed", user, by=by, changes=changes, reason=proof, types=kinds, sessions=ended)
    second_factors_removed.send(sender=User, user=user, by=by)
