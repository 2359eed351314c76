"""A visitor asks something; without an account his words wait while he registers."""

from typing import Any

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pavillon.accounts import actions as accounts
from pavillon.campaigns.queries.campaigns import campaign_of_code
from pavillon.campaigns.queries.links import PARAMETER
from pavillon.core.permissions import require
from pavillon.core.views import public
from pavillon.showroom import actions
from pavillon.showroom.actions.buyers import keep_draft
from pavillon.showroom.forms.buyers import BuyerForm
from pavillon.showroom.forms.enquiries import EnquiryForm, open_kind
from pavillon.showroom.queries import pages
from pavillon.showroom.views.searching import Search
from pavillon.showroom.waiting import open_waiting, seal_waiting
from pavillon.ui.htmx import form_page
from pavillon.ui.limits import limited
from pavillon.ui.messages import say

# Where what a visitor wrote waits until he has an account, or until he signs in to the one he had forgotten.
WAITING, KEPT = "enquiry_waiting", "enquiry_kept"
KEPT_FIELDS = ("kind", "text", "quantity", "campaign")


@public
@limited("60/h", person="60/h")
def send_enquiry(request, product, slug):
    found = pages.product_page(product)
    if found is None:
        raise Http404
    return _ask(request, found.shop, found)


@public
@limited("60/h", person="60/h")
def send_shop_enquiry(request, slug):
    found = pages.shop_page(slug)
    if found is None:
        raise Http404
    return _ask(request, found, None)


def _ask(request, shop, product):
    form = EnquiryForm(request.POST or None, user=request.user, initial=_begun(request, shop))
    if not form.is_valid():
        context = {"form": form, "shop": shop, "product": product, "search": Search(request, without_hits=True)}
        return form_page(request, "showroom/send_enquiry.html", context)
    asked: dict[str, Any] = {name: form.cleaned_data.get(name) for name in KEPT_FIELDS}
    if not request.user.is_authenticated:
        request.session[WAITING] = seal_waiting(asked | {"shop": shop.pk, "product": product.pk if product else None})
        return redirect("showroom:register_buyer")
    require(request.user, "showroom.send_enquiry")
    request.session.pop(KEPT, None)
    enquiry = actions.send_enquiry(
        buyer=request.user.buyer, shop=shop, product=product, kind=asked["kind"], text=asked["text"],
        quantity=asked["quantity"], campaign=campaign_of_code(asked["campaign"]), by=request.user,
    )  # fmt: skip
    say(request, _("Your message was sent to %(company)s.") % {"company": shop.company})
    return redirect("showroom_buyer:my_enquiry", enquiry=enquiry.pk)


def _begun(request, shop):
    """What the form already says: the kind that a link asked for, or what a visitor wrote before he signed in."""
    kept = open_waiting(request.session.get(KEPT)) or {}
    asked = {"kind": open_kind(request.GET.get("kind")), "campaign": request.GET.get(PARAMETER, "")[:24]}
    return asked | ({name: kept.get(name, "") for name in KEPT_FIELDS} if kept.get("shop") == shop.pk else {})


@public
@limited("60/h", person="10/h")
def register_buyer(request):
    if request.user.is_authenticated:
        return redirect("accounts:home")
    waiting = open_waiting(request.session.get(WAITING))
    form = BuyerForm(request.POST or None)
    if form.is_valid():
        try:
            buyer = _register(form)
        except accounts.EmailTaken:
            return _answer_known(request, form, waiting)
        if waiting:
            _keep(buyer, waiting)
            del request.session[WAITING]
        return accounts.sign_in(request, buyer.user, redirect_url=_next_page())
    subject = pages.subject_of(waiting) if waiting else None
    context = {"form": form, "subject": subject, "search": Search(request, without_hits=True)}
    return form_page(request, "showroom/register_buyer.html", context)


def _register(form):
    given = form.cleaned_data
    return actions.register_buyer(
        email=given["email"], password=given["password"], first_name=given["first_name"],
        last_name=given["last_name"], language=get_language() or "en", company_name=given["company_name"],
        country=given["country"], sector=given["sector"], job_title=given["job_title"], website=given["website"],
    )  # fmt: skip


def _answer_known(request, form, waiting):
    """The address has an account: its owner finds what was written here again when he signs in on this browser."""
    go_on = _next_page()
    if waiting:
        request.session[KEPT] = request.session.pop(WAITING)
        shop, product = pages.subject_of(waiting)
        if shop:
            go_on = f"{(product or shop).get_absolute_url()}ask/"
    known = form.cleaned_data
    return accounts.answer_taken_address(request, email=known["email"], password=known["password"], go_on=go_on)


def _keep(buyer, waiting):
    shop, product = pages.subject_of(waiting)
    if shop:
        keep_draft(
            buyer=buyer, shop=shop, product=product, kind=waiting["kind"], text=waiting["text"],
            quantity=waiting["quantity"], campaign=campaign_of_code(waiting.get("campaign", "")),
        )  # fmt: skip


def _next_page():
    return reverse("showroom_buyer:my_enquiries")
