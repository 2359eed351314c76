"""The buyer's own space."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.showroom import actions
from pavillon.showroom.forms.buyers import BuyerCardForm
from pavillon.showroom.forms.enquiries import MessageForm
from pavillon.showroom.models import Enquiry
from pavillon.showroom.queries.threads import thread_of
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@requires("showroom.view_my_enquiries")
def my_enquiries(request):
    return list_page(
        request,
        Enquiry.objects.visible_to(request.user).select_related("shop__company", "product", "country", "buyer"),
        template="showroom/my_enquiries.html",
        rows="showroom/_my_enquiry_rows.html",
        sorts={"newest": ["-last_message_at"]},
        sort="newest",
        context={"buyer": request.user.buyer, "draft": getattr(request.user.buyer, "draft", None)},
    )


@requires("showroom.view_my_enquiry", on=Enquiry)
def my_enquiry(request, enquiry):
    actions.read_thread(enquiry=enquiry, by=request.user, as_seller=False)
    context = thread_of(enquiry) | {"form": MessageForm()}
    return fragment(request, "showroom/my_enquiry.html", "showroom/_thread.html", context)


@require_POST
@requires("showroom.write_message", on=Enquiry)
def write_message(request, enquiry):
    form = MessageForm(request.POST)
    if not form.is_valid():
        return form_page(request, "showroom/my_enquiry.html", thread_of(enquiry) | {"form": form})
    actions.write_message(enquiry=enquiry, text=form.cleaned_data["text"], by=request.user)
    return redirect("showroom_buyer:my_enquiry", enquiry=enquiry.pk)


@requires("showroom.change_buyer")
def change_buyer(request):
    buyer = request.user.buyer
    names = ("company_name", "country", "sector", "job_title", "website", "phone")
    kept = {name: getattr(buyer, name) for name in names}
    form = BuyerCardForm(request.POST or None, instance=buyer, user=request.user)
    if form.is_valid():
        given = kept | form.cleaned_data  # a field that the matrix hides stays as it is
        actions.change_buyer(
            buyer=buyer, company_name=given["company_name"], country=given["country"], sector=given["sector"],
            job_title=given["job_title"], website=given["website"], phone=given["phone"], by=request.user,
        )  # fmt: skip
        say(request, _("Your card was changed."))
        return redirect("showroom_buyer:my_enquiries")
    return form_page(request, "showroom/change_buyer.html", {"form": form})
