from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.core.policy import bind_form
from pavillon.reference.models import Country
from pavillon.showroom.enums import Certification, TemplateKind
from pavillon.showroom.models import ReplyTemplate, Shop, ShowroomSettings
from pavillon.showroom.queries.templates import templates_for
from pavillon.ui.words import day as day_in_words


def country_choices():
    """Every country by its name in the reader's language."""
    return sorted(((country.code, country.name) for country in Country.objects.all()), key=lambda choice: choice[1])


class ApplicationForm(forms.Form):
    motivation = forms.CharField(
        label=_("What would you sell, and where?"),
        help_text=_("A few lines are enough: your main products, the countries that you aim at."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, Shop, is_new=True)


class ShopForm(forms.ModelForm):
    """The words of the shop's page, the countries sold to and the certificates held."""

    export_countries = forms.MultipleChoiceField(
        label=_("Countries where you sell"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Hold Ctrl or Cmd to choose several."),
    )

    class Meta:
        model = Shop
        fields = [
            "logo_text", "tagline_en", "tagline_fr", "presentation_en", "presentation_fr", "export_countries",
        ]  # fmt: skip
        widgets = {
            "presentation_en": forms.Textarea(attrs={"rows": 7, "lang": "en"}),
            "presentation_fr": forms.Textarea(attrs={"rows": 7, "lang": "fr"}),
            "tagline_en": forms.TextInput(attrs={"lang": "en"}),
            "tagline_fr": forms.TextInput(attrs={"lang": "fr"}),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["export_countries"].choices = country_choices()
        for language, outline in templates_for(TemplateKind.SHOP).items():
            self.fields[f"tagline_{language}"].widget.attrs["placeholder"] = outline.line
        held = {c.certification: c for c in self.instance.certificates.all()}
        for code, label in Certification.choices:
            certificate = held.get(code)
            self.fields[f"holds_{code}"] = forms.BooleanField(label=label, required=False, initial=code in held)
            self.fields[f"number_{code}"] = forms.CharField(
                label=pgettext_lazy("certificate", "Number"),
                required=False,
                max_length=60,
                initial=certificate.number if certificate else "",
            )
            self.fields[f"ends_on_{code}"] = forms.DateField(
                label=_("Valid until"),
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                initial=certificate.ends_on if certificate else None,
            )
        bind_form(self, user, Shop, row=self.instance)

    def clean(self):
        data = super().clean()
        for code, label in Certification.choices:
            until = data.get(f"ends_on_{code}")
            if data.get(f"holds_{code}") and until and until < timezone.localdate():
                self.add_error(
                    f"ends_on_{code}",
                    gettext("%(certificate)s ended on %(day)s: write the end of the present one, or untick it.")
                    % {"certificate": label, "day": day_in_words(until)},
                )
        return data

    def certificate_rows(self):
        """The fields of each certification, for the page's table."""
        return [
            (self[f"holds_{code}"], self[f"number_{code}"], self[f"ends_on_{code}"]) for code in Certification.values
        ]

    def text_fields(self):
        return [self[name] for name in self.Meta.fields if name in self.fields]

    @property
    def certificates(self):
        """What the action wants: the certificates that are ticked."""
        given = self.cleaned_data
        return [
            {"certification": code, "number": given[f"number_{code}"], "ends_on": given[f"ends_on_{code}"]}
            for code in Certification.values
            if given.get(f"holds_{code}")
        ]


class RecipientsForm(forms.Form):
    people: Any = forms.ModelMultipleChoiceField(
        label=_("Who is told of buyers' requests"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "In the inbox and by e-mail, in each one's language. Each person can silence e-mails in his preferences."
        ),
    )

    def __init__(self, *args, people, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        field.queryset, field.initial = people, chosen
        field.label_from_instance = lambda person: f"{person.full_name} ({person.email})"


class ReplyTemplateForm(forms.ModelForm):
    class Meta:
        model = ReplyTemplate
        fields = ["title", "language", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}


class ShowroomSettingsForm(forms.ModelForm):
    class Meta:
        model = ShowroomSettings
        fields = ["target_shops", "unanswered_hours"]
