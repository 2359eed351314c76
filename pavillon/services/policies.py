"""The room's lines on the privilege matrix, its kinds of notification, and its purpose of personal data."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind
from pavillon.core.policy import governs, owned_by
from pavillon.directory.models import stands_behind
from pavillon.services.models import ExportFlow, ServiceOrder, Survey

governs(ServiceOrder, fields=["price"])
governs(Survey, fields=["score", "verbatim"])
owned_by(ServiceOrder, lambda user: Q(ordered_by=user) | Q(deliverer=user))
owned_by(Survey, lambda user: Q(order__ordered_by=user) | Q(order__deliverer=user))

register_kind("services.delivery", _("A service that I deliver"), "team")
register_kind("services.low_score", _("A company that is not satisfied with a service"), "team")

stands_behind(ExportFlow, "survey__order__company")
stands_behind(Survey, "order__company")
