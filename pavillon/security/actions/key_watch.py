"""Supervision: what was made and used is told to the trail, and a source that no longer answers to its holders."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from keyservice.holding import KeyUnavailable
from pavillon.core.trail import record
from pavillon.security.enums import Purpose, Source
from pavillon.security.master import source
from pavillon.security.models import DataKey, KeyUse, KeyWatch

HOUR = timedelta(hours=1)


def supervise_keys() -> list[KeyWatch]:
    """Look at every source in use; told in the trail when one stops or starts to answer."""
    _tell_made()
    _tell_used()
    in_use = {Source(key.source) for key in DataKey.objects.in_use().values() if not key.revoked_at}
    KeyWatch.objects.exclude(source__in=in_use).delete()
    return [_look_at(name) for name in sorted(in_use)]


@transaction.atomic
def _tell_made() -> None:
    """Keys that were made where nothing could be recorded."""
    for key in DataKey.objects.select_for_update().filter(told_at=None):
        key.told_at = timezone.now()
        key.save(update_fields=["told_at"])
        record(
            "security.data_key_generated", key, by=None, purpose=key.purpose, generation=key.generation,
            source=key.source,
        )  # fmt: skip


@transaction.atomic
def _tell_used() -> None:
    """One line an hour and purpose, once the hour is over."""
    over = timezone.now().replace(minute=0, second=0, microsecond=0)
    latest = DataKey.objects.in_use()
    for use in KeyUse.objects.select_for_update().filter(told_at=None, hour__lt=over):
        use.told_at = timezone.now()
        use.save(update_fields=["told_at"])
        if key := latest.get(Purpose(use.purpose)):
            record(
                "security.data_key_used", key, by=None, purpose=use.purpose, hour=use.hour, opened=use.opened,
                used=use.used,
            )  # fmt: skip


def _look_at(name: Source) -> KeyWatch:
    version, journal, problem = "", "", ""
    try:
        facts = source(name).facts()
        version, journal = facts.version, facts.journal
    except (KeyUnavailable, ImproperlyConfigured) as error:
        problem = str(error)
    return _note(name, version=version, journal=journal, problem=problem)


@transaction.atomic
def _note(name: Source, *, version: str, journal: str, problem: str) -> KeyWatch:
    watch = KeyWatch.objects.select_for_update().filter(source=name).first()
    answers, now = not problem, timezone.now()
    is_news = watch is None or watch.answers != answers
    watch = watch or KeyWatch(source=name, since=now)
    if is_news:
        watch.since = now
    watch.answers, watch.problem, watch.version, watch.seen_at = answers, problem, version or watch.version, now
    watch.save()
    if is_news:
        # The head of the holder's own journal, kept here, holds him to it.
        facts: dict[str, Any] = {"source": name.value, "version": watch.version, "journal": journal, "problem": problem}
        record(f"security.data_key_source_{'found' if answers else 'lost'}", watch, by=None, **facts)
    return watch
