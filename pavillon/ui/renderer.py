"""How forms are drawn everywhere: set as FORM_RENDERER."""

from django.forms.renderers import TemplatesSetting


class PavillonRenderer(TemplatesSetting):
    """Draws forms and fields with our own templates; widgets stay Django's own."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
