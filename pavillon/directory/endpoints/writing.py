"""Writing for other systems: the forms check, the actions write, and values are weighed as those of a source.

What a partner's system says is the word of its organisation, dated: it wins, is set aside or is disputed as
`directory.precedence` says, and the answer tells which. Send `Idempotency-Key` to be able to ask again safely.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema

from pavillon.core.permissions import require
from pavillon.directory import actions
from pavillon.directory.endpoints.doors import fields_of, router
from pavillon.directory.forms.companies import CompanyForm
from pavillon.directory.forms.contacts import ContactForm
from pavillon.directory.forms.parts import ChannelForm, EstablishmentForm, MarketForm, RoleForm
from pavillon.directory.models import Company, Contact
from pavillon.directory.numbers import WrongNumber
from pavillon.directory.precedence import COMPANY_GROUPS, CONTACT_GROUPS
from pavillon.directory.queries import WrongSiren
from pavillon.ui.shapes import NUMBER, TEXT, answers, counted_by_name, made_of, many

Given = dict[str, Any]
WRITTEN = made_of({"id": NUMBER})
_WHY = counted_by_name(TEXT)
WEIGHED = made_of({"id": NUMBER, "applied": many(TEXT), "same": many(TEXT), "kept": _WHY, "conflicts": _WHY})


class Values(Schema):
    """Columns with their values, related ones by their code; and the day on which you knew them (today)."""

    values: Given
    observed_on: date | None = None
    confidence: int = 80


class Part(Schema):
    """The fields of a part of the card, as its form on screen names them."""

    values: Given


class Refused(Exception):
    """What was sent cannot be written: {field: [reasons]}."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{name}: {' '.join(told)}" for name, told in errors.items()))


def answer(write: Callable[[], Given], status: int = 200) -> JsonResponse:
    """What was written; 422 naming the fields that are wrong, 409 with the record that is there already."""
    try:
        return JsonResponse(write(), status=status)
    except Refused as error:
        return JsonResponse({"detail": str(error), "errors": error.errors}, status=422)
    except (actions.SirenTaken, actions.NumberTaken) as error:
        return JsonResponse({"detail": str(error), "id": error.company.pk}, status=409)
    except (actions.SiretTaken, actions.MarketKnown, actions.ChannelKnown, actions.AlreadyMerged) as error:
        return JsonResponse({"detail": _("%(what)s: it is on the card already.") % {"what": error}}, status=409)
    except actions.RuledByRegister as error:
        told = _("The register rules the site %(siret)s: ask for a correction on its card.") % {"siret": error}
        return JsonResponse({"detail": told}, status=409)
    except (actions.LastRole, actions.RoleGone, actions.ChannelGone) as error:
        return JsonResponse({"detail": str(error)}, status=409)
    except (WrongSiren, WrongNumber) as error:
        return JsonResponse({"detail": str(error), "errors": {"siren": [str(error)]}}, status=422)


def checked(form: Any, given: Given, allowed: set[str] | None = None) -> Given:
    """The values that were sent, as the form reads them. A field that may not be written is as unknown as any other."""
    known = {name for name, field in form.fields.items() if not field.disabled}
    known &= allowed if allowed is not None else known
    if strange := sorted(set(given) - known):
        raise Refused({name: [_("This is not a field that you may write here.")] for name in strange})
    if not form.is_valid():
        raise Refused({name: [str(told) for told in errors] for name, errors in form.errors.items()})
    return {name: value for name, value in form.cleaned_data.items() if name in given}


def sent_fields(form: Any, given: Given, besides: tuple[str, ...] = ()) -> Any:
    """The form with the fields that were sent alone: the others stay as they are on the card."""
    form.fields = {name: field for name, field in form.fields.items() if name in given or name in besides}
    return form


def _offer(request: Any, record: Company | Contact, values: Given, sent: Values) -> Given:
    """Weigh the values; tell by field group what became of each."""
    offered = actions.offer_values(
        record=record,
        source=actions.source_of_organisation(request.user.organisation, by=request.user),
        values=values,
        observed_on=sent.observed_on or timezone.localdate(),
        by=request.user,
        confidence=min(max(sent.confidence, 1), 100),
    )
    told = {name: {group: one.why for group, one in getattr(offered, name).items()} for name in ("kept", "conflicts")}
    return {"id": record.pk, "applied": sorted(offered.applied), "same": sorted(offered.same)} | told


@router.post("/companies", openapi_extra=answers(WRITTEN, status=201, **fields_of(CompanyForm)))
def create_company(request, sent: Values):
    """A new company: by its SIREN it is filled from the register. 409 with its number when the base has it."""
    require(request.user, "directory.create_company")
    return answer(lambda: _create_company(request, sent), 201)


def _create_company(request: Any, sent: Values) -> Given:
    form = CompanyForm({"country": "FR", "family": "french"} | sent.values, user=request.user)
    given = {"country": "FR"} | sent.values
    if "siren" in given and "name" not in given:
        form.fields["name"].required = False
    values = {name: value for name, value in checked(form, given).items() if value not in (None, "")}
    more: Given = {
        "source": actions.source_of_organisation(request.user.organisation, by=request.user),
        "observed_on": sent.observed_on or timezone.localdate(),
    }
    siren = values.pop("siren", None)
    if siren:
        return {"id": actions.create_from_register(siren=siren, by=request.user, **more, **values).pk}
    return {"id": actions.create_company(by=request.user, **more, **values).pk}


