"""Exchanges and requests as kinds of files: their columns, and how rows become them (`intake.models.parts`)."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pavillon.accounts.models import User
from pavillon.crm.actions.brought import (
    PASSED,
    LeadInUse,
    bring_interactions,
    bring_leads,
    complete_lead,
    withdraw_interaction,
    withdraw_lead,
)
from pavillon.crm.actions.interactions import TOLERANCE, change_interaction
from pavillon.crm.enums import InteractionKind, InteractionOutcome, LeadKind, LeadState, Origin, Outcome, Visibility
from pavillon.crm.models import Interaction, Lead
from pavillon.intake.models.parts import (
    Asked,
    Bringing,
    PartKind,
    amount_of,
    choice_of,
    code_of,
    date_of,
    moment_of,
    paragraphs_of,
    part,
    text_of,
    time_of,
)
from pavillon.privacy.enums import LegalBasis
from pavillon.reference.models import Country, Region, Sector

LONGEST = 20_000


def _people_of(bringing: Bringing, addresses: Iterable[str]) -> dict[str, User]:
    """Colleagues of the organisation that brings the file, former ones included, by e-mail."""
    wanted = {address.lower() for address in addresses}
    people = User.objects.filter(memberships__organisation=bringing.organisation, email__in=wanted).distinct()
    return {person.email.lower(): person for person in people}


def _put_colleague(one: Asked, name: str, people: dict[str, User], bringing: Bringing) -> None:
    told = str(one.values.get(name, "")).lower()
    if told and told not in people:
        one.problem = _("“%(address)s” is nobody of %(organisation)s. Correct it, or leave the column out.") % {
            "address": told,
            "organisation": bringing.organisation,
        }
    elif told:
        one.values[name] = people[told]


def _is_ours(one: Asked, name: str, bringing: Bringing) -> None:
    """A file speaks for the organisation that brings it, and for no other."""
    told = str(one.values.get(name) or bringing.organisation.name)
    if told.casefold() != bringing.organisation.name.casefold():
        one.problem = _("This is a row of “%(organisation)s”: only its own people bring it.") % {"organisation": told}
    one.values[name] = bringing.organisation


def _has_happened(one: Asked, *names: str) -> None:
    moments = [one.values.get(name) for name in names]
    if any(moment and moment > timezone.now() + TOLERANCE for moment in moments):
        one.problem = _("This date is in the future: log it when it has happened, or set a next action.")


NEXT = (
    part("next_action", gettext_lazy("next action"), text_of(200), ("next action", "prochaine action", "suite")),
    part("next_action_on", gettext_lazy("day of the next action"), date_of,
         ("next action on", "date prochaine action", "echeance")),
    part("next_action_at", gettext_lazy("hour of the next action"), time_of, ("next action at",)),
)  # fmt: skip


def _keep_promise(one: Asked) -> None:
    if bool(one.values.get("next_action")) != bool(one.values.get("next_action_on")):
        one.problem = _("A next action has its day, and a day its action: give both or none.")


class Exchanges(PartKind):
    """An exchange is known by its company, its kind, its moment and its words, within the organisation that had it."""

    key = "exchanges"
    label = gettext_lazy("Exchanges with companies")
    model = Interaction
    permission = "crm.log_interaction"
    compared = ("duration_minutes", "outcome", "contact")
    watched = ("summary", "visibility", "next_action_done_at")
    names_people = is_private = True
    columns = (
        part("happened_at", gettext_lazy("when it took place"), moment_of,
             ("exchange happened at", "date", "date de l echange", "date du contact", "when", "quand")),
        part("kind", gettext_lazy("kind of exchange"), choice_of(InteractionKind),
             ("exchange kind", "type", "nature", "type d echange", "canal", "kind")),
        part("summary", gettext_lazy("what was said"), paragraphs_of(LONGEST),
             ("exchange summary", "compte rendu", "resume", "commentaire", "notes", "note", "summary", "texte")),
        part("duration_minutes", gettext_lazy("duration (minutes)"), amount_of,
             ("exchange duration minutes", "duree", "duree minutes", "duration")),
        part("outcome", gettext_lazy("outcome of the exchange"), choice_of(InteractionOutcome),
             ("exchange outcome", "resultat", "issue", "outcome")),
        part("visibility", gettext_lazy("who may read it"), choice_of(Visibility),
             ("exchange visibility", "visibilite", "visibility")),
        part("author", gettext_lazy("e-mail of who had it"), text_of(254),
             ("exchange author", "auteur", "conseiller", "author")),
        part("organisation", gettext_lazy("organisation that had it"), text_of(250),
             ("exchange organisation", "organisme", "organisation")),
        part("lead", gettext_lazy("moment at which its request was received"), moment_of,
             ("exchange request received at",)),
        *NEXT,
        part("next_action_done_at", gettext_lazy("moment at which the next action was done"), moment_of,
             ("next action done at",)),
    )  # fmt: skip

    def complete(self, asked: Sequence[Asked], bringing: Bringing) -> None:
        people = _people_of(bringing, [str(one.values.get("author", "")) for one in asked])
        moments = {one.values["lead"] for one in asked if one.values.get("lead")}
        leads = {
            (lead.company_id, lead.received_at): lead
            for lead in Lead.objects.visible_to(bringing.by).filter(received_at__in=moments)
        }
        for one in asked:
            said = one.values
            if not said.get("happened_at") or not said.get("kind") or not said.get("summary"):
                one.problem = _("An exchange needs its date, its kind and what was said.")
            elif said.get("duration_minutes") == 0:
                del said["duration_minutes"]
            _keep_promise(one)
            _has_happened(one, "happened_at", "next_action_done_at")
            _put_colleague(one, "author", people, bringing)
            _is_ours(one, "organisation", bringing)
            if "lead" in said:
                company = one.company.pk if one.company else None
                said["lead"] = leads.get((company, said["lead"]))
                if said["lead"] is None:
                    told = _("No request of this company was received at that moment. Bring the requests first.")
                    one.problem = told
                # What comes next is then the request's own promise.
                for name in ("next_action", "next_action_on", "next_action_at"):
                    said.pop(name, None)
            if one.contact is not None:
                said["contact"] = one.contact

    def mark(self, values: dict[str, Any]) -> Hashable:
        return str(values.get("kind", "")), str(values.get("happened_at", "")), str(values.get("summary", ""))

    def known(self, asked: Sequence[Asked]) -> dict[int, Any]:
        companies = {one.company.pk for one in asked if one.company}
        moments = {one.values["happened_at"] for one in asked}
        rows = Interaction.objects.filter(company__in=companies, happened_at__in=moments).select_related("contact")
        by_words = {(row.company_id, row.organisation_id, row.kind, row.happened_at, row.summary): row for row in rows}
        found = {}
        for one in asked:
            said, company = one.values, one.company.pk if one.company else 0
            place = (company, said["organisation"].pk, said["kind"], said["happened_at"], said["summary"])
            if place in by_words:
                found[one.line] = by_words[place]
        return found

    def add(self, asked: Sequence[Asked], bringing: Bringing) -> list[Any]:
        region = bringing.organisation.region_id
        rows = [
            {
                "company": one.company,
                "author": bringing.by,
                "region_id": region or (one.company.region_id if one.company else None),
                **one.values,
            }
            for one in asked
        ]
        return bring_interactions(rows=rows, by=bringing.by)

    def change(self, part: Any, values: dict[str, Any], bringing: Bringing) -> None:
        stands = {name: getattr(part, name) for name in ("summary", "visibility", *self.compared)}
        change_interaction(interaction=part, by=bringing.by, **stands | values)

    def remove(self, part: Any, by: User) -> None:
        withdraw_interaction(interaction=part, by=by)


class Requests(PartKind):
    """A request is known by its company, the moment of its arrival and its subject, within the team that has it."""

    key = "requests"
    label = pgettext_lazy("of a file", "Requests of companies")
    model = Lead
    permission = "crm.receive_lead"
    compared = ("message", "country", "sector", "contact", "contact_name", "contact_email", "contact_phone")
    watched = ("state", "team", "adviser", "next_action")
    stands_for_company = "company_name"
    names_people = is_private = True
    refusals = (LeadInUse,)
    columns = (
        part("received_at", gettext_lazy("when it was received"), moment_of,
             ("request received at", "recue le", "date de la demande", "date", "received")),
        part("subject", gettext_lazy("subject of the request"), text_of(200),
             ("request subject", "objet", "sujet", "subject")),
        part("message", gettext_lazy("message of the request"), paragraphs_of(LONGEST),
             ("request message", "message", "demande", "texte")),
        part("kind", gettext_lazy("what is asked"), choice_of(LeadKind), ("request kind", "type", "nature", "kind")),
        part("origin", gettext_lazy("channel of the request"), choice_of(Origin),
             ("request origin", "origine", "canal", "origin")),
        part("prompted_by", gettext_lazy("what prompted it"), text_of(200), ("request prompted by", "suscitee par")),
        part("country", gettext_lazy("country aimed at"), code_of("countries", gettext_lazy("country")),
             ("request country", "pays vise", "pays cible", "marche")),
        part("sector", gettext_lazy("sector of the request"), code_of("sectors", gettext_lazy("sector")),
             ("request sector", "secteur", "filiere")),
        part("region", gettext_lazy("region of the request"), text_of(80), ("request region", "region")),
        part("legal_basis", gettext_lazy("legal basis of the request"), choice_of(LegalBasis),
             ("request legal basis", "base legale")),
        part("company_name", gettext_lazy("company that asks, as written"), text_of(250),
             ("request company name", "entreprise du demandeur")),
        part("town", gettext_lazy("town of who asks, as written"), text_of(120),
             ("request town", "ville du demandeur")),
        part("contact_name", gettext_lazy("who asks, as written"), text_of(160),
             ("request contact name", "demandeur", "nom du demandeur")),
        part("contact_email", gettext_lazy("e-mail of who asks"), text_of(254), ("request contact email",)),
        part("contact_phone", gettext_lazy("phone of who asks"), text_of(40), ("request contact phone",)),
        part("state", gettext_lazy("step of the request"), choice_of(LeadState),
             ("request state", "etat", "etape", "statut", "state")),
        part("team", gettext_lazy("team of the request"), text_of(250), ("request team", "equipe", "organisme")),
        part("adviser", gettext_lazy("e-mail of its adviser"), text_of(254),
             ("request adviser", "conseiller", "suivi par", "adviser")),
        part("assigned_at", pgettext_lazy("of a request", "given to the adviser at"), moment_of,
             ("request assigned at",)),
        part("due_at", pgettext_lazy("of a request", "to be taken before"), moment_of, ("request due at",)),
        part("taken_at", pgettext_lazy("of a request", "taken charge of at"), moment_of,
             ("request taken at", "prise en charge le")),
        part("treated_at", pgettext_lazy("of a request", "treated at"), moment_of,
             ("request treated at", "traitee le")),
        part("closed_at", pgettext_lazy("of a request", "closed or refused at"), moment_of,
             ("request closed at", "cloturee le", "close le")),
        part("outcome", gettext_lazy("outcome of the request"), choice_of(Outcome),
             ("request outcome", "resultat", "issue")),
        part("closing_note", gettext_lazy("what was answered"), paragraphs_of(LONGEST),
             ("request closing note", "reponse", "motif")),
        *NEXT,
    )  # fmt: skip

    def complete(self, asked: Sequence[Asked], bringing: Bringing) -> None:
        people = _people_of(bringing, [str(one.values.get("adviser", "")) for one in asked])
        countries = Country.objects.in_bulk([one.values["country"] for one in asked if "country" in one.values])
        sectors = Sector.objects.in_bulk([one.values["sector"] for one in asked if "sector" in one.values])
        regions = {name.casefold(): row for row in Region.objects.all() for name in (row.pk, row.name_fr, row.name_en)}
        for one in asked:
            said = one.values
            for name, found in (("country", countries), ("sector", sectors)):
                if name in said:
                    said[name] = found[said[name]]
            if "region" in said and (region := regions.get(said["region"].casefold())) is not None:
                said["region"] = region
            elif "region" in said:
                one.problem = _("“%(name)s” is no region. Correct it, or leave the cell empty.") % {
                    "name": said["region"]
                }
            said.setdefault("legal_basis", bringing.legal_basis)
            said.setdefault("origin", Origin.PARTNER)
            said["is_spontaneous"] = not said.get("prompted_by")
            if one.contact is not None:
                said["contact"] = one.contact
            _keep_promise(one)
            _has_happened(one, "received_at", "assigned_at", "taken_at", "treated_at", "closed_at")
            _put_colleague(one, "adviser", people, bringing)
            _is_ours(one, "team", bringing)
            self._check_state(one)

    def _check_state(self, one: Asked) -> None:
        """A request of a later step says who has it and when it went through the steps before."""
        said = one.values
        state = LeadState(said.setdefault("state", LeadState.RECEIVED))
        needed = {"received_at", "subject"}
        if state not in (LeadState.RECEIVED, LeadState.REFUSED):
            needed |= {"adviser"} | {f"{name}_at" for name in PASSED[state] if name != "assigned"}
        needed |= {
            LeadState.ASSIGNED: {"assigned_at"},
            LeadState.CLOSED: {"outcome"},
            LeadState.REFUSED: {"closed_at", "closing_note"},
        }.get(state, set())
        lacking = [
            str(column.label) for column in self.columns if column.column in needed and not said.get(column.column)
        ]
        if lacking:
            one.problem = _("A request that is “%(state)s” also needs: %(columns)s.") % {
                "state": state.label,
                "columns": ", ".join(lacking),
            }
        elif state == LeadState.ASSIGNED and said.get("taken_at"):
            del said["taken_at"]

    def mark(self, values: dict[str, Any]) -> Hashable:
        return tuple(str(values.get(name, "")) for name in ("received_at", "subject", "company_name"))

    def known(self, asked: Sequence[Asked]) -> dict[int, Any]:
        companies = {one.company.pk for one in asked if one.company}
        moments = {one.values["received_at"] for one in asked}
        rows = Lead.objects.filter(Q(company__in=companies) | Q(company=None), received_at__in=moments)
        by_words = {(self._whose(row), row.team_id, row.received_at, row.subject): row for row in rows}
        found: dict[int, Any] = {}
        for one in asked:
            said = one.values
            whose = one.company.pk if one.company else str(said.get("company_name", ""))
            # What nobody was given yet is no other team's.
            for team in (said["team"].pk, None):
                row = by_words.get((whose, team, said["received_at"], said["subject"]))
                if row is not None:
                    found.setdefault(one.line, row)
        return found

    @staticmethod
    def _whose(lead: Lead) -> int | str:
        """The company, or what the request says of one that is not in the base."""
        return lead.company_id or lead.company_name

    def add(self, asked: Sequence[Asked], bringing: Bringing) -> list[Any]:
        came = [{"code": "brought", "source": bringing.source.name}]
        rows = [{"company": one.company, "routing": came, **one.values} for one in asked]
        return bring_leads(rows=rows, by=bringing.by)

    def change(self, part: Any, values: dict[str, Any], bringing: Bringing) -> None:
        complete_lead(lead=part, by=bringing.by, **values)

    def remove(self, part: Any, by: User) -> None:
        withdraw_lead(lead=part, by=by)
