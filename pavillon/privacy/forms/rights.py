from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.privacy.enums import LegalBasis, Right
from pavillon.privacy.models import Purpose

LANGUAGES = [("fr", "Français"), ("en", "English")]


class AskRightForm(forms.Form):
    """A request about one's data. From an account, name and address are known."""

    right = forms.ChoiceField(label=_("What do you ask?"), choices=Right.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Your name"), max_length=160)
    email = forms.EmailField(
        label=_("Your e-mail address"), help_text=_("The one that we know you by. A letter goes there.")
    )
    message = forms.CharField(
        label=_("What should we know?"), required=False, max_length=4000, widget=forms.Textarea({"rows": 4})
    )
    website = forms.CharField(required=False, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}))

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["website"].widget = forms.HiddenInput()
        if user is not None:
            del self.fields["name"], self.fields["email"]

    @property
    def is_from_a_robot(self):
        """Only a robot fills what nobody sees."""
        return bool(self.cleaned_data.get("website"))


class EnterRequestForm(forms.Form):
    """A request that came by post or by phone."""

    right = forms.ChoiceField(label=_("What is asked"), choices=Right.choices)
    name = forms.CharField(label=_("Name"), max_length=160)
    email = forms.EmailField(label=_("E-mail"))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    message = forms.CharField(label=_("Message"), required=False, widget=forms.Textarea({"rows": 4}))
    identity_note = forms.CharField(
        label=_("How you know who asks"), min_length=5, max_length=300, help_text=_("Which document was looked at.")
    )


class IdentitiesForm(forms.Form):
    """Which of the records found are this person's."""

    keys = forms.MultipleChoiceField(label=_("These records are this person's"), required=False,
                                     widget=forms.CheckboxSelectMultiple)  # fmt: skip

    def __init__(self, *args, cards, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["keys"].choices = [(card.key, f"{card.name} · {card.key}") for card in cards]


class WordsForm(forms.Form):
    """A reason or an answer that the person will read."""

    words = forms.CharField(min_length=5, max_length=4000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args, label=_("Answer"), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].label = label


class ObjectionToForm(forms.Form):
    """Which uses stop."""

    purposes = forms.ModelMultipleChoiceField(
        label=_("Uses that stop"), queryset=Purpose.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        open_to = Purpose.objects.filter(is_essential=False, current__isnull=False)
        bases = [LegalBasis.LEGITIMATE_INTEREST, LegalBasis.PUBLIC_TASK]
        self.fields["purposes"].queryset = open_to.filter(legal_basis__in=bases)
        self.fields["purposes"].initial = self.fields["purposes"].queryset
