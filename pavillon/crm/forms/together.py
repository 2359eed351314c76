"""Comments, tasks and following. Forms check; they never save."""

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.core.policy import bind_form
from pavillon.crm.enums import FollowTopic, Visibility
from pavillon.crm.forms.leads import DATE, ColleagueForm
from pavillon.crm.models import Comment, SharedTask
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.crm.queries.together import AT_MOST, people_named_in
from pavillon.ui.blank_forms import draw_blank


class CommentForm(forms.Form):
    """Words in which colleagues of any organisation are named by “@First Last”."""

    text = forms.CharField(
        label=_("Comment"),
        max_length=10_000,
        widget=forms.Textarea(
            {
                "rows": 2,
                "placeholder": _("Write a comment; name a colleague with @"),
                "data-people": reverse_lazy("crm:find_people"),
                "autocomplete": "off",
            }
        ),
    )

    def __init__(self, *args, user, row=None, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, Comment, row=row, is_new=row is None)

    def clean_text(self):
        text = self.cleaned_data["text"]
        named = people_named_in(text)
        if named.unknown:
            raise ValidationError(
                _("Nobody of the export team is called “@%(name)s”. Write first and last name, or @ and the address.")
                % {"name": named.unknown[0]}
            )
        if named.several:
            raise ValidationError(
                _("Several colleagues are called “@%(name)s”: write @ and the e-mail address instead.")
                % {"name": named.several[0]}
            )
        if len(named.people) > AT_MOST:
            raise ValidationError(
                _("%(n)s people are named; at most %(limit)s at a time.") % {"n": len(named.people), "limit": AT_MOST}
            )
        self.people = named.people
        return text


class DiscussionForm(CommentForm):
    visibility = forms.ChoiceField(
        label=_("Who may read it"), choices=Visibility.choices, initial=Visibility.ORGANISATION
    )

    def draw(self):
        """Its fields; the same for all as long as nobody answered."""
        fields = "crm/_discussion_fields.html"
        return render_to_string(fields, {"form": self}) if self.is_bound else draw_blank(self, fields)


class GiveTaskForm(ColleagueForm):
    """One's colleagues and oneself, the team of the company's region; anybody else of the team by address."""

    roles = tuple(sorted(LEAD_READERS))

    what = forms.CharField(label=_("What is to be done"), max_length=200)
    due_on = forms.DateField(label=_("Before the end of"), widget=DATE)

    field_order = ("what", "due_on", "member", "email")

    def __init__(self, *args, user, region_id=None, **kwargs):
        super().__init__(*args, user=user, region_id=region_id, **kwargs)
        mine = self.handling.filter(pk=user.acting.pk if user.acting else None)
        member = self.fields["member"]
        member.label = pgettext_lazy("task", "Given to")
        member.queryset = (member.queryset | mine).distinct()
        bind_form(self, user, SharedTask, is_new=True)

    def clean_due_on(self):
        return day_to_come(self.cleaned_data["due_on"])


class ChangeTaskForm(forms.Form):
    what = forms.CharField(label=_("What is to be done"), max_length=200)
    due_on = forms.DateField(label=_("Before the end of"), widget=DATE)

    def __init__(self, *args, user, row, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, SharedTask, row=row)

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        return day if day == self.initial.get("due_on") else day_to_come(day)


def day_to_come(day):
    if day < timezone.localdate():
        raise ValidationError(_("This day is past: choose today or a later day."))
    return day


class FollowForm(forms.Form):
    topics = forms.MultipleChoiceField(
        label=_("Tell me of"), choices=FollowTopic.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    def clean_topics(self):
        topics = self.cleaned_data["topics"]
        if not topics:
            raise ValidationError(_("Tick at least one subject, or stop following."))
        return topics

    def draw(self):
        """Its fields; the same for all who chose the same, as long as nobody answered."""
        fields = "crm/_follow_fields.html"
        if self.is_bound:
            return render_to_string(fields, {"form": self})
        return draw_blank(self, fields, tuple(self.initial["topics"]))
