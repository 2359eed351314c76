"""The catalogue of services: what is offered, by whom, at which price."""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.services.models import Service


class ServiceNamed(Exception):
    """The provider offers a service of this name already."""


@transaction.atomic
def create_service(
    *,
    kind: str,
    provider: Organisation,
    name_fr: str,
    name_en: str,
    about_fr: str,
    about_en: str,
    price: Decimal,
    unit: str,
    currency: str,
    vat: str,
    delivery_days: int,
    by: User | None,
    is_demo: bool = False,
) -> Service:
    """Offer a service from now on. Raises ServiceNamed."""
    service = Service(
        kind=kind,
        provider=provider,
        name_fr=name_fr,
        name_en=name_en,
        about_fr=about_fr,
        about_en=about_en,
        price=price,
        unit=unit,
        currency=currency,
        vat=vat,
        delivery_days=delivery_days,
        is_demo=is_demo,
    )
    _save(service)
    record("services.service_created", service, by=by)
    return service


@transaction.atomic
def change_service(
    *,
    service: Service,
    kind: str,
    provider: Organisation,
    name_fr: str,
    name_en: str,
    about_fr: str,
    about_en: str,
    price: Decimal,
    unit: str,
    currency: str,
    vat: str,
    delivery_days: int,
    by: User,
) -> Service:
    """Write the sheet of a service anew; orders keep the price of their moment. Raises ServiceNamed."""
    service = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    before = snapshot(service)
    service.kind, service.provider, service.name_fr, service.name_en = kind, provider, name_fr, name_en
    service.about_fr, service.about_en, service.price, service.unit = about_fr, about_en, price, unit
    service.currency, service.vat, service.delivery_days = currency, vat, delivery_days
    changes = changes_since(before, service)
    if changes:
        _save(service)
        record("services.service_changed", service, by=by, changes=changes)
    return service


def _save(service: Service) -> None:
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError as error:
        if "service_named_once_by_its_provider" not in str(error):
            raise
        raise ServiceNamed(
            _("%(provider)s offers “%(name)s” already: change that one, or choose another name.")
            % {"provider": service.provider, "name": service.name_fr}
        ) from error


@transaction.atomic
def retire_service(*, service: Service, by: User) -> None:
    """Nobody orders it any more; what was ordered goes on."""
    _offer(service, False, "services.service_retired", by)


@transaction.atomic
def restore_service(*, service: Service, by: User) -> None:
    """It can be ordered again."""
    _offer(service, True, "services.service_restored", by)


def _offer(service: Service, is_active: bool, verb: str, by: User) -> None:
    service = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    if service.is_active != is_active:
        before = snapshot(service)
        service.is_active = is_active
        service.save(update_fields=["is_active", "changed_at"])
        record(verb, service, by=by, changes=changes_since(before, service))
