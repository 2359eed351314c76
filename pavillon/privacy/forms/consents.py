from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.privacy.models import Purpose


class ChooseCookiesForm(forms.Form):
    """The choice of a browser: refuse all, accept all, or purpose by purpose."""

    answer = forms.ChoiceField(choices=[("refuse", _("Refuse")), ("accept", _("Accept")), ("custom", _("Choose"))])
    purposes = forms.ModelMultipleChoiceField(queryset=Purpose.objects.none(), required=False)
    next = forms.CharField(required=False, max_length=500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["purposes"].queryset = Purpose.objects.filter(is_essential=False)

    @property
    def accepted(self):
        """The codes accepted; None means all of them."""
        if self.cleaned_data["answer"] == "accept":
            return None
        chosen = self.cleaned_data["purposes"] if self.cleaned_data["answer"] == "custom" else []
        return [purpose.pk for purpose in chosen]


class AnswerPurposesForm(forms.Form):
    """What a person with an account accepts."""

    purposes = forms.ModelMultipleChoiceField(queryset=Purpose.objects.none(), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["purposes"].queryset = Purpose.objects.filter(is_essential=False)
