"""What is proposed to a company, in its own space: read, accepted, declined or asked about line by line."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.care import actions
from pavillon.care.forms.offers import AskAboutLineForm, DeclineLineForm
from pavillon.care.models import Offer, OfferLine
from pavillon.care.queries.offers import counted, lines_for
from pavillon.core.views import requires
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@require_GET
@requires("care.view_my_offers")
def my_offers(request):
    """Newest first, as many a page as any list."""
    return list_page(
        request,
        counted(Offer.objects.visible_to(request.user).with_names()),
        template="care/my_offers.html",
        rows="care/_my_offer_rows.html",
        sorts={"newest": ["-proposed_at"]},
        sort="newest",
    )


@require_GET
@requires("care.view_my_offers", on=Offer)
def my_offer(request, offer):
    return render(request, "care/my_offer.html", _context(request, offer))


def _context(request, offer, **told):
    return {"offer": offer, "lines": lines_for(offer, request.user), **told}


def _do(request, line, deed, form=None):
    """The company's answer; what is wrong, or was withdrawn meanwhile, is told on the page."""
    told = {}
    if form is None or form.is_valid():
        try:
            deed(line=line, by=request.user, **(form.cleaned_data if form else {}))
            say(request, _("It is noted: your adviser is told."))
            return redirect("care_company:my_offer", offer=line.offer_id)
        except actions.OfferMoved as error:
            told["refusal"] = str(error)
    else:
        told["refusal"] = " ".join(str(error) for errors in form.errors.values() for error in errors)
    line.offer.refresh_from_db()
    answer = form_page(request, "care/my_offer.html", _context(request, line.offer, **told))
    answer.status_code = 422
    return answer


@require_POST
@requires("care.answer_offer_line", on=OfferLine)
def accept_offer_line(request, offerline):
    return _do(request, offerline, actions.accept_offer_line)


@require_POST
@requires("care.answer_offer_line", on=OfferLine)
def decline_offer_line(request, offerline):
    return _do(request, offerline, actions.decline_offer_line, DeclineLineForm(request.POST))


@require_POST
@requires("care.answer_offer_line", on=OfferLine)
def ask_about_line(request, offerline):
    return _do(request, offerline, actions.ask_about_line, AskAboutLineForm(request.POST, user=request.user))
