"""Rows about companies that the base has: offered together, as `taking` offers them one by one."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from pavillon.directory.actions import add_contacts, note_new_records, note_source_record, offer_many
from pavillon.directory.models import SourceRecord
from pavillon.directory.queries import Offered, Verdict
from pavillon.intake.actions.rehearsing import offered_values, outcome_of, policies_for
from pavillon.intake.actions.taking_new import REFUSALS, Batch, New, person_said
from pavillon.intake.actions.working import is_taken_meanwhile, save_rows
from pavillon.intake.enums import Outcome, Subject
from pavillon.intake.models import Delivery
from pavillon.privacy.queries import judge_many

KNOWN = (Outcome.MATCHED, Outcome.UNCHANGED, Outcome.CONFLICTING)
CONFIDENCE = 80


def take_known_rows(delivery: Delivery, batch: Batch) -> set[int]:
    """Take over at once the rows of a batch that stand apart, each about a known company of its own; their lines."""
    judged = batch.judged
    times = Counter(one.company_id for one in judged.values())
    by_day: dict[date, list[New]] = defaultdict(list)
    for row in batch.rows:
        one, read = judged[row.line], batch.reads[row.line]
        if row.line in batch.apart and one.outcome in KNOWN and one.company is not None and times[one.company.pk] == 1:
            day = read.row.get("observed_on", delivery.observed_on)
            by_day[day].append(New(row, read, day, one.company, {}))
    done: set[int] = set()
    for day, those in by_day.items():
        try:
            with transaction.atomic():
                _take(delivery, batch, those, day)
        except REFUSALS:
            continue
        except IntegrityError as error:
            if not is_taken_meanwhile(error):
                raise
            continue
        done |= {known.row.line for known in those}
    return done


def _take(delivery: Delivery, batch: Batch, rows: Sequence[New], day: date) -> None:
    places: dict[Any, Any] = {}
    offers = [(known.company, offered_values(known.read, places)) for known in rows]
    verdicts = _offer(delivery, rows, offers, Subject.COMPANY, day)
    _note(delivery, rows, [known.company for known in rows], [known.read.company.get("key", "") for known in rows], day)
    for line, more in _take_people(delivery, batch, [known for known in rows if known.read.has_contact], day).items():
        verdicts[line] |= more
    now = timezone.now()
    for known in rows:
        known.row.company, known.row.taken_at = known.company, now
        known.row.taken_outcome = outcome_of(verdicts[known.row.line])
        known.row.done = json.dumps(known.written)
    save_rows([known.row for known in rows], ["company", "contact", "taken_outcome", "taken_at", "done"])


def _offer(
    delivery: Delivery, rows: Sequence[New], offers: Sequence[tuple[Any, dict[str, Any]]], subject: Subject, day: date
) -> dict[int, set[Verdict]]:
    """Offer what the rows say of their companies, or of their people; what became of it, by line."""
    if not rows:
        return {}
    offered = offer_many(
        offers, source=delivery.source, observed_on=day, by=delivery.brought_by, confidence=CONFIDENCE,
        policies=policies_for(delivery, subject),
    )  # fmt: skip
    for known, one in zip(rows, offered, strict=True):
        known.written[subject.value] = to_undo(one)
    return {
        known.row.line: {judged.verdict for judged in one.judged.values()}
        for known, one in zip(rows, offered, strict=True)
    }


def _take_people(delivery: Delivery, batch: Batch, rows: Sequence[New], day: date) -> dict[int, set[Verdict]]:
    """Their people, known or new; who objected, or was erased, is told nothing about and not brought back."""
    known = [one for one in rows if batch.judged[one.row.line].contact is not None]
    new = [one for one in rows if batch.judged[one.row.line].contact is None]
    people = [batch.judged[one.row.line].contact for one in known]
    welcome = _welcome(known, people)
    for one, person in zip(known, people, strict=True):
        one.row.contact = person
    offers = [(one.row.contact, {k: v for k, v in one.read.contact.items() if k != "key"}) for one in welcome]
    verdicts = _offer(delivery, welcome, offers, Subject.CONTACT, day)
    _note(delivery, welcome, [one.row.contact for one in welcome], [""] * len(welcome), day)
    addressed = [one for one in new if one.read.contact.get("email")]
    held_back = {id(one) for one in addressed} - {
        id(one) for one in _welcome(addressed, [one.read.contact["email"] for one in addressed])
    }
    fresh = [one for one in new if id(one) not in held_back]
    said = [{"company": one.company, **person_said(one.read)} for one in fresh]
    contacts = add_contacts(people=said, source=delivery.source, observed_on=day, by=delivery.brought_by)
    for one, contact in zip(fresh, contacts, strict=True):
        one.row.contact, one.written["contact_created"] = contact, contact.pk
        verdicts[one.row.line] = {Verdict.APPLIED}
    noted = note_new_records(records=contacts, keys=[""] * len(contacts), source=delivery.source, seen_on=day)
    for one, record in zip(fresh, noted, strict=True):
        one.written.setdefault("noted", []).append(record.pk)
    return verdicts


def _welcome(rows: Sequence[New], people: Sequence[Any]) -> list[New]:
    """Those whose person may be enriched; of the others the reason is noted."""
    found = []
    for one, verdict in zip(rows, judge_many(people, "enrichment"), strict=True):
        if verdict:
            found.append(one)
        else:
            one.written["held_back"] = verdict.sentence
    return found


def _note(delivery: Delivery, rows: Sequence[New], records: Sequence[Any], keys: Sequence[str], day: date) -> None:
    """Remember that the source knows the records; what is new is remembered at once, and forgotten by an undoing."""
    if not rows:
        return
    owner = str(records[0]._meta.model_name)
    asked = SourceRecord.objects.filter(source=delivery.source, **{f"{owner}__in": [one.pk for one in records]})
    seen = set(asked.values_list(f"{owner}_id", flat=True))
    taken = set(
        SourceRecord.objects.filter(
            source=delivery.source, key__in={key for key in keys if key}, **{f"{owner}__isnull": False}
        ).values_list("key", flat=True)
    )
    news = []
    for one, record, key in zip(rows, records, keys, strict=True):
        if record.pk in seen or key in taken:
            before = set(asked.filter(**{owner: record}).values_list("pk", flat=True))
            noted = note_source_record(record_of=record, source=delivery.source, seen_on=day, key=key)
            if noted.pk not in before:
                one.written.setdefault("noted", []).append(noted.pk)
        else:
            news.append((one, record, key))
    made = note_new_records(
        records=[record for _one, record, _key in news], keys=[key for *_others, key in news], source=delivery.source,
        seen_on=day,
    )  # fmt: skip
    for (one, _record, _key), noted in zip(news, made, strict=True):
        one.written.setdefault("noted", []).append(noted.pk)


def to_undo(offered: Offered) -> dict[str, Any]:
    """What undoing needs to know of an offer: {group: [before, after]}."""
    return {
        group: [one.before, one.after]
        for group, one in offered.judged.items()
        if one.verdict in (Verdict.APPLIED, Verdict.CONFLICT, Verdict.KEPT)
    }
