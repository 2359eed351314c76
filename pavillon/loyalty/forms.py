"""The sheet of a programme, the filters of lists, the period of the report."""

import datetime

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.accounts.models import Organisation
from pavillon.core.policy import bind_form
from pavillon.directory.models.companies import meant_by
from pavillon.loyalty.models import Enrolment, Programme
from pavillon.reference.models import Region
from pavillon.segments.enums import Subject
from pavillon.segments.models import Segment
from pavillon.services.models import Service
from pavillon.ui.words import day as day_in_words

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
FIRST, LAST = datetime.date(1950, 1, 1), datetime.date(2150, 1, 1)


class DayField(forms.DateField):
    """A day that has a day before and after it."""

    widget = DATE

    def clean(self, value):
        day = super().clean(value)
        if day and not FIRST <= day <= LAST:
            raise forms.ValidationError(_("%(day)s: choose a day between 1950 and 2150.") % {"day": day_in_words(day)})
        return day


def _deciders(request):
    """The organisations that decide on a programme which the reader sees."""
    seen = Programme.objects.visible_to(request.user) if request else Programme.objects.none()
    return Organisation.objects.filter(pk__in=seen.order_by().values("organisation"))


class ProgrammeFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="unaccent__icontains", label=_("Name"))
    organisation = django_filters.ModelChoiceFilter(
        queryset=_deciders,
        label=_("Who decides"),
        empty_label=_("All"),
    )
    state = django_filters.ChoiceFilter(
        choices=[("in_force", _("In force")), ("other", _("Not in force"))],
        method="at_state",
        label=pgettext_lazy("programme", "State"),
        empty_label=_("All"),
    )

    class Meta:
        model = Programme
        fields: list[str] = []

    def at_state(self, rows, name, value):
        running = Programme.objects.in_force().values("pk")
        return rows.filter(pk__in=running) if value == "in_force" else rows.exclude(pk__in=running)


class EnrolmentFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Company"))
    state = django_filters.ChoiceFilter(
        choices=[("present", _("In the programme")), ("left", _("Left it"))],
        method="at_state",
        label=pgettext_lazy("programme", "State"),
        empty_label=_("All"),
    )
    region = django_filters.ModelChoiceFilter(
        field_name="company__region", queryset=Region.objects.inhabited(), label=_("Region"), empty_label=_("All")
    )

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def search(self, rows, name, value):
        return rows.filter(meant_by(value, "company__"))

    def at_state(self, rows, name, value):
        return rows.filter(left_at__isnull=value == "present")


class ProgrammeForm(forms.ModelForm):
    """Who decides for one organisation names no other (`own`), and services of that organisation only."""

    starts_on = DayField(label=pgettext_lazy("day", "From"))
    ends_on = DayField(label=pgettext_lazy("day", "To"))

    class Meta:
        model = Programme
        fields = [
            "name", "organisation", "segment", "min_services", "within_months", "about", "discount", "services",
            "is_priority", "enrols_nightly", "starts_on", "ends_on",
        ]  # fmt: skip
        widgets = {"about": forms.Textarea({"rows": 3}), "services": forms.CheckboxSelectMultiple}

    def __init__(self, *args, user, own=None, **kwargs):
        super().__init__(*args, **kwargs)
        partners = Organisation.objects.partners().order_by("name")
        field = self.fields["organisation"]
        field.queryset = partners.filter(pk=own.pk) if own else partners
        if own:
            field.initial, field.empty_label = own.pk, None
        seen = Q(pk__in=Segment.objects.visible_to(user).values("pk"))
        if self.instance.pk:
            seen |= Q(pk=self.instance.segment_id)
        self.fields["segment"].queryset = Segment.objects.filter(seen, subject=Subject.COMPANIES)
        offered = Service.objects.visible_to(user).offered().select_related("provider")
        self.fields["services"].queryset = offered.filter(provider=own) if own else offered
        self.fields["services"].label_from_instance = lambda service: f"{service} – {service.provider}"
        is_new = self.instance.pk is None
        bind_form(self, user, Programme, row=None if is_new else self.instance, is_new=is_new)

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The end lies before the beginning."))
        place = data.get("organisation")
        foreign = [str(service) for service in data.get("services") or () if place and service.provider_id != place.pk]
        if foreign:
            self.add_error(
                "services",
                _("%(services)s: another organisation provides it. Take it away; who provides a service prices it.")
                % {"services": ", ".join(foreign)},
            )
        return data

    def validate_unique(self):
        """The action says it in words: two may save at once."""


class PeriodForm(forms.Form):
    """From a day to a day, both included: since the programme began, unless something else is asked."""

    since = DayField(label=pgettext_lazy("day", "From"))
    until = DayField(label=pgettext_lazy("day", "To"))

    def clean(self):
        data = super().clean()
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("The end lies before the beginning."))
        return data

    @classmethod
    def read(cls, asked, programme):
        """(the form as shown, since, until); what is wrong is told, and the usual period shown."""
        until = max(min(timezone.localdate(), programme.ends_on), programme.starts_on)
        usual = {"since": programme.starts_on, "until": until}
        form = cls({name: asked.get(name) or day.isoformat() for name, day in usual.items()})
        found = form.cleaned_data if form.is_valid() else usual
        return form, found["since"], found["until"]


class EndEnrolmentForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The company reads it too."))
