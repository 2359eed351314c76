"""Names, reasons and limits; the rule itself is read by `directory.criteria`."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.segments.enums import Layout, ListOrigin, Subject
from pavillon.segments.models import ExportLimit, Segment, TargetList, TargetSize
from pavillon.segments.queries.parts import parts_for


class SegmentForm(forms.ModelForm):
    class Meta:
        model = Segment
        fields = ["name", "description", "sharing"]


class TagForm(forms.Form):
    tag = forms.CharField(label=_("Tag"), max_length=40)


class TargetForm(forms.Form):
    """Into one of one's own lists, or into a new one."""

    target_list = forms.ModelChoiceField(
        label=_("Target list"), queryset=TargetList.objects.none(), required=False, empty_label=_("A new list")
    )
    name = forms.CharField(label=_("Name of the new list"), max_length=120, required=False)
    origin = forms.ChoiceField(label=_("Recommended by"), choices=ListOrigin.choices)
    note = forms.CharField(label=_("What to do"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["target_list"].queryset = TargetList.objects.visible_to(user).filter(author=user)

    def clean(self):
        data = super().clean()
        if not data.get("target_list") and not (data.get("name") or "").strip():
            self.add_error("name", _("Choose a list, or name a new one."))
        return data


class PublishForm(forms.Form):
    readers = forms.ModelMultipleChoiceField(
        label=_("Advisers"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.working().acting_in(organisation=user.organisation)
        self.fields["readers"].queryset = people.exclude(pk=user.pk).order_by("last_name", "first_name")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, min_length=10, widget=forms.Textarea(attrs={"rows": 3}))


class ExportForm(forms.Form):
    hide_optional = True
    part = forms.ChoiceField(label=_("What leaves"), required=False)
    format = forms.ChoiceField(label=_("Format"), choices=[("csv", "CSV"), ("xlsx", "XLSX")], initial="xlsx")
    layout = forms.ChoiceField(label=_("Layout"), choices=Layout.choices)

    def __init__(self, *args, subject, user, **kwargs):
        super().__init__(*args, **kwargs)
        if subject != Subject.COMPANIES:
            del self.fields["part"]
            return
        parts = [(key, part.label) for key, part in parts_for(user).items()]
        self.fields["part"].choices = [("", _("The companies of the list")), *parts]


class TargetSizeForm(forms.ModelForm):
    class Meta:
        model = TargetSize
        fields = ["above", "below", "reason"]

    def clean(self):
        data = super().clean()
        above, below = data.get("above"), data.get("below")
        if above is not None and below is not None and below <= above + 1:
            self.add_error(
                "below",
                _("Nothing lies strictly between %(above)s and %(below)s.") % {"above": above, "below": below},
            )
        return data


class ExportLimitForm(forms.ModelForm):
    class Meta:
        model = ExportLimit
        fields = ["hourly_rows", "approval_rows", "reason"]
