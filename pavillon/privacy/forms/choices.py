from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.privacy.models import Purpose


class ChangeChoiceForm(forms.Form):
    """One line of the page of choices: yes or no to a purpose that asks for one."""

    purpose = forms.ModelChoiceField(queryset=Purpose.objects.none())
    answer = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    scope = forms.CharField(required=False, max_length=80)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["purpose"].queryset = Purpose.objects.filter(is_essential=False, current__isnull=False)


class RewordPurposeForm(forms.Form):
    """A new wording: those who accepted the former one are asked again."""

    text_fr = forms.CharField(label=_("text in French"), min_length=40, widget=forms.Textarea({"rows": 5}))
    text_en = forms.CharField(label=_("text in English"), min_length=40, widget=forms.Textarea({"rows": 5}))
    valid_months = forms.IntegerField(
        label=_("a yes serves (months)"), min_value=1, max_value=120, required=False, help_text=_("Empty: for ever.")
    )
