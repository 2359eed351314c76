"""Requests: the list, the page of one, and what one does with it."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.enums import Origin
from pavillon.crm.forms.interactions import LogInteractionForm
from pavillon.crm.forms.leads import (
    AttributeTouchForm,
    CloseLeadForm,
    ColleagueForm,
    HandOverLeadForm,
    LeadFilter,
    NextActionForm,
    NoteForm,
    ReceiveLeadForm,
    RefuseLeadForm,
    TouchForm,
    TreatLeadForm,
)
from pavillon.crm.models import HandOver, Lead, LeadTouch
from pavillon.crm.permissions import deeds_on
from pavillon.crm.queries.leads import around_lead, hold_named, milestones, offered_to, with_people
from pavillon.crm.queries.routing import rule_behind
from pavillon.crm.views.board import board_page, way_back
from pavillon.crm.views.together import discussions_context
from pavillon.directory.models import Company
from pavillon.privacy.queries import UseRefused
from pavillon.ui.choices import Known
from pavillon.ui.exports import Column
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

SORTS = {"newest": ["-received_at"], "due": ["due_at"], "company": ["company__name"], "next": ["next_action_on"]}
WHOSE = ("mine", "team", "queue", "all")
COLUMNS = [
    Column(gettext_lazy("Number"), lambda lead: lead.reference),
    Column(gettext_lazy("Received"), lambda lead: lead.received_at),
    Column(gettext_lazy("Company"), lambda lead: lead.company_label),
    Column(gettext_lazy("Subject"), lambda lead: lead.title),
    Column(gettext_lazy("Origin"), lambda lead: lead.get_origin_display()),
    Column(gettext_lazy("Spontaneous"), lambda lead: lead.is_spontaneous),
    Column(gettext_lazy("Prompted by"), lambda lead: lead.prompted_by),
    Column(gettext_lazy("Step"), lambda lead: lead.get_state_display()),
    Column(gettext_lazy("Team"), lambda lead: str(lead.team or "")),
    Column(gettext_lazy("Adviser"), lambda lead: str(lead.adviser or "")),
    Column(gettext_lazy("Take-charge (working minutes)"), lambda lead: lead.take_charge_minutes),
]


@require_GET
@requires("crm.view_leads")
def leads(request):
    """Mine, unless the filter "whose" says otherwise; as a list, or as a board."""
    whose = request.GET.get("whose", "mine")
    whose = whose if whose in WHOSE else "all"

    def rows(user):
        return with_people(Lead.objects.visible_to(user)).whose(whose, user)

    beside = {"offered": offered_to(request.user)}
    if request.GET.get("view") == "board":
        return board_page(request, rows, SORTS, about=(whose,), beside=beside)
    return list_page(
        request,
        rows,
        template="crm/leads.html",
        rows="crm/_lead_rows.html",
        sorts=SORTS,
        sort="newest",
        filters=LeadFilter,
        columns=COLUMNS,
        export_permission="crm.export_leads",
        about=(whose,),
        beside=beside,
    )


@requires("crm.receive_lead")
def receive_lead(request):
    chosen = request.GET.get("company", "")
    company = Company.objects.visible_to(request.user).filter(pk=chosen).first() if chosen.isdecimal() else None
    initial = {"company_name": company.name, "siren": company.siren or ""} if company else {}
    form = ReceiveLeadForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        lead = _receive(request, company, form.cleaned_data)
        say(request, _("Request %(reference)s was received.") % {"reference": lead.reference})
        return redirect(lead)
    return form_page(request, "crm/receive_lead.html", {"form": form, "company": company})


def _receive(request, company, data):
    # Who calls or comes in is of the region of who answers, when nothing says otherwise.
    is_placed = company or data["siren"] or data["commune"] or not request.user.organisation
    return actions.receive_lead(
        company=company,
        origin=data["origin"],
        channel=data["network"] if data["origin"] == Origin.SOCIAL else "",
        kind=data["kind"],
        subject=data["subject"],
        message=data.get("message", ""),
        legal_basis=data["legal_basis"],
        is_spontaneous=data["interest"] == "spontaneous",
        prompted_by=data["prompted_by"] if data["interest"] == "prompted" or data["campaign"] else "",
        campaign=data["campaign"],
        region=data["region"] or (None if is_placed else request.user.organisation.region),
        country=data["country"],
        sector=data["sector"],
        siren=data["siren"],
        company_name=data["company_name"],
        commune=data["commune"],
        town=data["town"],
        contact_name=data.get("contact_name", ""),
        contact_email=data.get("contact_email", ""),
        contact_phone=data.get("contact_phone", ""),
        by=request.user,
    )


@require_GET
@requires("crm.view_lead", on=Lead)
def lead(request, lead):
    return render(request, "crm/lead.html", _lead_context(request, lead))


def _lead_context(request, lead, **forms):
    """The page of a request; `forms` replaces one that came back with errors."""
    may = deeds_on(request.user, lead)
    hold_named(lead)
    context = {
        "lead": lead,
        "may": may,
        "milestones": milestones(lead),
        "rule": rule_behind(lead),
        "next_action_form": NextActionForm(
            user=request.user,
            lead=lead,
            initial={
                "next_action": lead.next_action,
                "next_action_on": lead.next_action_on,
                "next_action_at": lead.next_action_at,
            },
        ),
        "refuse_form": RefuseLeadForm(),
        "treat_form": TreatLeadForm(),
        "close_form": CloseLeadForm(user=request.user, lead=lead),
        "message_form": NoteForm(),
        "touch_form": TouchForm(user=request.user, auto_id="touch_%s"),
        "attribute_form": AttributeTouchForm(user=request.user, lead=lead, auto_id="attribute_%s"),
        "decline_form": RefuseLeadForm(),
    }
    if lead.company is not None:
        context |= discussions_context(request, lead.company, lead=lead)
    if may["hand_over_lead"]:
        context["hand_over_form"] = HandOverLeadForm(user=request.user, region_id=lead.region_id)
    if may["log_on_lead"]:
        context["interaction_form"] = LogInteractionForm(
            user=request.user, company=lead.company, lead=lead, auto_id="log_%s"
        )
    if may["assign_lead"]:
        context["assign_form"] = ColleagueForm(user=request.user, region_id=lead.region_id, auto_id="assign_%s")
    context |= forms
    return context | _around(request.user, lead, context)


# Forms of a request's page whose choices are rows: the name of the form, of its field, and of the rows.
CHOICES = (
    ("touch_form", "campaign", "campaigns"),
    ("attribute_form", "campaign", "campaigns"),
    ("interaction_form", "contact", "contacts"),
    ("hand_over_form", "member", "receivers"),
    ("assign_form", "member", "colleagues"),
)


def _around(user, lead, context):
    """What the page shows beside the request; the choices of forms that did not come back are read with it."""
    drawn = [
        (context[form].fields[field], rows)
        for form, field, rows in CHOICES
        if form in context and not context[form].is_bound and field in context[form].fields
    ]
    around, rows = around_lead(lead, user, {name: field.queryset for field, name in drawn})
    for field, name in drawn:
        field.queryset = Known(field.queryset.model, rows[name])
    if not context["attribute_form"].is_bound:
        context["attribute_form"].fields["touch"].queryset = Known(LeadTouch, around["touches"])
    return around


def _with_errors(request, lead, **forms):
    return render(request, "crm/lead.html", _lead_context(request, lead, **forms), status=422)


def _try(request, lead, deed, done):
    """Do a deed that a colleague may have made impossible meanwhile; either way the reader lands on the page."""
    try:
        deed()
    except (actions.AlreadyTaken, actions.WrongState, actions.HandOverAnswered) as error:
        return render(request, "crm/lead.html", _lead_context(request, lead, conflict=str(error)), status=409)
    say(request, done)
    return redirect(way_back(request) or lead)


@require_POST
@requires("crm.take_charge", on=Lead)
def take_charge(request, lead):
    return _try(
        request,
        lead,
        lambda: actions.take_charge(lead=lead, by=request.user),
        _("You handle this request. The company was told."),
    )


@require_POST
@requires("crm.assign_lead", on=Lead)
def assign_lead(request, lead):
    form = ColleagueForm(request.POST, user=request.user, region_id=lead.region_id, auto_id="assign_%s")
    if not form.is_valid():
        return _with_errors(request, lead, assign_form=form)
    try:
        return _try(
            request,
            lead,
            lambda: actions.assign_lead(lead=lead, adviser=form.colleague, team=form.team, by=request.user),
            _("The request goes to %(person)s.") % {"person": form.colleague},
        )
    except (UseRefused, actions.NobodyToAsk) as refusal:
        form.add_error(None, ValidationError(str(refusal)))
        return _with_errors(request, lead, assign_form=form)


@require_POST
@requires("crm.set_next_action", on=Lead)
def set_next_action(request, lead):
    form = NextActionForm(request.POST, user=request.user, lead=lead)
    if not form.is_valid():
        return _with_errors(request, lead, next_action_form=form)
    data = form.cleaned_data
    return _try(
        request,
        lead,
        lambda: actions.set_next_action(
            lead=lead,
            by=request.user,
            next_action=data["next_action"],
            next_action_on=data["next_action_on"],
            next_action_at=data.get("next_action_at"),
        ),
        _("The next action is set.") if data["next_action"] else _("Nothing is promised any more."),
    )


@require_POST
@requires("crm.treat_lead", on=Lead)
def treat_lead(request, lead):
    form = TreatLeadForm(request.POST)
    if form.is_valid():
        try:
            note = form.cleaned_data["note"]
            return _try(
                request,
                lead,
                lambda: actions.treat_lead(lead=lead, by=request.user, note=note),
                _("The request is treated. The company was told."),
            )
        except actions.NothingLogged as error:
            form.add_error(None, ValidationError(str(error)))
    return _with_errors(request, lead, treat_form=form)


@require_POST
@requires("crm.close_lead", on=Lead)
def close_lead(request, lead):
    form = CloseLeadForm(request.POST, user=request.user, lead=lead)
    if not form.is_valid():
        return _with_errors(request, lead, close_form=form)
    data = form.cleaned_data
    return _try(
        request,
        lead,
        lambda: actions.close_lead(lead=lead, by=request.user, outcome=data["outcome"], note=data["note"]),
        _("The request is closed."),
    )


@require_POST
@requires("crm.refuse_lead", on=Lead)
def refuse_lead(request, lead):
    form = RefuseLeadForm(request.POST)
    if not form.is_valid():
        return _with_errors(request, lead, refuse_form=form)
    return _try(
        request,
        lead,
        lambda: actions.refuse_lead(lead=lead, by=request.user, reason=form.cleaned_data["reason"]),
        _("The request is refused. The company reads your reason."),
    )


@require_POST
@requires("crm.match_lead", on=Lead)
def match_lead(request, lead):
    """`company` is one of the proposed ones, or "new"."""
    chosen = request.POST.get("company", "")
    match = lead.matches.select_related("company").filter(company=chosen).first() if chosen.isdecimal() else None
    if match is None and chosen != "new":
        return render(
            request,
            "crm/lead.html",
            _lead_context(request, lead, conflict=_("Choose one of the proposed companies, or a new one.")),
            status=422,
        )
    try:
        actions.match_lead(lead=lead, company=match.company if match else None, by=request.user)
        say(request, _("The company is identified."))
    except actions.AlreadyMatched:
        say(request, _("A colleague had already identified the company."))
    return redirect(lead)


@require_POST
@requires("crm.hand_over_lead", on=Lead)
def hand_over_lead(request, lead):
    form = HandOverLeadForm(request.POST, user=request.user, region_id=lead.region_id)
    if form.is_valid():
        try:
            return _try(
                request,
                lead,
                lambda: actions.hand_over_lead(
                    lead=lead,
                    to=form.colleague,
                    team=form.team,
                    note=form.cleaned_data["note"],
                    by=request.user,
                    **form.summary,
                ),
                _("%(person)s was asked; you keep the request until the answer.") % {"person": form.colleague},
            )
        except (actions.HandOverPending, actions.NobodyToAsk) as error:
            form.add_error(None, ValidationError(str(error)))
        except UseRefused as refusal:
            return _ask_first(request, lead, form, refusal)
    return _with_errors(request, lead, hand_over_form=form)


def _ask_first(request, lead, form, refusal):
    """A partner needs the company's consent: it is asked now, unless it said no already."""
    form.add_error(None, ValidationError(str(refusal)))
    if refusal.verdict.code in ("never_asked", "older_wording", "expired"):
        actions.ask_partner_consent(lead=lead, team=form.team, note=form.cleaned_data["note"], by=request.user)
        form.add_error(None, _("The company was asked in its space. You will be told; then propose it again."))
    return _with_errors(request, lead, hand_over_form=form)


