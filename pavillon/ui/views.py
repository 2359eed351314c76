"""The style guide: every component on one page."""

from pavillon.core.views import requires
from pavillon.ui import samples
from pavillon.ui.forms import SampleForm
from pavillon.ui.htmx import form_page


@requires("ui.view_style_guide")
def view_style_guide(request):
    form = SampleForm(request.POST or None)
    return form_page(request, "ui/view_style_guide.html", {"form": form, **samples.everything()})
