"""How forms are drawn everywhere: set as FORM_RENDERER."""

from typing import Any

from django.forms.renderers import TemplatesSetting

from pavillon.core.encryption import LOCKED, DataLocked
from pavillon.ui import selects


class PavillonRenderer(TemplatesSetting):
    """Draws forms and fields with our own templates; widgets stay Django's own.

    A form that would begin with a locked value is not drawn: what it shows would come back as if somebody wrote it.
    """

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> Any:
        if context.get("widget", {}).get("value") == LOCKED:
            raise DataLocked
        if template_name == selects.TEMPLATE and (drawn := selects.draw_select(context["widget"])) is not None:
            return drawn
        return super().render(template_name, context, request)
