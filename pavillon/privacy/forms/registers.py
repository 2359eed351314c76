from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.privacy.enums import Notice
from pavillon.privacy.models import Breach, ControlPoint, Processing, Processor, RetentionRule


def day_input():
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class ProcessingForm(forms.ModelForm):
    class Meta:
        model = Processing
        fields = ["name", "aim", "legal_basis", "people", "data", "recipients", "leaves_eu", "transfer", "kept",
                  "measures", "controller", "reviewed_on"]  # fmt: skip
        widgets = {name: forms.Textarea({"rows": 2}) for name in ("aim", "data", "recipients", "transfer", "measures")}
        widgets["reviewed_on"] = day_input()

    def clean(self):
        data = super().clean()
        if data.get("leaves_eu") and not data.get("transfer"):
            self.add_error("transfer", _("Data leave the European Union: say under which guarantees (chapter V)."))
        return data


class ProcessorForm(forms.ModelForm):
    class Meta:
        model = Processor
        fields = ["name", "task", "data", "country", "leaves_eu", "guarantees", "contract_on", "ends_on", "contact"]
        widgets = {"data": forms.Textarea({"rows": 2}), "guarantees": forms.Textarea({"rows": 2})}
        widgets |= {"contract_on": day_input(), "ends_on": day_input()}

    def clean(self):
        data = super().clean()
        if data.get("leaves_eu") and not data.get("guarantees"):
            self.add_error("guarantees", _("A processor outside the European Union needs guarantees (chapter V)."))
        return data


class BreachForm(forms.ModelForm):
    class Meta:
        model = Breach
        fields = [
            "title",
            "happened_at",
            "noticed_at",
            "facts",
            "data",
            "people_count",
            "risk",
            "consequences",
            "measures",
        ]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            name: forms.Textarea({"rows": 3}) for name in ("facts", "data", "consequences", "measures")
        }
        widgets |= {
            name: forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            for name in ("happened_at", "noticed_at")
        }

    def clean(self):
        data = super().clean()
        happened, noticed = data.get("happened_at"), data.get("noticed_at")
        if happened and noticed and happened > noticed:
            self.add_error("happened_at", _("A breach is noticed after it happened."))
        return data


class TellAuthorityForm(forms.Form):
    at = forms.DateTimeField(
        label=_("Told on"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    reference = forms.CharField(label=_("Reference given by the authority"), max_length=80)
    late_reason = forms.CharField(
        label=_("Why later than 72 hours"), required=False, widget=forms.Textarea({"rows": 2})
    )


class ControlPointForm(forms.ModelForm):
    class Meta:
        model = ControlPoint
        fields = ["name_fr", "name_en", "what_fr", "what_en", "state", "evidence", "owner", "checked_on"]
        widgets = {name: forms.Textarea({"rows": 2}) for name in ("what_fr", "what_en")}
        widgets |= {"evidence": forms.Textarea({"rows": 4}), "checked_on": day_input()}


class RetentionRuleForm(forms.ModelForm):
    class Meta:
        model = RetentionRule
        fields = ["months", "act", "notice", "notice_days", "is_active"]

    def clean(self):
        data = super().clean()
        if data.get("notice") != Notice.NOBODY and not data.get("notice_days"):
            self.add_error("notice_days", _("Leave days between the notice and the act."))
        if data.get("months") is not None and data["months"] < 1:
            self.add_error("months", _("At least one month."))
        return data
