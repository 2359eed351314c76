"""With which company a mail was."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pavillon.directory.models import Company
from pavillon.directory.queries import match_name


class FileMailForm(forms.Form):
    """A company that was proposed (its number), or one whose name or SIREN is typed."""

    proposed = forms.ModelChoiceField(Company.objects.none(), required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Another company"), max_length=250, required=False, help_text=_("Its whole name, or its SIREN.")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.seen = Company.objects.visible_to(user).standing()
        self.fields["proposed"].queryset = self.seen

    def clean_name(self):
        text = self.cleaned_data["name"].strip()
        digits = "".join(text.split())
        if not text:
            return None
        named = {"siren": digits} if digits.isdigit() else {"match_name": match_name(text)}
        rows = list(self.seen.filter(**named)[:2]) if all(named.values()) else []
        if not rows:
            raise ValidationError(
                _("No company is called “%(text)s”: write its whole name, or its SIREN."), params={"text": text}
            )
        if len(rows) > 1:
            raise ValidationError(_("Several companies are called “%(text)s”: write the SIREN."), params={"text": text})
        return rows[0]

    def clean(self):
        super().clean()
        company = self.cleaned_data.get("proposed") or self.cleaned_data.get("name")
        if company is None and not self.errors:
            self.add_error("name", _("Choose a company, or write its name."))
        self.cleaned_data["company"] = company
        return self.cleaned_data
