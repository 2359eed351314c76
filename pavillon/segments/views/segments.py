"""Segments: the list, the page of one, the builder of its rule."""

import json
from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.directory.criteria import EVERYTHING, WrongRule, address_of, write_rule
from pavillon.segments import actions
from pavillon.segments.builder import Builder
from pavillon.segments.enums import Subject
from pavillon.segments.forms import SegmentForm, TargetSizeForm
from pavillon.segments.models import Segment, TargetSize
from pavillon.segments.queries import SUBJECTS, members, moves_since, preview_of, rule_of, sentence_for, target_size
from pavillon.ui.htmx import form_page, is_htmx
from pavillon.ui.messages import say

SINCE = {"7": 7, "30": 30, "90": 90}


@require_GET
@requires("segments.view_segments")
def segments(request):
    shown = Segment.objects.visible_to(request.user).select_related("owner", "organisation")
    lines = [(segment, sentence_for(segment, request.user)) for segment in shown[:100]]
    return render(request, "segments/segments.html", {"lines": lines})


@require_GET
@requires("segments.view_segments", on=Segment)
def segment(request, segment):
    """Its rule in words, who is in it now, who came and went."""
    user, days = request.user, SINCE.get(request.GET.get("since", ""), 7)
    rows = members(segment, user)
    count = rows.order_by()[:10_001].count()
    moves = moves_since(segment, user, timezone.now() - timedelta(days=days))
    sample = list(rows.order_by("pk")[:12])
    note_read(user, rows.model, how="list", rows=len(sample), ids=[row.pk for row in sample])
    context = {"segment": segment, "sentence": sentence_for(segment, user), "count": count, "sample": sample}
    context |= {"entered": moves[True], "left": moves[False], "days": days, "periods": SINCE.values()}
    context |= {"address": _address(segment, user), "may_change": user.has_perm("segments.change_segment", segment)}
    return render(request, "segments/segment.html", context)


def _address(segment, user):
    """The query of the list that shows the same rows, "" when this person cannot ask it."""
    try:
        return address_of(rule_of(segment, user))
    except WrongRule:
        return ""


@requires("segments.create_segment")
def create_segment(request):
    """A new rule; it begins with the list that one looked at, or with the size that prospecting aims at."""
    subject = request.GET.get("subject", "")
    subject = subject if subject in SUBJECTS else Subject.COMPANIES
    builder = Builder(request, subject, _first_rule(request, subject))
    form = SegmentForm(request.POST if builder.is_sent else None)
    if builder.is_sent and form.is_valid() and builder.is_right:
        data = form.cleaned_data
        try:
            made = actions.create_segment(
                name=data["name"], description=data["description"], sharing=data["sharing"], subject=subject,
                rule=builder.rule, by=request.user,
            )  # fmt: skip
            say(request, _("The segment “%(name)s” is saved.") % {"name": made.name})
            return redirect(made)
        except (actions.NameTaken, WrongRule) as error:
            form.add_error("name", str(error))
    return _built(request, builder, form, None)


def _first_rule(request, subject):
    if written := request.GET.get("from_list", ""):
        return {"address": written}
    if subject == Subject.COMPANIES and request.GET.get("target"):
        size = target_size()
        return {"all": [{"field": "headcount", "op": "inside", "value": [size.above, size.below]}]}
    return write_rule(EVERYTHING)


@requires("segments.change_segment", on=Segment)
def change_segment(request, segment):
    builder = Builder(request, segment.subject, segment.rule)
    form = SegmentForm(request.POST if builder.is_sent else None, instance=segment)
    if builder.is_sent and form.is_valid() and builder.is_right:
        data = form.cleaned_data
        try:
            actions.change_segment(
                segment=segment, name=data["name"], description=data["description"], sharing=data["sharing"],
                rule=builder.rule, by=request.user,
            )  # fmt: skip
            say(request, _("The segment “%(name)s” is saved.") % {"name": data["name"]})
            return redirect("segments:segment", segment.pk)
        except (actions.NameTaken, WrongRule) as error:
            form.add_error("name", str(error))
    return _built(request, builder, form, segment)


def _built(request, builder, form, segment):
    """The builder with what its rule finds now; its own piece alone when a gesture asks for it."""
    preview = preview_of(builder.rule, builder.subject, request.user)
    note_read(request.user, SUBJECTS[builder.subject][0], how="search", rows=len(preview.rows))
    context = {"builder": builder, "form": form, "segment": segment, "preview": preview}
    context["written"] = json.dumps(write_rule(builder.rule), ensure_ascii=False)
    if is_htmx(request):
        return render(request, "segments/_builder.html", context)
    return form_page(request, "segments/build_segment.html", context)


@require_POST
@requires("segments.delete_segment", on=Segment)
def delete_segment(request, segment):
    try:
        actions.delete_segment(segment=segment, by=request.user)
    except actions.SegmentUsed as error:
        messages.error(request, str(error))
        return redirect(segment)
    say(request, _("The segment “%(name)s” was deleted.") % {"name": segment.name})
    return redirect("segments:segments")


@require_GET
@requires("segments.view_target_size")
def view_target_size(request):
    history = TargetSize.objects.visible_to(request.user).select_related("decided_by")[:20]
    return render(request, "segments/target_size.html", {"size": target_size(), "history": history})


@requires("segments.change_target_size")
def change_target_size(request):
    size = target_size()
    form = TargetSizeForm(request.POST or None, initial={"above": size.above, "below": size.below})
    if form.is_valid():
        data = form.cleaned_data
        actions.change_target_size(above=data["above"], below=data["below"], reason=data["reason"], by=request.user)
        say(request, _("The target size is changed."))
        return redirect("segments:view_target_size")
    return form_page(request, "segments/change_target_size.html", {"form": form, "size": size})
