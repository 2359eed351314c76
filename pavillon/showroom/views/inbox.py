"""The seller's inbox: buyers' requests, with what helps to answer them."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.showroom import actions
from pavillon.showroom.forms.enquiries import ClosingForm, HelpForm, MessageForm
from pavillon.showroom.lists import EnquiryFilter
from pavillon.showroom.models import Enquiry, ReplyTemplate
from pavillon.showroom.queries.catalogue import shop_of
from pavillon.showroom.queries.monitoring import buyer_history, market_facts, response_of
from pavillon.showroom.queries.threads import offered_suggestions, suggestions_of, thread_of
from pavillon.showroom.views.shops import complain
from pavillon.ui.htmx import form_page, is_htmx
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@requires("showroom.view_enquiries")
def enquiries(request):
    shop = shop_of(request.user)
    rows = Enquiry.objects.visible_to(request.user).select_related(
        "buyer__sector", "country", "product", "shop__company"
    )
    return list_page(
        request,
        rows,
        template="showroom/enquiries.html",
        rows="showroom/_enquiry_rows.html",
        sorts={"waiting": ["first_answered_at", "-last_message_at"], "newest": ["-last_message_at"]},
        sort="newest",
        filters=EnquiryFilter,
        context={"shop": shop, "response": response_of(shop) if shop else None},
    )


def desk_of(request, enquiry, **forms):
    """Everything beside a request: thread, buyer, market, replies."""
    context = thread_of(enquiry)
    full = context["enquiry"]
    suggestions = _offered(request, full)
    return (
        context
        | {
            "is_seller": True,
            "form": MessageForm(initial=_chosen_words(request, suggestions)),
            "suggestions": suggestions,
            "closing_form": ClosingForm(auto_id="closing_%s"),
            "help_form": HelpForm(),
            "history": buyer_history(full.buyer, full),
            "market": market_facts(full),
            "replies": ReplyTemplate.objects.visible_to(request.user),
        }
        | forms
    )


def _offered(request, enquiry):
    """The suggestions that are still of use."""
    return offered_suggestions(enquiry, request.user)


def _chosen_words(request, suggestions):
    """What stands in the answer, to be changed before it is sent: an adviser's suggestion, or a ready reply."""
    chosen = _suggested(request.GET.get("suggested", ""), suggestions)
    return {"text": chosen.text, "suggested": chosen.pk} if chosen else {"text": _chosen_reply(request)}


def _suggested(number, suggestions):
    return next((one for one in suggestions if str(one.pk) == str(number)), None)


def _chosen_reply(request):
    """The reply whose number stands in the address."""
    wanted = request.GET.get("reply", "")
    chosen = ReplyTemplate.objects.visible_to(request.user).filter(pk=wanted).first() if wanted.isdecimal() else None
    return chosen.text if chosen else ""


@requires("showroom.view_enquiry", on=Enquiry)
def enquiry(request, enquiry):
    actions.read_thread(enquiry=enquiry, by=request.user, as_seller=True)
    if is_htmx(request):
        context = thread_of(enquiry) | {"is_seller": True, "suggestions": _offered(request, enquiry)}
        return render(request, "showroom/_thread.html", context)
    return render(request, "showroom/enquiry.html", desk_of(request, enquiry))


@require_POST
@requires("showroom.answer_enquiry", on=Enquiry)
def answer_enquiry(request, enquiry):
    form = MessageForm(request.POST)
    if not form.is_valid():
        return form_page(request, "showroom/enquiry.html", desk_of(request, enquiry, form=form))
    used = _suggested(form.cleaned_data["suggested"], suggestions_of(enquiry, request.user))
    actions.answer_enquiry(enquiry=enquiry, text=form.cleaned_data["text"], by=request.user, suggestion=used)
    say(request, _("Your answer was sent."))
    return redirect("showroom_company:enquiry", enquiry=enquiry.pk)


@require_POST
@requires("showroom.close_enquiry", on=Enquiry)
def close_enquiry(request, enquiry):
    form = ClosingForm(request.POST)
    if form.is_valid():
        try:
            given = form.cleaned_data
            actions.close_enquiry(enquiry=enquiry, reason=given["reason"], text=given["text"], by=request.user)
            say(request, _("The request is closed."))
        except actions.AnswerFirst as error:
            complain(request, error)
    return redirect("showroom_company:enquiry", enquiry=enquiry.pk)


@require_POST
@requires("showroom.share_enquiry", on=Enquiry)
def share_enquiry(request, enquiry):
    """One button: share the thread with the team, or take it back."""
    if request.POST.get("share") == "no":
        actions.unshare_enquiry(enquiry=enquiry, by=request.user)
        say(request, _("The team no longer reads this thread."))
    else:
        actions.share_enquiry(enquiry=enquiry, by=request.user)
        say(request, _("Your advisers may read this thread from now on."))
    return redirect("showroom_company:enquiry", enquiry=enquiry.pk)


@require_POST
@requires("showroom.ask_adviser", on=Enquiry)
def ask_adviser(request, enquiry):
    form = HelpForm(request.POST)
    if not form.is_valid():
        return form_page(request, "showroom/enquiry.html", desk_of(request, enquiry, help_form=form), form=form)
    if form.cleaned_data["share"]:
        actions.share_enquiry(enquiry=enquiry, by=request.user)
    actions.ask_adviser(enquiry=enquiry, text=form.cleaned_data["text"], by=request.user)
    say(request, _("Your adviser was asked. The answer comes in “My requests”."))
    return redirect("showroom_company:enquiry", enquiry=enquiry.pk)
