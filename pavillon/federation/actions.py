"""Sites registered and changed, agreements given and taken back, keys renewed."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import requests
from allauth.idp.oidc.models import Client, Token
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.federation.enums import Datum
from pavillon.federation.events import access_closed, site_allowed
from pavillon.federation.models import SigningKey, Site, SiteAccess, SiteSession, SiteSessionQuerySet
from pavillon.federation.queries import PURPOSE, logout_token, seal_key
from pavillon.privacy.actions import give_consent, withdraw_consent
from pavillon.privacy.models import Consent
from pavillon.privacy.queries import person_key
from pavillon.ui import outgoing

# How long what an old key signed is still believed: far longer than what it signed serves.
OVERLAP = timedelta(days=1)


# How long it stays known whether a site was told of a session's end.
KEPT = timedelta(days=30)


class NotTold(Exception):
    """A site did not take the word that a session is over; it is sent again later."""


class NameTaken(Exception):
    """Another site bears this name: people could not tell the two apart."""


def _mirror(site: Site) -> None:
    """Tell the library's row what the site says."""
    client = site.client
    client.name, client.owner = site.name, None
    client.type = Client.Type.CONFIDENTIAL if site.is_confidential else Client.Type.PUBLIC
    client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE])
    client.set_response_types([Client.ResponseType.CODE])
    client.set_scopes(["openid", *site.data])
    client.set_default_scopes(["openid"])
    client.set_redirect_uris(site.redirect_uris)
    client.save()


def _new_secret(site: Site) -> str:
    secret = f"pvs_{secrets.token_urlsafe(36)}"
    site.client.set_secret(secret)
    site.secret_renewed_at = timezone.now()
    return secret


def _check_name(name: str, besides: Site | None = None) -> None:
    same = Site.objects.filter(name__iexact=name)
    if (same.exclude(pk=besides.pk) if besides else same).exists():
        raise NameTaken(name)


@transaction.atomic
def create_site(
    *,
    name: str,
    organisation: Organisation,
    address: str,
    purpose_fr: str,
    purpose_en: str,
    data: Sequence[str],
    redirect_uris: Sequence[str],
    leaving_uris: Sequence[str] = (),
    logout_uri: str = "",
    is_confidential: bool = True,
    is_enabled: bool = True,
    by: User | None,
) -> tuple[Site, str]:
    """Register a site. Returns it with its secret, shown once ("" for a public one). Raises NameTaken."""
    _check_name(name)
    site = Site(
        client=Client(),
        name=name,
        organisation=organisation,
        address=address,
        purpose_fr=purpose_fr,
        purpose_en=purpose_en,
        data=list(data),
        redirect_uris=list(redirect_uris),
        leaving_uris=list(leaving_uris),
        logout_uri=logout_uri,
        is_confidential=is_confidential,
        is_enabled=is_enabled,
    )
    secret = _new_secret(site)
    _mirror(site)
    site.save()
    renew_signing_key(by=by, only_first=True)
    record("federation.site_created", site, organisation, by=by, name=name, data=site.data, ways=site.redirect_uris)
    return site, secret if is_confidential else ""


@transaction.atomic
def change_site(*, site: Site, by: User, **fields: Any) -> Site:
    """Change what a site is, asks, or whether it is on; off, every token of it is dead at once. Raises NameTaken.

    Another name, organisation or purpose asks people again at their next sign-in; so does one datum more.
    """
    site = Site.objects.select_for_update(of=("self",)).select_related("client", "organisation").get(pk=site.pk)
    if "name" in fields:
        _check_name(fields["name"], besides=site)
    before = snapshot(site)
    for name, value in fields.items():
        setattr(site, name, value)
    changes = changes_since(before, site)
    if changes:
        site.save()
        _mirror(site)
        if not site.is_enabled or {"redirect_uris", "data"} & set(changes):
            Token.objects.filter(client=site.client_id).delete()
        record("federation.site_changed", site, site.organisation, by=by, changes=changes)
    return site


