"""Which of two values a merged record takes, field by field."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.core.policy import bind_form

SIDES = [("kept", _("Kept record")), ("removed", _("Removed record"))]


class MergeForm(forms.Form):
    """One choice for each field on which two records differ; `lines` are those of `queries.compare_records`."""

    reason = forms.CharField(label=_("Why"), max_length=300, required=False)

    def __init__(self, *args, lines, user, model, **kwargs):
        super().__init__(*args, **kwargs)
        for line in lines:
            if line.kept != line.removed:
                self.fields[line.name] = forms.ChoiceField(
                    label=line.label, choices=SIDES, initial=line.takes, required=False, widget=forms.RadioSelect
                )
        bind_form(self, user, model)
        self.lines = [(line, self[line.name] if line.name in self.fields else None) for line in lines]

    def choices(self):
        """{field: side} for the fields where a side was chosen."""
        return {
            name: self.cleaned_data[name] or self.fields[name].initial
            for name in self.fields
            if name != "reason" and not self.fields[name].disabled
        }


class ChooseContactForm(forms.Form):
    """Which record is the same person."""

    q = forms.CharField(label=_("Name, e-mail or phone of the other record"), max_length=120, required=False)


class UndoMergeForm(forms.Form):
    """Nothing is asked but to be sure."""
