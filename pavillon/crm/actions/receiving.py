"""A request comes in: whose is it, which company is it, who handles it."""

from typing import Any

from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.campaigns.models import Campaign
from pavillon.campaigns.queries.campaigns import Named
from pavillon.core.fields import blind_index
from pavillon.core.wall import house
from pavillon.crm.actions.consents import ask_partner_consent
from pavillon.crm.actions.telling import alert_managers, tell_adviser, tell_diagnosis, wake_lead
from pavillon.crm.enums import DETECTED, LeadState, Step
from pavillon.crm.events import lead_assigned, lead_matched, lead_received
from pavillon.crm.models import Lead, LeadSettings, LeadStep, LeadTouch, ProposedMatch
from pavillon.crm.models.subjects import Said
from pavillon.crm.queries.campaigns import STILL_NAMED
from pavillon.crm.queries.clock import add_working_hours
from pavillon.crm.queries.profiles import export_class_of
from pavillon.crm.queries.routing import Asked, Board, Route, choose_route, current_referent
from pavillon.directory.actions import adopt_register_unit, create_company, forwarded
from pavillon.directory.enums import ExportClass
from pavillon.directory.models import Company
from pavillon.directory.queries import Candidate, candidates, plain

# Companies that the self-service diagnosis serves before an adviser's time (ledger LEAD-02).
BEGINNERS = frozenset({ExportClass.NOT_EXPORTER, ExportClass.POTENTIAL})
DIAGNOSIS = "solutions.diagnosis"
# Likeness (0 to 1) from which a person is asked before a new company is made: half-alike names of one region.
PROPOSED_FROM = 0.5
# Reasons for which a request does not go to the company's referent.
KEEPS_BACK = frozenset({"partner_unasked", "partner_asked", "referent_absent"})


class AlreadyMatched(Exception):
    """Somebody has said which company this request comes from."""


def locked_settings() -> LeadSettings:
    """The room's settings, locked: two requests that arrive together never see the same workload.

    Always the first lock of an action, before that of a request: two orders would wait for each other.
    """
    LeadSettings.objects.get_or_create(pk=1)
    return LeadSettings.objects.select_for_update().get(pk=1)


