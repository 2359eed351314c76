"""What one says about a screen, and what is decided about it."""

import re

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Kind
from pavillon.feedback.enums import Rating, State, Theme
from pavillon.feedback.models import Decision, Feedback


class SendFeedbackForm(forms.ModelForm):
    """`page` is the address that one came from; the screen is found from it, and nothing else of it is kept."""

    rating = forms.TypedChoiceField(
        label=_("How well does this screen serve you?"), choices=Rating.choices, coerce=int, widget=forms.RadioSelect
    )
    page = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    class Meta:
        model = Feedback
        fields = ["rating", "theme", "text", "wants_answer"]
        widgets = {"text": forms.Textarea({"rows": 4})}


class DecideFeedbackForm(forms.ModelForm):
    class Meta:
        model = Feedback
        fields = ["state", "theme", "answer"]
        widgets = {"answer": forms.Textarea({"rows": 3})}
        help_texts = {"answer": _("Who wrote it reads this, in a notification and under “My feedback”.")}


class JoinFeedbackForm(forms.Form):
    to = forms.CharField(label=_("Its reference"), max_length=12, help_text=_("F-000012: the one that stays."))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_to(self):
        typed = self.cleaned_data["to"]
        number = re.fullmatch(r"\s*(?:[Ff]-?)?(\d{1,9})\s*", typed)
        found = Feedback.objects.visible_to(self.user).filter(pk=int(number.group(1))).first() if number else None
        if found is None:
            raise ValidationError(
                _("“%(typed)s” is no reference of a feedback. Copy it from the list, as F-000012."),
                params={"typed": typed},
            )
        return found


class PublishDecisionForm(forms.ModelForm):
    class Meta:
        model = Decision
        fields = ["said", "done"]
        help_texts = {"said": _("In other words than its author's, without names: everybody reads it.")}


class FeedbackFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Search"))
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("Step"), empty_label=_("All"))
    theme = django_filters.ChoiceFilter(choices=Theme.choices, label=_("Theme"), empty_label=_("All"))
    rating = django_filters.ChoiceFilter(choices=Rating.choices, label=_("Rating"), empty_label=_("All"))
    whose = django_filters.ChoiceFilter(
        field_name="organisation__kind", choices=Kind.choices, label=_("From whom"), empty_label=_("All")
    )
    waits = django_filters.BooleanFilter(
        method="waiting",
        label=_("Waits for an answer"),
        widget=forms.Select(choices=[("", _("All")), ("true", _("Yes"))]),
    )
    screen = django_filters.CharFilter(lookup_expr="exact", label=_("Screen"))

    class Meta:
        model = Feedback
        fields = ["q", "state", "theme", "rating", "whose", "waits", "screen"]

    def search(self, rows, name, value):
        number = re.fullmatch(r"\s*[Ff]-?(\d{1,9})\s*", value)
        return rows.filter(pk=int(number.group(1))) if number else rows.filter(text__icontains=value)

    def waiting(self, rows, name, value):
        return rows.filter(Q(answer=""), wants_answer=True) if value else rows


class DecisionFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=_("Team"), empty_label=_("All"))
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("Step"), empty_label=_("All"))

    class Meta:
        model = Decision
        fields = ["kind", "state"]
