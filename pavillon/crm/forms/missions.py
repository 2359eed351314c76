"""What is expected of a partner, what it reports, how its work is judged."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.core.policy import bind_form
from pavillon.crm.enums import MissionPaper, MissionState
from pavillon.crm.forms.leads import DATE
from pavillon.crm.models import Mission, MissionFile
from pavillon.ui.uploads import DOCUMENTS, MB, PICTURES, UploadField


class MissionFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=[("late", _("Late")), *MissionState.choices], method="at_state", label=_("Step"), empty_label=_("All")
    )

    class Meta:
        model = Mission
        fields = ["state"]

    def at_state(self, rows, name, value):
        return rows.late() if value == "late" else rows.filter(state=value)


class ChangeMissionForm(forms.ModelForm):
    class Meta:
        model = Mission
        fields = ["what", "due_on"]
        widgets = {"what": forms.Textarea({"rows": 3}), "due_on": DATE}


class ReportMissionForm(forms.Form):
    result = forms.CharField(
        label=pgettext_lazy("of a mission", "Result"), widget=forms.Textarea({"rows": 4}), max_length=4000
    )
    meetings = forms.IntegerField(label=_("Meetings arranged"), min_value=0, max_value=500)


class MissionFileForm(forms.Form):
    """A document; the partner brings its report, whoever sent the mission says what is expected."""

    kind = forms.ChoiceField(label=_("What it is"), choices=MissionPaper.choices)
    file = UploadField(
        label=_("Document"), takes=(*DOCUMENTS, *PICTURES), most=20 * MB,
        help_text=_("PDF, Word, Excel, PowerPoint, OpenDocument, CSV or a picture, up to 20 MB."),
    )  # fmt: skip

    def __init__(self, *args, user, mission, **kwargs):
        super().__init__(*args, **kwargs)
        first = MissionPaper.REPORT if mission.adviser_id == user.pk else MissionPaper.BRIEF
        self.fields["kind"].choices = [(paper.value, paper.label) for paper in (first, MissionPaper.EVIDENCE)]
        bind_form(self, user, MissionFile, is_new=True)


class ReviewMissionForm(forms.Form):
    quality = forms.TypedChoiceField(
        label=_("Quality"),
        coerce=int,
        choices=[
            (5, _("5 – excellent")),
            (4, _("4 – good")),
            (3, _("3 – as agreed")),
            (2, _("2 – weak")),
            (1, _("1 – poor")),
        ],
    )
    quality_note = forms.CharField(
        label=_("About the quality"), widget=forms.Textarea({"rows": 3}), required=False, max_length=2000,
        help_text=_("The partner reads it."),
    )  # fmt: skip