@house()
@transaction.atomic
def receive_lead(
    *,
    company: Company | None = None,
    origin: str,
    kind: str = "request",
    subject: str = "",
    said: Said | None = None,
    message: str = "",
    legal_basis: str,
    is_spontaneous: bool = True,
    prompted_by: str = "",
    region: Any = None,
    country: Any = None,
    sector: Any = None,
    contact: Any = None,
    requested_by: User | None = None,
    attachment: dict[str, Any] | None = None,
    by: User | None = None,
    siren: str = "",
    company_name: str = "",
    commune: Any = None,
    town: str = "",
    contact_name: str = "",
    contact_email: str = "",
    contact_phone: str = "",
    channel: str = "",
    campaign: Campaign | None = None,
) -> Lead:
    """Take a request in: matched, routed, recorded and announced in one transaction.

    Say who asks by `company`, or by `siren` (the existing company is found, else taken from the register), or by
    `company_name` with `commune` and `contact_email`: near companies of the base are then proposed to a person,
    and nothing is merged. `attachment` is {"type": "solutions.diagnosis", "id": 12, "title": …, "summary": […]}
    with an optional "url". `region`, `country` (the one aimed at) and `sector` are rows of `reference`.
    `subject` is what somebody typed, `said` what a page says by itself.
    `campaign` is what it was prompted by, named by hand or by the link that somebody followed; the one whose name or
    code `prompted_by` is, when nothing is said.
    `channel` narrows the origin: the social network, the source of a signal; what prompted the interest when empty.

    Raises `directory.queries.WrongSiren` for a SIREN that is not one, ValueError when nothing names a company.
    """
    settings = locked_settings()
    now = timezone.now()
    if campaign is None and by is not None:
        campaign = Named([prompted_by], by, STILL_NAMED).of(prompted_by, timezone.localdate(now))
    if campaign is not None:
        is_spontaneous, prompted_by = False, prompted_by or campaign.name
    subject = said.told(django_settings.LANGUAGE_CODE)[:200] if said else subject
    found, proposed = _find_company(company, siren, company_name, commune, contact_email, town, region, by)
    region = region or (found.region if found else None) or (commune.region if commune else None)
    sector = sector or (found.sector if found else None)
    lead = Lead(
        origin=origin,
        kind=kind,
        is_spontaneous=is_spontaneous,
        prompted_by=prompted_by,
        company=found,
        company_name=found.name if found else company_name,
        town=town or (commune.name if commune else ""),
        contact=contact,
        contact_name=contact_name or (requested_by.full_name if requested_by else str(contact or "")),
        contact_email=contact_email or (requested_by.email if requested_by else contact.email if contact else ""),
        contact_phone=contact_phone or (requested_by.phone if requested_by else contact.phone if contact else ""),
        requested_by=requested_by,
        region=region,
        country=country,
        sector=sector,
        subject=subject,
        subject_code=said.code if said else "",
        subject_facts=said.facts if said else {},
        message=message,
        legal_basis=legal_basis,
        attachment=attachment,
        attachment_type=attachment["type"] if attachment else "",
        attachment_id=attachment["id"] if attachment else None,
        received_at=now,
    )
    route = choose_route(_asked(lead), day=timezone.localdate(now), board=Board(settings))
    lead.due_at = add_working_hours(now, route.hours or settings.take_charge_hours, settings)
    lead.team = route.team
    lead.routing = route.reasons
    lead.save()
    lead.search_text = search_text_of(lead)
    lead.save(update_fields=["search_text"])
    LeadStep.objects.create(lead=lead, step=Step.RECEIVED, at=now, by=by or requested_by)
    detail = channel or prompted_by
    LeadTouch.objects.create(lead=lead, origin=origin, detail=detail, touched_at=now, is_first=True, campaign=campaign)
    ProposedMatch.objects.bulk_create(
        ProposedMatch(lead=lead, company=near.company, score=near.score, reasons=[str(r) for r in near.reasons])
        for near in proposed
    )
    record("crm.lead_received", lead, by=by or requested_by, origin=origin, subject=subject)
    lead_received.send(sender=Lead, lead=lead, by=by)
    _ask_for_partners(lead, route, tells=route.adviser)
    give(lead, route, by=by)
    _offer_diagnosis(lead, settings)
    wake_lead(lead)
    return lead


def _ask_for_partners(lead: Lead, route: Route, *, tells: User | None) -> None:
    """Whoever sent it from an account is asked whether the private partners of the rules may have it.

    Nobody else is: a visitor who types a SIREN is not the company, whose manager's yes would open his message to them.
    The adviser then decides whether to ask. `tells` learns of the answer; the trail names nobody, for nobody asked.
    """
    person = lead.requested_by
    if person is None or lead.origin in DETECTED:
        return
    for team in {partner.pk: partner for partner in route.partners}.values():
        asked = {"code": "partner_asked", "partner": team.name}
        if asked in lead.routing:
            continue
        with translation.override(person.language):
            note = _("The export team sends requests like yours to this partner.")
            ask_partner_consent(lead=lead, team=team, note=note, by=None, tells=tells)
        route.reasons.append(asked)


def _find_company(
    company: Company | None,
    siren: str,
    name: str,
    commune: Any,
    email: str,
    town: str,
    region: Any,
    by: User | None,
) -> tuple[Company | None, list[Candidate]]:
    """The company for sure, or the near ones among which a person decides, or a new one when none is near."""
    if company is not None:
        return forwarded(company), []
    if siren:
        return adopt_register_unit(siren=siren, by=by, is_demo=django_settings.DEMO), []
    if not name.strip():
        raise ValueError(_("A request needs a company: give it, its SIREN or its name."))
    # Stored as the words of the catalogue, told in each reader's language (`ProposedMatch.told_reasons`).
    with translation.override("en"):
        near = [c for c in candidates(name=name, commune=commune, email=email) if c.score >= PROPOSED_FROM]
    if near:
        return None, near
    return _new_company(name, commune, town, region, by), []


def _new_company(name: str, commune: Any, town: str, region: Any, by: User | None) -> Company:
    return create_company(
        name=name,
        by=by,
        commune=commune,
        town=town or (commune.name if commune else ""),
        region=region or (commune.region if commune else None),
        is_demo=django_settings.DEMO,
    )


