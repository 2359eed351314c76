"""The rows that tests of this room stand on."""

import datetime
from decimal import Decimal

from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.directory.criteria import read_rule
from pavillon.directory.models import Company
from pavillon.loyalty import actions
from pavillon.segments import actions as segments


def segment(owner, region="53"):
    """The companies of a region, shared with the whole team."""
    rule = read_rule({"all": [{"field": "region", "op": "in", "value": [region]}]}, Company, owner)
    return segments.create_segment(name=f"Région {region}", subject="companies", rule=rule, by=owner, sharing="network")


def programme(organisation, owner, **more):
    """Ten percent off for who had a service within a year; since a month, for a year."""
    today = timezone.localdate()
    owner = User.objects.get(pk=owner.pk)
    values = {
        "name": "Fidélité export", "segment": more.pop("segment", None) or segment(owner), "min_services": 1,
        "within_months": 12, "about": "Dix pour cent sur nos ateliers.", "discount": Decimal(10), "is_priority": True,
        "starts_on": today - datetime.timedelta(days=30), "ends_on": today + datetime.timedelta(days=335), "by": owner,
    }  # fmt: skip
    return actions.create_programme(organisation=organisation, **{**values, **more})
