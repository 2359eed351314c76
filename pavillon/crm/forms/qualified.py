"""The day that is counted, the checklist, the targets."""

import datetime

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.crm.enums import QualifyingField
from pavillon.crm.forms.leads import DATE
from pavillon.crm.models import QualificationChecklist, QualifiedTarget


class DayForm(forms.Form):
    """Today when nothing is said."""

    on = forms.DateField(
        label=_("Counted on"), widget=DATE, required=False, validators=[MinValueValidator(datetime.date(2000, 1, 1))]
    )

    @classmethod
    def read(cls, asked):
        """(the form as shown, the day)."""
        form = cls({"on": asked.get("on", "")})
        today = timezone.localdate()
        day = (form.cleaned_data["on"] if form.is_valid() else None) or today
        return (cls({"on": day.isoformat()}) if form.is_valid() else form), day


class ChecklistForm(forms.ModelForm):
    fields_known = forms.MultipleChoiceField(
        label=_("Facts that must be known"),
        choices=QualifyingField.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = QualificationChecklist
        fields = ["interview_months", "needs_project", "reason"]


class QualifiedTargetForm(forms.ModelForm):
    class Meta:
        model = QualifiedTarget
        fields = ["on", "count"]
        widgets = {"on": DATE}

    def validate_unique(self):
        """The same day again: its figure is replaced."""
