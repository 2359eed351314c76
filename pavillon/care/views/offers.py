"""Personal offers: their list, one offer as its adviser works on it, the panel of a company."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from pavillon.care import actions
from pavillon.care.forms.offers import (
    AddOfferLineForm,
    AnswerQuestionForm,
    ChangeOfferForm,
    FollowUpForm,
    OfferFilter,
    OfferLineForm,
    RemoveOfferLineForm,
    WithdrawOfferForm,
)
from pavillon.care.models import Offer, OfferLine, OfferQuestion
from pavillon.care.queries.offers import company_offers, counted, lines_for
from pavillon.core.views import requires
from pavillon.directory.models import Company
from pavillon.services.actions import ServiceRetired
from pavillon.ui.exports import Column
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

REFUSALS = (actions.OfferMoved, actions.AlreadyInOffer, actions.NothingToPropose, ServiceRetired)
COLUMNS = [
    Column(gettext_lazy("Number"), lambda offer: offer.reference),
    Column(gettext_lazy("Company"), lambda offer: str(offer.company)),
    Column(gettext_lazy("Step"), lambda offer: offer.get_state_display()),
    Column(gettext_lazy("Adviser"), lambda offer: str(offer.author)),
    Column(gettext_lazy("Organisation"), lambda offer: str(offer.organisation)),
    Column(gettext_lazy("Proposed on"), lambda offer: offer.proposed_at),
    Column(gettext_lazy("Lines"), lambda offer: offer.line_count),
    Column(pgettext_lazy("lines", "Accepted"), lambda offer: offer.accepted_count),
    Column(pgettext_lazy("lines", "Declined"), lambda offer: offer.declined_count),
]


@require_GET
@requires("care.view_offers")
def offers(request):
    return list_page(
        request,
        counted(Offer.objects.visible_to(request.user).with_names()),
        template="care/offers.html",
        rows="care/_offer_rows.html",
        sorts={"newest": ["-drafted_at"], "company": ["company__name"]},
        sort="newest",
        filters=OfferFilter,
        columns=COLUMNS,
        export_permission="care.export_offers",
    )


@require_GET
@requires("care.view_company_offers", on=Company, how="panel")
def offers_of_company(request, company):
    context = {
        "company": company,
        "offers": company_offers(company, request.user),
        "may_draft": request.user.has_perm("care.draft_offer", company),
    }
    return fragment(request, "care/company_offers.html", "care/_company_offers.html", context)


@require_POST
@requires("care.draft_offer", on=Company)
def draft_offer(request, company):
    """What the rules recommend now; one's own draft when there is one."""
    offer = actions.draft_offer(company=company, by=request.user)
    return redirect(offer)


@require_GET
@requires("care.view_offer", on=Offer)
def view_offer(request, offer):
    return form_page(request, "care/view_offer.html", _context(request, offer))


def _context(request, offer, **forms):
    """The page of an offer with what its reader may do; `forms` replaces one that came back with errors."""
    user, may_change = request.user, request.user.has_perm("care.change_offer", offer)
    lines = lines_for(offer, user)
    may_draft = may_change and offer.is_draft
    context = {
        "offer": offer,
        "lines": [one for one in lines if not one.line.is_removed],
        "removed": [one for one in lines if one.line.is_removed],
        "may_change": may_change,
        "may_draft": may_draft,
        "may_order": may_change and user.has_perm("services.order_service", offer.company),
        "words_form": ChangeOfferForm(user=user, offer=offer, initial={"words": offer.words}),
        "add_form": AddOfferLineForm(user=user) if may_draft else None,
        "withdraw_form": WithdrawOfferForm(user=user, offer=offer),
        "may_follow_up": may_change and offer.is_proposed,
        "keeps_follow_up": offer.author_id == user.pk,
        "follow_up_form": FollowUpForm(
            user=user,
            offer=offer,
            initial={"follow_up_on": offer.follow_up_on, "follow_up_at": offer.follow_up_at},
        ),
    }
    return context | forms


def _do(request, shown, deed, name="", form=None, done="", **said):
    """One deed on an offer; what is wrong, or what somebody made impossible meanwhile, is told on its page."""
    told = {"form": form, name: form} if form and name else {}
    if form is None or form.is_valid():
        try:
            deed(by=request.user, **said, **(form.cleaned_data if form else {}))
            say(request, done or _("It is noted."))
            return redirect(shown)
        except REFUSALS as error:
            told["refusal"] = str(error)
    elif not name:
        told["refusal"] = " ".join(str(error) for errors in form.errors.values() for error in errors)
    shown.refresh_from_db()
    answer = form_page(request, "care/view_offer.html", _context(request, shown, **told))
    answer.status_code = 422
    return answer


@require_POST
@requires("care.change_offer", on=Offer)
def change_offer(request, offer):
    form = ChangeOfferForm(request.POST, user=request.user, offer=offer, initial={"words": offer.words})
    return _do(request, offer, actions.change_offer, "words_form", form, offer=offer)


@require_POST
@requires("care.change_offer", on=Offer)
def add_offer_line(request, offer):
    form = AddOfferLineForm(request.POST, user=request.user)

    def add(*, by, service, solution, words=""):
        actions.add_offer_line(offer=offer, target=service or solution, words=words, by=by)

    return _do(request, offer, add, "add_form", form)


@require_POST
@requires("care.change_offer_line", on=OfferLine)
def change_offer_line(request, offerline):
    form = OfferLineForm(request.POST, user=request.user, line=offerline, initial={"words": offerline.words})
    return _do(request, offerline.offer, actions.change_offer_line, "", form, line=offerline)


@require_POST
@requires("care.change_offer_line", on=OfferLine)
def remove_offer_line(request, offerline):
    form = RemoveOfferLineForm(request.POST)
    return _do(request, offerline.offer, actions.remove_offer_line, "", form, line=offerline)


@require_POST
@requires("care.change_offer_line", on=OfferLine)
def restore_offer_line(request, offerline):
    return _do(request, offerline.offer, actions.restore_offer_line, line=offerline)


@require_POST
@requires("care.change_offer", on=Offer)
def propose_offer(request, offer):
    return _do(request, offer, actions.propose_offer, offer=offer)


@require_POST
@requires("care.plan_offer_follow_up", on=Offer)
def plan_offer_follow_up(request, offer):
    form = FollowUpForm(request.POST, user=request.user, offer=offer)
    keeps = bool(request.POST.get("follow_up_on"))
    done = _("The follow-up stands in the agenda.") if keeps else _("No follow-up stands in the agenda any more.")
    return _do(request, offer, actions.plan_offer_follow_up, "follow_up_form", form, done=done, offer=offer)


@require_POST
@requires("care.change_offer", on=Offer)
def withdraw_offer(request, offer):
    form = WithdrawOfferForm(request.POST, user=request.user, offer=offer)
    return _do(request, offer, actions.withdraw_offer, "withdraw_form", form, offer=offer)


@require_POST
@requires("care.order_offer_line", on=OfferLine)
def order_offer_line(request, offerline):
    """One press: what the company accepted is ordered at its price; at another one the order is proposed again."""
    return _do(request, offerline.offer, actions.order_offer_line, line=offerline)


@require_POST
@requires("care.answer_offer_question", on=OfferQuestion)
def answer_offer_question(request, offerquestion):
    form = AnswerQuestionForm(request.POST, user=request.user, question=offerquestion)
    if "answer" not in form.fields:
        raise Http404
    offer = offerquestion.line.offer
    return _do(request, offer, actions.answer_offer_question, "", form, question=offerquestion)