@require_POST
@requires("crm.accept_hand_over", on=HandOver)
def accept_hand_over(request, handover):
    lead = handover.lead
    try:
        return _try(
            request,
            lead,
            lambda: actions.accept_hand_over(hand_over=handover, by=request.user),
            _("You handle this request. The company was told."),
        )
    except UseRefused as refusal:
        return render(request, "crm/lead.html", _lead_context(request, lead, conflict=str(refusal)), status=409)


@require_POST
@requires("crm.decline_hand_over", on=HandOver)
def decline_hand_over(request, handover):
    form = RefuseLeadForm(request.POST)
    if not form.is_valid():
        return _with_errors(request, handover.lead, decline_form=form)
    try:
        actions.decline_hand_over(hand_over=handover, answer=form.cleaned_data["reason"], by=request.user)
        say(request, _("%(person)s keeps the request and reads your reason.") % {"person": handover.sender})
    except actions.HandOverAnswered as error:
        say(request, str(error))
    return redirect("crm:leads")


@require_POST
@requires("crm.write_to_company", on=Lead)
def write_to_company(request, lead):
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _with_errors(request, lead, message_form=form)
    actions.add_message(lead=lead, by=request.user, text=form.cleaned_data["text"])
    say(request, _("Your message was sent."))
    return redirect(lead)


