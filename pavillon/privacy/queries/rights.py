"""Requests of people as the officer and the person read them; the file that answers a request of access."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pavillon.activity.models import Entry
from pavillon.privacy import ledger
from pavillon.privacy.enums import PENDING, RequestState
from pavillon.privacy.models import Erasure, RightsRequest
from pavillon.privacy.queries.gathering import gather, person_with, trail_about
from pavillon.ui.verbs import sentence_for

SALT_OF_RIGHTS = "pavillon.privacy.right"
LINK_SECONDS = 200 * 24 * 3600
# The day of the table of the data format, told in the file.
FORMAT = "pavillon-personal-data/1"


def request_of_token(token: str) -> RightsRequest | None:
    """The request that a link names; None for a link that was altered or is too old."""
    try:
        number = signing.loads(token, salt=SALT_OF_RIGHTS, max_age=LINK_SECONDS)
    except signing.BadSignature:
        return None
    return RightsRequest.objects.filter(pk=number).first()


@dataclass(frozen=True)
class Package:
    """The answer to a request of access: a ZIP with a page to read and JSON for machines."""

    content: bytes
    digest: str
    name: str


def package_of(asked: RightsRequest) -> Package:
    """Gather everything about the person now and pack it. A few statements a table."""
    person = person_with(asked.identities, asked.email)
    found, trail = gather(person), trail_about(person)
    now = timezone.now()
    with translation.override(asked.language):
        page = render_to_string(
            "privacy/package.html", {"asked": asked, "found": found, "trail": trail, "now": now, "lang": asked.language}
        )
        data: dict[str, Any] = {
            "format": FORMAT,
            "request": asked.reference,
            "made_at": now,
            "tables": [
                {
                    "table": each.model._meta.label_lower,
                    "name": each.name,
                    "purpose": str(each.holding.purpose),
                    "kept_months": each.holding.keep_months,
                    "rows": [{str(label): value for label, value in row} for row in each.rows],
                }
                for each in found
            ],
            "trail": [{"at": at, "what": what} for at, what in trail],
        }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.html", page)
        archive.writestr(
            "data.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2, default=str)
        )
    content = buffer.getvalue()
    return Package(content, hashlib.sha256(content).hexdigest(), f"{asked.reference}.zip")


def counts_of_requests() -> dict[str, int]:
    """How many are open, late, due within a week, and what was answered within its delay this year (percent)."""
    today = timezone.localdate()
    rows = RightsRequest.objects.aggregate(
        pending=Count("pk", filter=Q(state__in=PENDING)),
        late=Count("pk", filter=Q(state__in=PENDING, due_on__lt=today)),
        soon=Count("pk", filter=Q(state__in=PENDING, due_on__gte=today, due_on__lte=today + timedelta(days=7))),
        closed=Count("pk", filter=Q(state__in=[RequestState.ANSWERED, RequestState.REFUSED])),
    )
    return {name: int(n) for name, n in rows.items()}


def trail_of(asked: RightsRequest) -> list[tuple[Any, str, Any]]:
    """(when, what, who) of a request."""
    entries = Entry.objects.about(asked).select_related("actor").order_by("happened_at", "pk")
    return [(entry.happened_at, sentence_for(entry.verb) or entry.verb, entry.actor) for entry in entries]


def ledger_state() -> dict[str, Any]:
    """The last erasures, how many lines the file beside the database has, and what is wrong with it, if anything."""
    fault, lines = "", 0
    try:
        lines = len(ledger.read())
    except ledger.AlteredLine as altered:
        fault = _("Line %(number)s of the ledger does not bear the platform's signature.") % {"number": altered.args[0]}
    return {"erasures": Erasure.objects.select_related("by")[:200], "lines": lines, "fault": fault,
            "count": Erasure.objects.count()}  # fmt: skip
