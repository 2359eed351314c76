"""What a person writes in his agenda. Forms check; they never save."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.agenda.enums import WRITTEN_KINDS, AbsenceReason, Activity, EntryKind, Repeat, Sight
from pavillon.agenda.queries.calendar import moment_at
from pavillon.directory.models import Company

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")
LONGEST = datetime.timedelta(days=31)


class CreateEntryForm(forms.Form):
    """One line of an agenda: only its title and when are asked for."""

    title = forms.CharField(label=_("What"), max_length=200)
    day = forms.DateField(label=_("Day"), widget=DATE)
    start = forms.TimeField(label=_("From"), widget=TIME)
    end = forms.TimeField(label=_("Until"), widget=TIME)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(k.value, k.label) for k in WRITTEN_KINDS], initial=EntryKind.APPOINTMENT
    )
    activity = forms.ChoiceField(label=_("Activity"), choices=[("", "—"), *Activity.choices], required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    company = forms.CharField(label=_("Company"), max_length=120, required=False, help_text=_("Its name or its SIREN."))
    has_video = forms.BooleanField(label=_("With a video link"), required=False)
    sight = forms.ChoiceField(
        label=_("Who reads it"),
        choices=Sight.choices,
        initial=Sight.TEAM,
        help_text=_("Others see that you are busy, and nothing else."),
    )
    notes = forms.CharField(label=_("Notes"), max_length=10_000, required=False, widget=forms.Textarea({"rows": 3}))
    repeat = forms.ChoiceField(label=_("Again"), choices=Repeat.choices, required=False)
    repeat_until = forms.DateField(label=_("Until the day"), widget=DATE, required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_company(self):
        text = self.cleaned_data["company"].strip()
        if not text:
            return None
        seen = Company.objects.visible_to(self.user)
        digits = text.replace(" ", "")
        found = seen.filter(siren=digits) if digits.isdigit() else seen.filter(name__iexact=text)
        rows = list(found[:2])
        if len(rows) != 1:
            words = (
                _("%(n)s companies are called “%(text)s”: write the SIREN.")
                if rows
                else _("No company is called “%(text)s”: write the whole name, or the SIREN.")
            )
            raise ValidationError(words % {"text": text, "n": _("Several")})
        return rows[0]

    def clean(self):
        super().clean()
        data = self.cleaned_data
        day, start, end = data.get("day"), data.get("start"), data.get("end")
        if day and start and end:
            data["starts_at"], data["ends_at"] = moment_at(day, start), moment_at(day, end)
            if end <= start:
                # What goes past midnight ends the next day: an evening abroad seen from here.
                data["ends_at"] = moment_at(day + datetime.timedelta(days=1), end)
                if end == start or data["ends_at"] - data["starts_at"] > datetime.timedelta(hours=16):
                    self.add_error(
                        "end", _("%(end)s is not after %(start)s.") % {"end": f"{end:%H:%M}", "start": f"{start:%H:%M}"}
                    )
        last = data.get("repeat_until")
        if last and day and last < day:
            self.add_error("repeat_until", _("This day is before the first one."))
        return data


class ChangeEntryForm(CreateEntryForm):
    """The same line, said otherwise; how it is repeated is not changed here."""

    repeat: Any = None
    repeat_until: Any = None
    has_video: Any = None
    video_url = forms.URLField(label=_("Video link"), required=False, assume_scheme="https")


class MoveEntryForm(forms.Form):
    """Where an entry goes and how long it lasts: by the mouse, by the keys, or by two fields."""

    starts_at = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=1440)

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("starts_at") and data.get("minutes"):
            data["ends_at"] = data["starts_at"] + datetime.timedelta(minutes=data["minutes"])
        return data


class PlanAbsenceForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=AbsenceReason.choices)
    starts_on = forms.DateField(label=_("First day"), widget=DATE)
    ends_on = forms.DateField(label=_("Last day"), widget=DATE, required=False, help_text=_("Empty: that day only."))

    def clean(self):
        super().clean()
        data = self.cleaned_data
        first = data.get("starts_on")
        last = data["ends_on"] = data.get("ends_on") or first
        if first and last and last < first:
            self.add_error("ends_on", _("This day is before the first one."))
        return data


class PlanOneToOneForm(forms.Form):
    """A talk with one's manager every week."""

    manager: Any = forms.ModelChoiceField(None, label=_("With"), required=False, empty_label=_("Nobody of Pavillon"))
    day = forms.DateField(label=_("First day"), widget=DATE)
    start = forms.TimeField(label=_("From"), widget=TIME)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=240, initial=45)
    until = forms.DateField(label=_("Until the day"), widget=DATE)

    def __init__(self, *args, managers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = managers

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("day") and data.get("until") and data["until"] < data["day"]:
            self.add_error("until", _("This day is before the first one."))
        if data.get("day") and data.get("start"):
            data["starts_at"] = moment_at(data["day"], data["start"])
            if data["starts_at"] < timezone.now():
                self.add_error("day", _("This day is past: choose today or a later day."))
        return data
