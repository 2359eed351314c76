"""Rules with what they noticed lately."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone


def counted_rules(rules: QuerySet[Any]) -> QuerySet[Any]:
    """Rules with `lately`: how many incidents of thirty days came of each."""
    since = timezone.now() - timedelta(days=30)
    return rules.annotate(lately=Count("incidents", filter=Q(incidents__noticed_at__gte=since)))
