"""The officer's queue of requests, and what he does with each."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.privacy import actions, queries
from pavillon.privacy.enums import PENDING, Right
from pavillon.privacy.forms import EnterRequestForm, IdentitiesForm, ObjectionToForm, WordsForm
from pavillon.privacy.models import RightsRequest
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say

REFUSALS = (actions.WrongStep, actions.NotProven, actions.WorksHere)


@require_GET
@requires("privacy.view_requests")
def rights_requests(request):
    """Those to be answered first by deadline; then the others."""
    wanted = request.GET.get("state", "pending")
    rows = RightsRequest.objects.visible_to(request.user).select_related("officer")
    rows = rows.filter(state__in=PENDING) if wanted == "pending" else rows.order_by("-received_on", "-pk")
    context = {"requests": rows[:200], "wanted": wanted, "counts": queries.counts_of_requests()}
    return render(request, "privacy/rights_requests.html", context)


def _context(asked, **forms):
    person = queries.person_with(asked.identities, asked.email)
    cards = queries.identities_of(asked.email, asked.user) if asked.is_pending else []
    return {
        "asked": asked,
        "counts": queries.counts_about(person),
        "cards": cards,
        "identities_form": IdentitiesForm(cards=cards, initial={"keys": asked.identities}),
        "words": WordsForm(),
        "objection_form": ObjectionToForm(),
        "trail": queries.trail_of(asked),
        **forms,
    }


@require_GET
@requires("privacy.view_requests", on=RightsRequest)
def rights_request(request, rightsrequest):
    return render(request, "privacy/rights_request.html", _context(rightsrequest))


@requires("privacy.answer_request")
def enter_request(request):
    form = EnterRequestForm(request.POST or None)
    if form.is_valid():
        return redirect(actions.enter_request(**form.cleaned_data, by=request.user))
    return form_page(request, "privacy/enter_request.html", {"form": form})


@require_POST
@requires("privacy.answer_request", on=RightsRequest)
def choose_identities(request, rightsrequest):
    cards = queries.identities_of(rightsrequest.email, rightsrequest.user)
    form = IdentitiesForm(request.POST, cards=cards)
    if form.is_valid():
        return _done(
            request, rightsrequest, _("The records are kept."),
            lambda: actions.choose_identities(asked=rightsrequest, keys=form.cleaned_data["keys"], by=request.user),
        )  # fmt: skip
    return form_page(request, "privacy/rights_request.html", _context(rightsrequest, identities_form=form), form=form)


def _done(request, asked, words, deed):
    """Do it, or say what stands in the way."""
    try:
        deed()
        say(request, words)
    except REFUSALS as refusal:
        context = _context(asked, conflict=str(refusal))
        return render(request, "privacy/rights_request.html", context, status=409)
    return redirect(asked)


def _with_words(request, asked, words, deed):
    form = WordsForm(request.POST)
    if not form.is_valid():
        return form_page(request, "privacy/rights_request.html", _context(asked, words=form), form=form)
    return _done(request, asked, words, lambda: deed(form.cleaned_data["words"]))


@require_POST
@requires("privacy.answer_request", on=RightsRequest)
def ask_document(request, rightsrequest):
    return _with_words(
        request, rightsrequest, _("The person was asked for a document."),
        lambda why: actions.ask_document(asked=rightsrequest, why=why, by=request.user),
    )  # fmt: skip


@require_POST
@requires("privacy.answer_request", on=RightsRequest)
def accept_identity(request, rightsrequest):
    return _with_words(
        request, rightsrequest, _("The identity is shown."),
        lambda note: actions.accept_identity(asked=rightsrequest, note=note[:300], by=request.user),
    )  # fmt: skip


@require_POST
@requires("privacy.answer_request", on=RightsRequest)
def extend_request(request, rightsrequest):
    return _with_words(
        request, rightsrequest, _("The delay is extended; the person was told why."),
        lambda reason: actions.extend_request(asked=rightsrequest, reason=reason, by=request.user),
    )  # fmt: skip


@require_POST
@requires("privacy.answer_request", on=RightsRequest)
def refuse_request(request, rightsrequest):
    return _with_words(
        request, rightsrequest, _("The request is refused; the person was told why."),
        lambda reason: actions.refuse_request(asked=rightsrequest, reason=reason, by=request.user),
    )  # fmt: skip


@require_POST
@requires("privacy.answer_request", on=RightsRequest)
def answer_request(request, rightsrequest):
    """The one gesture of each right: hand out, correct, stop, erase."""
    asked, by = rightsrequest, request.user
    if asked.right == Right.ERASURE:
        return _done(request, asked, _("The person is erased."), lambda: actions.erase_on_request(asked=asked, by=by))
    if asked.right == Right.OBJECTION:
        form = ObjectionToForm(request.POST)
        if not form.is_valid():
            return form_page(request, "privacy/rights_request.html", _context(asked, objection_form=form), form=form)
        wanted = [purpose.pk for purpose in form.cleaned_data["purposes"]]
        return _done(
            request, asked, _("The uses stopped."),
            lambda: actions.grant_objection(asked=asked, purposes=wanted, by=by),
        )  # fmt: skip
    return _with_words(
        request, asked, _("The request is answered; the person was told."),
        lambda words: actions.answer_request(asked=asked, answer=words, by=by),
    )  # fmt: skip


@require_GET
@requires("privacy.view_requests")
def erasures(request):
    """The ledger of erasures, and whether the file beside the database says the same."""
    return render(request, "privacy/erasures.html", queries.ledger_state())
