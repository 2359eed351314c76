"""The rows that tests of this room stand on."""

import datetime

from django.utils import timezone

from pavillon.campaigns import actions


def campaign(organisation, **more):
    """One that runs since ten days, for thirty more."""
    today = timezone.localdate()
    values = {
        "name": "Cap sur l’Irlande", "starts_on": today - datetime.timedelta(days=10),
        "ends_on": today + datetime.timedelta(days=30), "currency": "EUR", "region": organisation.region, "by": None,
    }  # fmt: skip
    return actions.create_campaign(organisation=organisation, **{**values, **more})
