from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.loyalty import actions
from pavillon.loyalty.models import Enrolment, Programme

holds_personal_data(
    Enrolment,
    fields=["reason"],
    keep_months=120,
    purpose=_("Give companies that come back what was promised to them"),
    erase=actions.forget_enrolment,
    of=lambda person: Enrolment.objects.filter(Q(enrolled_by__in=person.users) | Q(left_by__in=person.users)),
    clock="enrolled_at",
)
# What an organisation decides.
holds_no_personal_data(Programme)