@router.patch("/companies/{company}", openapi_extra=answers(WEIGHED, **fields_of(CompanyForm)))
def offer_company(request, company: int, sent: Values):
    """What your organisation knows of a company: {"applied": […], "same": […], "kept": {…}, "conflicts": {…}}."""
    row = get_object_or_404(Company.objects.visible_to(request.user).standing(), pk=company)
    require(request.user, "directory.change_company", row)
    return answer(lambda: _offer_company(request, row, sent))


def _offer_company(request: Any, row: Company, sent: Values) -> Given:
    columns = {name for group in COMPANY_GROUPS.values() for name in group}
    form = CompanyForm({"country": row.country_id} | sent.values, user=request.user)
    allowed = columns & {name for name, field in form.fields.items() if not field.disabled}
    return _offer(request, row, checked(sent_fields(form, sent.values, ("country",)), sent.values, allowed), sent)


@router.patch("/contacts/{contact}", openapi_extra=answers(WEIGHED, **fields_of(ContactForm)))
def offer_contact(request, contact: int, sent: Values):
    """What your organisation knows of a person; answered as for a company."""
    row = get_object_or_404(Contact.objects.visible_to(request.user).standing(), pk=contact)
    require(request.user, "directory.change_contact", row)
    return answer(lambda: _offer_contact(request, row, sent))


def _offer_contact(request: Any, row: Contact, sent: Values) -> Given:
    columns = {name for group in CONTACT_GROUPS.values() for name in group}
    form = sent_fields(ContactForm(sent.values, user=request.user), sent.values)
    return _offer(request, row, checked(form, sent.values, columns), sent)


def company_of(request: Any, company: int, permission: str) -> Company:
    row = get_object_or_404(Company.objects.visible_to(request.user).standing(), pk=company)
    require(request.user, permission, row)
    return row


def person_of(request: Any, contact: int, permission: str) -> Contact:
    row = get_object_or_404(Contact.objects.visible_to(request.user).standing(), pk=contact)
    require(request.user, permission, row)
    return row


@router.post("/companies/{company}/contacts", openapi_extra=answers(WRITTEN, status=201, **fields_of(ContactForm)))
def add_contact(request, company: int, sent: Values):
    """A person of a company."""
    row = company_of(request, company, "directory.add_contact")

    def write() -> Given:
        values = checked(ContactForm({"language": "fr"} | sent.values, user=request.user), sent.values)
        source = actions.source_of_organisation(request.user.organisation, by=request.user)
        day = sent.observed_on or timezone.localdate()
        added = actions.add_contact(company=row, by=request.user, source=source, observed_on=day, **values)
        return {"id": added.pk}

    return answer(write, 201)


@router.post(
    "/companies/{company}/establishments", openapi_extra=answers(WRITTEN, status=201, **fields_of(EstablishmentForm))
)
def add_establishment(request, company: int, sent: Part):
    """A site that the register does not rule, of a company abroad for example."""
    row = company_of(request, company, "directory.add_establishment")

    def write() -> Given:
        form = EstablishmentForm({"country": row.country_id} | sent.values, user=request.user)
        values: Given = {"country": row.country} | checked(form, sent.values)
        return {"id": actions.add_establishment(company=row, by=request.user, **values).pk}

    return answer(write, 201)


@router.post("/companies/{company}/markets", openapi_extra=answers(WRITTEN, status=201, **fields_of(MarketForm)))
def add_market(request, company: int, sent: Part):
    """A market of a company: a country, a sector, how far it has come."""
    row = company_of(request, company, "directory.add_market")

    def write() -> Given:
        values = checked(MarketForm(sent.values, user=request.user), sent.values)
        return {"id": actions.add_market(company=row, by=request.user, **values).pk}

    return answer(write, 201)


@router.post("/companies/{company}/channels", openapi_extra=answers(WRITTEN, status=201, **fields_of(ChannelForm)))
def add_company_channel(request, company: int, sent: Part):
    """A phone, an e-mail, a website or a profile of a company."""
    return _add_channel(request, company_of(request, company, "directory.add_channel"), sent)


@router.post("/contacts/{contact}/channels", openapi_extra=answers(WRITTEN, status=201, **fields_of(ChannelForm)))
def add_contact_channel(request, contact: int, sent: Part):
    """A phone, an e-mail, a website or a profile of a person."""
    return _add_channel(request, person_of(request, contact, "directory.add_channel"), sent)


def _add_channel(request: Any, owner: Company | Contact, sent: Part) -> JsonResponse:
    def write() -> Given:
        form = ChannelForm(sent.values, user=request.user, owner=type(owner))
        values = checked(form, sent.values)
        return {"id": actions.add_channel(owner=owner, by=request.user, **values).pk}

    return answer(write, 201)


@router.post("/contacts/{contact}/roles", openapi_extra=answers(WRITTEN, status=201, **fields_of(RoleForm)))
def add_role(request, contact: int, company: int, sent: Part):
    """What a person does in one more company (`?company=`), or did."""
    row = person_of(request, contact, "directory.add_role")
    place = get_object_or_404(Company.objects.visible_to(request.user).standing(), pk=company)

    def write() -> Given:
        values = checked(RoleForm(sent.values, user=request.user), sent.values)
        return {"id": actions.add_role(contact=row, company=place, by=request.user, **values).pk}

    return answer(write, 201)
