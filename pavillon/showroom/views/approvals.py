"""The agency reads sheets, one after the other."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.showroom import actions
from pavillon.showroom.actions.products import judge
from pavillon.showroom.forms.products import RemarksForm
from pavillon.showroom.models import Product
from pavillon.showroom.queries import pages, shelves
from pavillon.showroom.views.shops import complain
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@requires("showroom.view_approvals")
def approvals(request):
    waiting = Product.objects.visible_to(request.user).to_review()
    return list_page(
        request,
        waiting.select_related("shop__company__region", "vertical").prefetch_related("pictures"),
        template="showroom/approvals.html",
        rows="showroom/_approval_rows.html",
        sorts={"oldest": ["submitted_at"]},
        sort="oldest",
    )


@require_GET
@requires("showroom.view_approvals_panel")
def approvals_panel(request):
    """What waits for the agency, at the head of its day."""
    return render(request, "showroom/_approvals_panel.html", shelves.agency_waits(request.user))


def desk_of(product, form):
    """What the reader of a sheet has before him, the next one included."""
    return {
        "product": pages.sheet_to_read(product),
        "quality": judge(product),
        "answers": pages.answers_of(product),
        "form": form,
        "earlier": product.remarks.select_related("made_by"),
        "following": shelves.next_to_review(product),
    }


@requires("showroom.review_product", on=Product)
def review_product(request, product):
    return render(request, "showroom/review_product.html", desk_of(product, RemarksForm()))


def onward(product):
    """The next sheet of the queue, or the queue when it is empty."""
    following = shelves.next_to_review(product)
    if following:
        return redirect("showroom_team:review_product", product=following)
    return redirect("showroom_team:approvals")


@require_POST
@requires("showroom.approve_product", on=Product)
def approve_product(request, product):
    try:
        actions.approve_product(product=product, by=request.user)
        say(request, _("“%(product)s” is published.") % {"product": product})
    except actions.NotSubmitted as error:
        complain(request, error)
    return onward(product)


@require_POST
@requires("showroom.return_product", on=Product)
def return_product(request, product):
    form = RemarksForm(request.POST)
    if not form.is_valid() or not form.remarks:
        form.add_error(None, _("Say at least in one field what has to change."))
        return form_page(request, "showroom/review_product.html", desk_of(product, form))
    try:
        actions.return_product(product=product, remarks=form.remarks, by=request.user)
        say(request, _("“%(product)s” was returned with your remarks.") % {"product": product})
    except actions.NotSubmitted as error:
        complain(request, error)
    return onward(product)
