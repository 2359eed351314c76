from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.feedback.models import Feedback
from pavillon.ui.menu import add_entry
from pavillon.ui.panels import add_piece


def new(user: User) -> QuerySet[Feedback] | None:
    """What nobody has looked at."""
    if not is_allowed(user, "feedback.triage_feedback"):
        return None
    return Feedback.objects.visible_to(user).new()


def draw_button(request: HttpRequest, *, is_plain: bool = False) -> str:
    """The button of every screen: it knows the page by its path alone, and asks the database nothing."""
    if not request.user.is_authenticated or not is_allowed(request.user, "feedback.send_feedback"):
        return ""
    return render_to_string("feedback/_button.html", {"here": request.path, "is_plain": is_plain})


def draw_footer_link(request: HttpRequest) -> str:
    """The same among the lines at the foot of pages that have no top bar."""
    drawn = draw_button(request, is_plain=True)
    return f"<li>{drawn}</li>" if drawn else ""


add_piece("ui.tools", draw_button)
add_piece("ui.footer", draw_footer_link)
add_entry(
    area="account",
    label=_("My feedback"),
    url_name="feedback:my_feedback",
    permission="feedback.my_feedback",
    icon="message-square",
    order=66,
)
add_entry(
    area="account",
    label=_("You said, we did"),
    url_name="feedback:view_decisions",
    permission="feedback.view_decisions",
    icon="check-check",
    order=67,
)
add_entry(
    area="agency",
    section=_("Administration"),
    label=_("Feedback of users"),
    url_name="feedback:triage_feedback",
    permission="feedback.triage_feedback",
    icon="message-square",
    order=780,
    badge=new,
)
add_entry(
    area="agency",
    section=_("Administration"),
    label=_("Satisfaction by screen"),
    url_name="feedback:view_satisfaction",
    permission="feedback.view_satisfaction",
    icon="thumbs-up",
    order=781,
)
