from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.intake import actions
from pavillon.intake.models import (
    Delivery,
    DeliveryRow,
    Exchange,
    Layout,
    LegalApproval,
    ProspectTerms,
    PublicInterface,
    Signal,
    ZoneExchange,
)

holds_no_personal_data(Layout)
holds_personal_data(
    Delivery,
    fields=["sample"],
    keep_months=6,
    purpose=_("First rows of a partner's file, beside the choice of its columns"),
    erase=actions.forget_sample,
    clock="changed_at",
)
holds_personal_data(
    DeliveryRow,
    fields=["sealed", "foreseen", "done"],
    keep_months=6,
    purpose=_("Rows of a partner's file: rehearsal, reconciliation, undoing"),
    erase=actions.forget_row,
    of=lambda person: DeliveryRow.objects.filter(contact__in=person.contacts),
    clock="taken_at",
)
holds_no_personal_data(ProspectTerms, Signal, LegalApproval, ZoneExchange, Exchange, PublicInterface)