def _asked(lead: Lead) -> Asked:
    return Asked(
        company=lead.company,
        region_id=lead.region_id,
        sector_id=lead.sector_id,
        country_id=lead.country_id,
        kind=lead.kind,
        origin=lead.origin,
    )


def give(lead: Lead, route: Route, *, by: User | None) -> None:
    """Put an untouched request in the hands that the route names; alert the managers when it says so."""
    lead.routing, lead.team = route.reasons, route.team
    now = timezone.now()
    if route.adviser is not None:
        lead.adviser, lead.state, lead.assigned_at = route.adviser, LeadState.ASSIGNED, now
    lead.save()
    if lead.adviser is not None:
        LeadStep.objects.create(lead=lead, step=Step.ASSIGNED, at=now, by=by, adviser=lead.adviser)
        record("crm.lead_assigned", lead, by=by, adviser=lead.adviser_id)
        lead_assigned.send(sender=Lead, lead=lead, adviser=lead.adviser, reason=lead.routing_reason, by=by)
        tell_adviser(lead)
    if route.needs_alert:
        alert_managers(lead)


def _offer_diagnosis(lead: Lead, settings: LeadSettings) -> None:
    """Show the self-service diagnosis to a beginner who has not just finished it."""
    if export_class_of(lead.company) not in BEGINNERS or lead.attachment_type == DIAGNOSIS:
        return
    if lead.origin in DETECTED:
        # It asked for nothing and knows nothing of this request.
        return
    lead.is_sent_to_diagnosis = True
    lead.save(update_fields=["is_sent_to_diagnosis", "changed_at"])
    tell_diagnosis(lead, settings.diagnosis_path)


def search_text_of(lead: Lead) -> str:
    """What the search compares with: reference, company and subject without accents, upper case."""
    return plain(f"{lead.reference} {lead.company_label} {lead.subject} {lead.contact_name}")[:500]


@transaction.atomic
def match_lead(*, lead: Lead, company: Company | None, by: User) -> Lead:
    """Say which company a request comes from; None makes a new one under the name as written.

    An untouched request then goes to the company's referent, if he can have it; else it stays where it is.
    Raises AlreadyMatched.
    """
    settings = locked_settings()
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if lead.company_id is not None:
        raise AlreadyMatched(lead.company_label)
    is_new = company is None
    if company is None:
        company = _new_company(lead.company_name, None, lead.town, lead.region, by)
    lead.company = company = forwarded(company)
    lead.region, lead.sector = lead.region or company.region, lead.sector or company.sector
    lead.search_text = search_text_of(lead)
    lead.save()
    LeadStep.objects.create(lead=lead, step=Step.MATCHED, at=timezone.now(), by=by, adviser=lead.adviser)
    changes = {"company_id": [None, company.pk]}
    record("crm.lead_matched", lead, by=by, changes=changes, company=company.name, is_new=is_new)
    lead_matched.send(sender=Lead, lead=lead, company=company, by=by)
    referent = current_referent(company, timezone.localdate())
    if lead.is_untouched and referent is not None and referent.adviser_id != lead.adviser_id:
        route = choose_route(_asked(lead), day=timezone.localdate(), board=Board(settings))
        is_his = route.adviser == referent.adviser
        _ask_for_partners(lead, route, tells=route.adviser if is_his else lead.adviser)
        if is_his:
            give(lead, route, by=by)
        else:
            # A colleague of no better claim would get it: only what keeps it from the referent is told.
            kept_back = [why for why in route.reasons if why["code"] in KEEPS_BACK and why not in lead.routing]
            lead.routing = [*lead.routing, *kept_back]
            lead.save(update_fields=["routing", "changed_at"])
    _offer_diagnosis(lead, settings)
    wake_lead(lead, also=[by])
    return lead


def index_addresses(*, most: int = 5000) -> int:
    """Give addresses of requests of before their digest, so that a person is found by hers. Returns how many."""
    rows = Lead.objects.filter(contact_email_index="").exclude(contact_email="").order_by("pk")
    done = 0
    for pk, address in rows.values_list("pk", "contact_email")[:most]:
        index = blind_index(Lead, "contact_email_index", address)
        done += Lead.objects.filter(pk=pk, contact_email_index="").update(contact_email_index=index)
    return done
