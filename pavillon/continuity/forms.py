from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.continuity.models import Certificate, Maintenance


class CertificateForm(forms.ModelForm):
    class Meta:
        model = Certificate
        fields = [
            "standard", "name", "holder", "issuer", "number", "scope", "site", "valid_from", "valid_until",
            "alert_days", "document",
        ]  # fmt: skip
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date"}),
            "valid_until": forms.DateInput(attrs={"type": "date"}),
            "scope": forms.Textarea(attrs={"rows": 3}),
        }

    @property
    def said(self):
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class WorkForm(forms.ModelForm):
    class Meta:
        model = Maintenance
        fields = ["starts_at", "ends_at", "what_fr", "what_en"]
        widgets = {
            "starts_at": forms.DateTimeInput(attrs={"type": "datetime-local"}),
            "ends_at": forms.DateTimeInput(attrs={"type": "datetime-local"}),
        }

    def clean(self):
        data = super().clean()
        begin, end = data.get("starts_at"), data.get("ends_at")
        if begin and end and end <= begin:
            self.add_error("ends_at", _("The end comes before the beginning: choose a later moment."))
        return data
