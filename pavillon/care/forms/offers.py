"""An offer is adjusted, answered and asked about; rules of offers are written."""

from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.care.enums import OfferState
from pavillon.care.models import Offer, OfferLine, OfferQuestion, OfferRule
from pavillon.care.models.offers import CONDITIONS
from pavillon.care.queries.offers import keeper_of
from pavillon.core.policy import bind_form
from pavillon.directory.models.companies import meant_by
from pavillon.segments.enums import Sharing
from pavillon.segments.models import Segment
from pavillon.services.models import Service
from pavillon.solutions.models import Solution


class OfferFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Company"))
    state = django_filters.ChoiceFilter(choices=OfferState.choices, label=_("Step"), empty_label=_("All"))
    whose = django_filters.ChoiceFilter(
        choices=[("mine", _("Mine"))], method="of_mine", label=_("Whose"), empty_label=_("All")
    )

    class Meta:
        model = Offer
        fields: list[str] = []

    def search(self, rows, name, value):
        return rows.filter(meant_by(value, "company__"))

    def of_mine(self, rows, name, value):
        return rows.filter(author=self.request.user)


class ChangeOfferForm(forms.Form):
    words = forms.CharField(
        label=_("Your words to the company"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args, user, offer, **kwargs):
        # Several forms stand on the page of an offer: each has names of its own for its labels.
        super().__init__(*args, **kwargs | {"auto_id": "offer_%s"})
        bind_form(self, user, Offer, row=offer)


class OfferLineForm(forms.Form):
    words = forms.CharField(
        label=_("Why, in your words"), required=False, max_length=300, help_text=_("The company reads it.")
    )

    def __init__(self, *args, user, line=None, **kwargs):
        super().__init__(*args, **kwargs | {"auto_id": "line_%s"})
        bind_form(self, user, OfferLine, row=line, is_new=line is None)


class AddOfferLineForm(OfferLineForm):
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"), required=False)
    solution = forms.ModelChoiceField(Solution.objects.none(), label=_("or solution"), required=False)
    field_order = ["service", "solution", "words"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["service"].queryset = Service.objects.visible_to(user).offered().select_related("provider")
        self.fields["service"].label_from_instance = lambda service: f"{service} – {service.provider}"
        rows = Solution.objects.visible_to(user).published().select_related("provider")
        self.fields["solution"].queryset = rows
        self.fields["solution"].label_from_instance = lambda solution: f"{solution} – {solution.provider}"

    def clean(self):
        data = super().clean()
        if bool(data.get("service")) == bool(data.get("solution")):
            self.add_error("service", _("Choose a service or a solution: one of the two."))
        return data


class RemoveOfferLineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it does not fit"), max_length=300, help_text=_("It teaches which rules are worth their place.")
    )


class WithdrawOfferForm(forms.Form):
    reason = forms.CharField(label=_("Why it is withdrawn"), max_length=300)

    def __init__(self, *args, user, offer, **kwargs):
        super().__init__(*args, **kwargs | {"auto_id": "withdraw_%s"})
        # A draft was never shown to it.
        if offer.proposed_at:
            self.fields["reason"].help_text = _("The company reads it.")
        bind_form(self, user, Offer, row=offer)


class FollowUpForm(forms.Form):
    follow_up_on = forms.DateField(
        label=_("On"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "It stands in the adviser’s agenda, or in yours once the adviser has left, until the company has answered."
            " The team sees it. Without a day, none is planned."
        ),
    )
    follow_up_at = forms.TimeField(
        label=_("At"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args, user, offer, **kwargs):
        super().__init__(*args, **kwargs | {"auto_id": "follow_up_%s"})
        self.offer, self.user = offer, user
        bind_form(self, user, Offer, row=offer)

    def clean_follow_up_on(self):
        """From today on, where it is kept: the hour is on the clock of whose agenda it stands in."""
        day = self.cleaned_data["follow_up_on"]
        if day and day < timezone.localdate(timezone=ZoneInfo(keeper_of(self.offer, self.user).time_zone)):
            raise forms.ValidationError(_("This day is past: choose today or a later day."))
        if not day and not self.offer.follow_up_on:
            raise forms.ValidationError(_("Say for which day."))
        return day

    def clean(self):
        data = super().clean()
        if data.get("follow_up_at") and not data.get("follow_up_on") and "follow_up_on" not in self.errors:
            self.add_error("follow_up_on", _("Say for which day."))
        return data


class AnswerQuestionForm(forms.Form):
    answer = forms.CharField(label=_("Your answer"), max_length=2000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, user, question=None, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, OfferQuestion, row=question)


class DeclineLineForm(forms.Form):
    reason = forms.CharField(label=_("Why not (as you like)"), max_length=300, required=False)


class AskAboutLineForm(forms.Form):
    text = forms.CharField(label=_("Your question"), max_length=2000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, OfferQuestion, is_new=True)


class OfferRuleForm(forms.ModelForm):
    class Meta:
        model = OfferRule
        fields = ["name", "service", "solution", "weight", "why_fr", "why_en", *CONDITIONS, "reason"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.visible_to(user).offered().select_related("provider")
        self.fields["solution"].queryset = Solution.objects.visible_to(user).published().select_related("provider")
        # Found by everybody: a rule is read by the whole team.
        self.fields["segment"].queryset = Segment.objects.visible_to(user).filter(
            sharing=Sharing.NETWORK, subject="companies"
        )

    def clean(self):
        data = super().clean()
        if bool(data.get("service")) == bool(data.get("solution")):
            self.add_error("service", _("Choose a service or a solution: one of the two."))
        if not any(data.get(name) for name in CONDITIONS):
            self.add_error(None, _("Say to whom: at least one condition has to be met."))
        low, high = data.get("capacity_from"), data.get("capacity_to")
        if low and high and low > high:
            self.add_error("capacity_to", _("The capacity ends below its beginning: %(low)s.") % {"low": low})
        return data