@require_POST
@requires("crm.add_touch", on=Lead)
def add_touch(request, lead):
    form = TouchForm(request.POST, user=request.user, auto_id="touch_%s")
    if not form.is_valid():
        return _with_errors(request, lead, touch_form=form)
    actions.add_touch(lead=lead, by=request.user, **form.cleaned_data)
    say(request, _("The channel was added."))
    return redirect(lead)


@require_POST
@requires("crm.attribute_touch", on=Lead)
def attribute_touch(request, lead):
    form = AttributeTouchForm(request.POST, user=request.user, lead=lead, auto_id="attribute_%s")
    if not form.is_valid():
        return _with_errors(request, lead, attribute_form=form)
    actions.attribute_touch(by=request.user, **form.cleaned_data)
    say(request, _("The channel says by which campaign it came."))
    return redirect(lead)


@require_POST
@requires("crm.log_on_lead", on=Lead)
def log_on_lead(request, lead):
    """Log an exchange on a request; its next action becomes the request's."""
    form = LogInteractionForm(request.POST, user=request.user, company=lead.company, auto_id="log_%s")
    if form.is_valid():
        try:
            actions.log_interaction(company=lead.company, lead=lead, by=request.user, **logged(form.cleaned_data))
            say(request, _("The exchange is logged."))
            return redirect(lead)
        except actions.NotYetHappened as error:
            form.add_error("happened_at", ValidationError(str(error)))
        except actions.WrongState as error:
            form.add_error("next_action", ValidationError(str(error)))
    return _with_errors(request, lead, interaction_form=form)


def logged(data):
    """What the form of an interaction gives to the action; fields that the matrix forbids are absent."""
    return {
        "kind": data["kind"],
        "happened_at": data["happened_at"],
        "summary": data.get("summary", ""),
        "outcome": data.get("outcome", ""),
        "duration_minutes": data.get("duration_minutes"),
        "contact": data.get("contact"),
        "visibility": data["visibility"],
        "next_action": data["next_action"],
        "next_action_on": data["next_action_on"],
        "next_action_at": data.get("next_action_at"),
    }