@transaction.atomic
def renew_secret(*, site: Site, by: User) -> str:
    """Give a site another secret; the former one opens nothing from this moment. Returns what is shown once."""
    site = Site.objects.select_for_update(of=("self",)).select_related("client", "organisation").get(pk=site.pk)
    secret = _new_secret(site)
    site.client.save(update_fields=["secret"])
    site.save(update_fields=["secret_renewed_at", "changed_at"])
    Token.objects.filter(client=site.client_id).delete()
    record("federation.secret_renewed", site, site.organisation, by=by, name=site.name)
    return secret


@transaction.atomic
def delete_site(*, site: Site, by: User) -> None:
    """Take a site away, with the agreements that people gave it."""
    site = Site.objects.select_for_update(of=("self",)).select_related("client", "organisation").get(pk=site.pk)
    for access in site.accesses.standing().select_related("consent"):
        withdraw_consent(consent=access.consent, by=by)
    record("federation.site_deleted", site, site.organisation, by=by, name=site.name)
    site.client.delete()


@transaction.atomic
def allow_site(*, site: Site, by: User, data: Sequence[str], proof: Mapping[str, Any]) -> SiteAccess:
    """Keep a person's yes to a site: the consent with what was shown, and under which name the site knows him."""
    shown = {
        "recipient": f"{site.name} ({site.organisation})",
        "data": [str(Datum(datum).label) for datum in data],
        "reason": site.purpose,
        "terms": site.terms,
    }
    consent = give_consent(
        purpose=PURPOSE, person_key=person_key(by), user=by, scope=site.scope, proof={**shown, **proof}
    )
    access, _is_new = SiteAccess.objects.update_or_create(
        site=site, user=by, defaults={"consent": consent, "data": list(data)}
    )
    record("federation.site_allowed", access, by=by, site=site.name, data=list(data))
    site_allowed.send(sender=SiteAccess, access=access, by=by)
    return access


def revoke_access(*, access: SiteAccess, by: User) -> None:
    """Take the agreement back; `close_access` follows, as it does from the page of consents."""
    withdraw_consent(consent=access.consent, by=by)


@transaction.atomic
def close_access(*, consent: Consent, by: User | None) -> None:
    """After an agreement ended: what the site still held is dead, and its next sign-in asks again."""
    for access in SiteAccess.objects.filter(consent=consent).select_related("site"):
        Token.objects.filter(client=access.site.client_id, user=access.user_id).delete()
        end_site_sessions(SiteSession.objects.filter(site=access.site_id, user=access.user_id))
        record("federation.access_closed", access, by=by, site=access.site.name)
        access_closed.send(sender=SiteAccess, access=access, by=by)


@transaction.atomic
def close_all_access(*, user: User, by: User | None) -> None:
    """An account that was closed or suspended opens no site either; the agreements stay for its return."""
    end_site_sessions(SiteSession.objects.filter(user=user))
    rows = SiteAccess.objects.standing().filter(user=user).select_related("site")
    ended, _detail = Token.objects.filter(user=user, client__site__in=rows.values("site")).delete()
    if ended:
        record("federation.access_closed", *rows, by=by, tokens=ended)


@transaction.atomic
def leave_site(*, site: Site, user: User) -> None:
    """A person signed out at a site: what it still held is dead. The agreement stays."""
    Token.objects.filter(client=site.client_id, user=user).delete()
    record("federation.site_left", site, by=user, site=site.name)


@transaction.atomic
def enter_site(*, site: Site, user: User) -> None:
    """Note that a person signed in at a site."""
    access = SiteAccess.objects.select_for_update(of=("self",)).get(site=site, user=user)
    access.last_at = timezone.now()
    access.save(update_fields=["last_at"])
    record("federation.site_entered", access, by=user, site=site.name, organisation=str(site.organisation))


@transaction.atomic
def begin_site_session(*, site: Site, user: User, session_key: str) -> SiteSession | None:
    """Which session of ours somebody signs in from at a site: the one that stands, or a new one. None for a session
    that allauth does not list."""
    session = UserSession.objects.filter(session_key=session_key, user=user).first()
    if session is None:
        return None
    return SiteSession.objects.get_or_create(site=site, user=user, session=session, ended_at=None)[0]


