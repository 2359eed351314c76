"""Purposes as the officer reads them: how many said what, and every proof."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from pavillon.privacy.enums import Answer
from pavillon.privacy.models import Consent, Purpose, PurposeVersion


def purpose_lines() -> QuerySet[Purpose]:
    """Every purpose with `given`, `refused` (they stand now), `ended` and `older` (given to a former wording)."""
    standing = Q(consents__ended_at__isnull=True)
    given = Q(consents__answer=Answer.GIVEN)
    return Purpose.objects.select_related("current").annotate(
        given=Count("consents", filter=standing & given),
        refused=Count("consents", filter=standing & Q(consents__answer=Answer.REFUSED)),
        ended=Count("consents", filter=Q(consents__ended_at__isnull=False)),
        older=Count("consents", filter=standing & given & ~Q(consents__version=F("current"))),
    )


def versions_of(purpose: Purpose) -> QuerySet[PurposeVersion]:
    """Every wording, newest first, with `given` and `refused`: what people answered to it, ended or not."""
    answers = Consent.objects.filter(version=OuterRef("pk")).order_by().values("version")
    given = answers.filter(answer=Answer.GIVEN).annotate(n=Count("pk")).values("n")
    refused = answers.filter(answer=Answer.REFUSED).annotate(n=Count("pk")).values("n")
    rows = PurposeVersion.objects.filter(purpose=purpose).select_related("published_by")
    return rows.annotate(given=Coalesce(Subquery(given), 0), refused=Coalesce(Subquery(refused), 0))


def proofs_of(purpose: Purpose) -> Iterator[list[Any]]:
    """Every answer to a purpose with its proof, a line each: who, when, where, the exact text."""
    yield [_("Person"), _("Wording"), _("Legal basis"), _("Answer"), _("answered on"), _("ended on"), _("Recipient"),
           _("Page"), _("Language"), _("Text that was shown")]  # fmt: skip
    rows = Consent.objects.filter(purpose=purpose).select_related("version", "user").order_by("answered_at", "pk")
    for row in rows.iterator(chunk_size=2000):
        shown = row.proof.get("language", "fr")
        yield [
            row.user.email if row.user else row.person_key,
            row.version.number,
            row.get_legal_basis_display(),
            row.get_answer_display(),
            row.answered_at,
            row.ended_at or "",
            row.proof.get("recipient", ""),
            row.proof.get("page", ""),
            shown,
            row.proof.get("text_fr" if str(shown).startswith("fr") else "text_en", ""),
        ]
