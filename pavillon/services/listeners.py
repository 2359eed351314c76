"""What a merge does with this room's rows, and whose classes follow from a delivery or an answer."""

from typing import Any

from django.dispatch import receiver
from procrastinate.contrib.django import app

from pavillon.directory.models.references import moves_with
from pavillon.services.events import service_delivered, survey_answered
from pavillon.services.models import ServiceOrder, Survey

moves_with(ServiceOrder, "company")
moves_with(Survey, "contact")


@receiver(service_delivered)
def a_delivery_changes_the_classes(order: ServiceOrder, **event: Any) -> None:
    app.configure_task("crm.compute_profile").defer(company_id=order.company_id)


@receiver(survey_answered)
def an_attested_sale_changes_the_classes(survey: Survey, **event: Any) -> None:
    app.configure_task("crm.compute_profile").defer(company_id=survey.order.company_id)
