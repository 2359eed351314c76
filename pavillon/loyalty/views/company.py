"""The programmes of a company, in its own space."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.loyalty import actions
from pavillon.loyalty.models import Enrolment
from pavillon.ui.messages import say


@require_GET
@requires("loyalty.view_my_programmes")
def my_programmes(request):
    """What each gives, until when, and how to leave; those that ended stay told."""
    rows = Enrolment.objects.visible_to(request.user).select_related("programme__organisation")
    context = {"enrolments": rows.prefetch_related("programme__services").order_by("-left_at", "-enrolled_at")[:100]}
    return render(request, "loyalty/my_programmes.html", context)


@require_POST
@requires("loyalty.leave_programme", on=Enrolment)
def leave_programme(request, enrolment):
    actions.leave_programme(enrolment=enrolment, by=request.user)
    say(request, _("You left “%(name)s”.") % {"name": enrolment.programme})
    return redirect("loyalty_company:my_programmes")