@transaction.atomic
def end_site_sessions(rows: SiteSessionQuerySet) -> int:
    """These sessions are over: codes that wait are dead, and each site that wants to know is told by a job."""
    ended = list(rows.standing().select_for_update(of=("self",)).select_related("site"))
    for entry in ended:
        entry.ended_at = timezone.now()
        entry.save(update_fields=["ended_at"])
        Token.objects.filter(type=Token.Type.AUTHORIZATION_CODE, data__sid=entry.sid).delete()
        if entry.site.logout_uri and entry.site.is_enabled:
            app.configure_task("federation.tell_site", queue="default").defer(entry_id=entry.pk)
    return len(ended)


def end_lapsed_sessions() -> int:
    """Sessions that nobody used until their end: no request will come that ends them."""
    now = timezone.now()
    over = Q(session=None) | Q(session__last_seen_at__lt=now - timedelta(seconds=settings.SESSION_IDLE))
    over |= Q(session__created_at__lt=now - timedelta(seconds=settings.SESSION_LONGEST))
    keys = SiteSession.objects.standing().filter(over).values("pk")
    return end_site_sessions(SiteSession.objects.filter(pk__in=keys))


def tell_site(*, entry: SiteSession) -> None:
    """Send a site the signed word that a session is over. Raises NotTold, so that its job tries again.

    What came of it stays on the row; the first failure and the success are in the trail.
    """
    if entry.told_at or not (entry.site.logout_uri and entry.site.is_enabled):
        return
    failure = ""
    try:
        with outgoing.Session(inner=settings.INNER_PROVIDERS) as calls:
            answer = calls.post(entry.site.logout_uri, data={"logout_token": logout_token(entry)})
        if answer.status_code not in (200, 204):
            failure = f"{answer.status_code}"
    except (requests.RequestException, OSError) as error:
        failure = str(error) or type(error).__name__
    entry.tries, entry.failure = entry.tries + 1, failure[:200]
    entry.told_at = None if failure else timezone.now()
    with transaction.atomic():
        entry.save(update_fields=["tries", "failure", "told_at"])
        if not failure or entry.tries == 1:
            verb = "federation.site_not_told" if failure else "federation.site_told"
            record(verb, entry.site, entry.user, by=None, site=entry.site.name, reason=entry.failure)
    if failure:
        raise NotTold(failure)


@transaction.atomic
def refuse_replay(*, site: Site, user: User) -> None:
    """A code came twice: somebody may have caught it, so what it brought the first time is dead."""
    Token.objects.filter(client=site.client_id, user=user).delete()
    record("federation.code_replayed", site, user, by=None, site=site.name)


@transaction.atomic
def renew_signing_key(*, by: User | None, only_first: bool = False) -> None:
    """Sign with another key from now on; what the former one signed is believed for a day (`OVERLAP`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('federation.signing_key'))")
    standing = SigningKey.objects.filter(ends_at=None)
    if only_first and standing.exists():
        return
    standing.update(ends_at=timezone.now() + OVERLAP)
    pair = rsa.generate_private_key(public_exponent=65537, key_size=settings.SIGNING_KEY_BITS)
    pem = pair.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    key = SigningKey.objects.create(sealed=seal_key(pem))
    record("federation.signing_key_renewed", key, by=by, bits=settings.SIGNING_KEY_BITS)


def forget_tokens() -> None:
    """Drop codes and tokens whose time is over, and keys that nobody needs."""
    Token.objects.expired().delete()
    SigningKey.objects.filter(ends_at__lt=timezone.now()).delete()
    SiteSession.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()


@transaction.atomic
def forget_access(access: SiteAccess) -> None:
    """The site then meets a stranger; the consent has its own proof."""
    Token.objects.filter(client=access.site.client_id, user=access.user_id).delete()
    access.delete()
