"""What a person agreed to, asked by every room before it acts."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import F
from django.http import HttpRequest

from pavillon.accounts.models import User
from pavillon.privacy.enums import Kind
from pavillon.privacy.models import Consent, Purpose

COOKIE = f"{settings.COOKIE_PREFIX}choices"
SALT = "pavillon.privacy.choices"
# Six months, after which the question is asked again.
COOKIE_SECONDS = 182 * 24 * 3600


def person_key(user: User) -> str:
    """How consents name a person who has an account."""
    return f"user:{user.pk}"


def has_consent(purpose: str, *, person_key: str = "", user: User | None = None) -> bool:
    """Whether that person's consent stands now, to the wording in force.

    A consent to an older wording does not count: the person has not read what is asked today.
    """
    key = person_key or (f"user:{user.pk}" if user else "")
    standing = Consent.objects.standing().given().filter(purpose=purpose, person_key=key, scope="")
    return standing.filter(version=F("purpose__current")).exists()


def read_choices(request: HttpRequest) -> dict[str, Any] | None:
    """What this browser chose: {"key": "browser:…", "answers": {purpose: [version number, True]}}.

    None when nothing was chosen, the cookie was altered, or it is older than six months. No database query.
    """
    try:
        choices = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return None
    return choices if isinstance(choices, dict) and "answers" in choices else None


def browser_accepts(request: HttpRequest, purpose: str) -> bool:
    """Whether this browser accepted a purpose, in whatever wording it was asked. No database query."""
    choices = read_choices(request)
    return bool(choices and choices["answers"].get(purpose, [0, False])[1])


def open_questions(request: HttpRequest) -> list[Purpose]:
    """The optional purposes of browsers that this one has not answered in their present wording."""
    choices = read_choices(request) or {"answers": {}}
    return [
        purpose
        for purpose in Purpose.objects.optional(Kind.BROWSER)
        if choices["answers"].get(purpose.pk, [0])[0] != purpose.current.number
    ]


def browser_purposes(request: HttpRequest) -> list[Purpose]:
    """The optional purposes of browsers, each with `is_accepted`: what this one answered."""
    purposes = list(Purpose.objects.optional(Kind.BROWSER))
    for purpose in purposes:
        purpose.is_accepted = browser_accepts(request, purpose.pk)  # type: ignore[attr-defined]
    return purposes


def consents_of(user: User) -> list[Consent]:
    """Every answer of a person, newest first, with its purpose and wording."""
    return list(Consent.objects.visible_to(user).filter(user=user).select_related("purpose", "version"))


def unanswered_by(user: User) -> list[Purpose]:
    """The optional purposes of people that this one has no standing answer to."""
    answered = Consent.objects.standing().filter(user=user).values("purpose")
    return list(Purpose.objects.optional(Kind.PERSON).exclude(pk__in=answered))
