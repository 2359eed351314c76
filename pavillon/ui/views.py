"""The style guide, and the counts that refresh themselves in the frame of pages."""

from django.http import Http404, HttpResponse

from pavillon.core.views import requires
from pavillon.ui import frame, samples
from pavillon.ui.forms import SampleForm
from pavillon.ui.htmx import form_page


@requires("ui.view_style_guide")
def view_style_guide(request):
    form = SampleForm(request.POST or None)
    return form_page(request, "ui/view_style_guide.html", {"form": form, **samples.everything()})


@requires("ui.view_badge")
def view_badge(request, badge):
    """The count beside a line of the menu, or on the bell, as it is now."""
    if not frame.is_known(badge):
        raise Http404
    return HttpResponse(frame.count_alone(badge, request.user))
