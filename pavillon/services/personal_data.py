from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.crm.queries.people import leads_of
from pavillon.services import actions
from pavillon.services.models import ExportFlow, Service, ServiceOrder, Survey, SurveySettings
from pavillon.services.queries.people import surveys_of_person

holds_personal_data(
    Survey,
    fields=["email", "verbatim", "attested_by"],
    keep_months=60,
    purpose=_("Measure what services bring to companies, independently of who delivers them"),
    erase=actions.forget_survey,
    of=surveys_of_person,
    clock="send_on",
)
holds_personal_data(
    ServiceOrder,
    fields=["reason"],
    keep_months=120,
    purpose=_("Deliver the services that companies order"),
    erase=actions.forget_order,
    of=lambda person: ServiceOrder.objects.filter(lead__in=leads_of(person)),
    clock="proposed_at",
)
# Facts about services and companies.
holds_no_personal_data(ExportFlow, Service, SurveySettings)
