import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pavillon.core.policy import bind_form
from pavillon.showroom.enums import TemplateKind
from pavillon.showroom.models import TemplateVersion
from pavillon.showroom.outlines import COMPANY, Outline

_BRACES = re.compile(r"\{[^{}\n]*\}")
LINES = {
    TemplateKind.SHOWROOM: (_("Title"), _("The large line at the top of the showroom.")),
    TemplateKind.SHOP: (_("One line"), _("Shown in the empty field until the seller writes his own line.")),
    TemplateKind.PRODUCT: (_("One sentence"), _("Shown in the empty field until the seller writes.")),
    TemplateKind.SERVICE: (_("One sentence"), _("Shown in the empty field until the seller writes.")),
}
TEXTS = {
    TemplateKind.SHOWROOM: (_("Words of welcome"), _("The lines below the title, for buyers who arrive.")),
    TemplateKind.SHOP: (
        _("Presentation"), _("A new shop starts with these words; {company} becomes the name of the company."),
    ),
    TemplateKind.PRODUCT: (_("Description"), _("What a good description says, one point a line. Never taken over.")),
    TemplateKind.SERVICE: (_("Description"), _("What a good description says, one point a line. Never taken over.")),
}  # fmt: skip


class TemplateForm(forms.ModelForm):
    """The words of one template."""

    class Meta:
        model = TemplateVersion
        fields = ["line", "text", "pictures"]
        widgets = {"text": forms.Textarea(attrs={"rows": 9}), "pictures": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args, spot, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.spot = spot
        for name, (label, help_text) in {"line": LINES[spot.kind], "text": TEXTS[spot.kind]}.items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
            self.fields[name].required = True
        self.fields["pictures"].label = _("Which pictures to take")
        self.fields["pictures"].help_text = _("One piece of advice a line, shown where the seller adds a picture.")
        if not spot.is_of_sheets:
            del self.fields["pictures"]
        for field in self.fields.values():
            field.widget.attrs["lang"] = spot.language
        bind_form(self, user, TemplateVersion, is_new=True)

    def clean_line(self):
        return self._without_unknown_braces("line", ())

    def clean_text(self):
        return self._without_unknown_braces("text", (COMPANY,) if self.spot.kind == TemplateKind.SHOP else ())

    def _without_unknown_braces(self, name, known):
        """What stands in braces would be shown as it is: only what gets filled in may."""
        value = self.cleaned_data[name]
        unknown = [found for found in _BRACES.findall(value) if found not in known]
        if unknown:
            raise ValidationError(
                _("%(written)s is not filled in here: write the words themselves."), params={"written": unknown[0]}
            )
        return value

    @property
    def outline(self):
        """The words as they stand in the form, for the preview; what is refused or empty is shown empty."""
        given = getattr(self, "cleaned_data", None) or self.initial
        return Outline(*(given.get(name) or "" for name in ("line", "text", "pictures")))
