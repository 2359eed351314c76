"""People of an organisation, for whoever looks after their accounts."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pavillon.accounts import actions, queries
from pavillon.accounts.actions.imports import COLUMNS
from pavillon.accounts.forms.filters import PEOPLE_COLUMNS, PeopleFilters
from pavillon.accounts.forms.people import (
    AddMembershipForm,
    ChangeMembershipForm,
    ImportPeopleForm,
    InviteUserForm,
    UserForm,
)
from pavillon.accounts.models import Membership, PeopleImport, User
from pavillon.core.permissions import require
from pavillon.core.views import requires
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@requires("accounts.view_people")
def people(request):
    return list_page(
        request,
        User.objects.visible_to(request.user).with_current_memberships(request.user),
        template="accounts/people.html",
        rows="accounts/_people_rows.html",
        filters=PeopleFilters,
        sorts={"name": ["last_name", "first_name"], "seen": ["last_login"], "email": ["email"]},
        sort="name",
        columns=PEOPLE_COLUMNS,
        export_permission="accounts.export_people",
        export_name=_("people"),
    )


@requires("accounts.view_user", on=User)
def user(request, user):
    context = {
        "person": user,
        "roles": queries.roles_of(user, seen_by=request.user),
        "may": queries.may_do(request.user, user),
        "sign_ins": queries.sign_in_facts(user),
        "local_time": f"{timezone.localtime(timezone=ZoneInfo(user.time_zone)):%H:%M}",
        "language": dict(settings.LANGUAGES).get(user.language, user.language),
    }
    return render(request, "accounts/user.html", context)


@requires("accounts.invite_user")
def invite_user(request):
    """An address that is known already leads to the page that adds a role instead (one record per person)."""
    form = InviteUserForm(request.POST or None, user=request.user)
    known = None
    if form.is_valid():
        try:
            membership = actions.invite_user(by=request.user, **form.cleaned_data)
            say(request, _("%(email)s is invited.") % {"email": membership.user.email})
            return redirect("accounts:user", membership.user_id)
        except actions.EmailTaken as error:
            known = queries.known_person(error.user, form.cleaned_data["organisation"], form.cleaned_data["role"])
    return form_page(request, "accounts/invite_user.html", {"form": form, "known": known})


@require_POST
@requires("accounts.add_membership")
def add_known_user(request):
    """Adds the role that an invitation asked for to the account that has the address already."""
    form = InviteUserForm(request.POST, user=request.user)
    if not form.is_valid():
        return form_page(request, "accounts/invite_user.html", {"form": form})
    try:
        membership = actions.add_known_user(by=request.user, **form.cleaned_data)
    except actions.AlreadyMember as error:
        form.add_error(None, str(error))
        return form_page(request, "accounts/invite_user.html", {"form": form})
    say(request, _("%(person)s has the role now.") % {"person": membership.user})
    return redirect("accounts:user", membership.user_id)


@requires("accounts.change_user", on=User)
def change_user(request, user):
    form = UserForm(request.POST or None, user=request.user, person=user)
    if form.is_valid():
        actions.change_user(user=user, by=request.user, **form.cleaned_data)
        say(request, _("Saved."))
        return redirect("accounts:user", user.pk)
    return form_page(request, "accounts/change_user.html", {"form": form, "person": user})


@require_POST
@requires("accounts.send_invitation", on=User)
def send_invitation(request, user):
    actions.send_invitation(user=user, by=request.user)
    say(request, _("A new invitation is on its way to %(email)s.") % {"email": user.email})
    return redirect("accounts:user", user.pk)


@require_POST
@requires("accounts.deactivate_user", on=User)
def deactivate_user(request, user):
    actions.deactivate_user(user=user, by=request.user)
    say(request, _("%(person)s is signed out everywhere and cannot sign in any more.") % {"person": user})
    return redirect("accounts:user", user.pk)


@require_POST
@requires("accounts.reactivate_user", on=User)
def reactivate_user(request, user):
    actions.reactivate_user(user=user, by=request.user)
    say(request, _("%(person)s may sign in again.") % {"person": user})
    return redirect("accounts:user", user.pk)


@require_POST
@requires("accounts.end_sessions", on=User)
def end_sessions(request, user):
    ended = actions.end_sessions(user=user, by=request.user)
    say(request, ngettext("%(n)s session was ended.", "%(n)s sessions were ended.", ended) % {"n": ended})
    return redirect("accounts:user", user.pk)


@require_POST
@requires("accounts.end_all_sessions")
def end_all_sessions(request):
    ended = actions.end_all_sessions(by=request.user, keep=request.session.session_key)
    say(request, ngettext("%(n)s session was ended.", "%(n)s sessions were ended.", ended) % {"n": ended})
    return redirect("accounts:people")


@require_POST
@requires("accounts.lift_suspension", on=User)
def lift_suspension(request, user):
    actions.lift_suspension(user=user, by=request.user)
    say(request, _("%(person)s may sign in again.") % {"person": user})
    return redirect("accounts:user", user.pk)


@requires("accounts.view_user", on=User)
def add_membership(request, user):
    require(request.user, "accounts.add_membership")
    form = AddMembershipForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            actions.add_membership(user=user, by=request.user, **form.cleaned_data)
            say(request, _("The role is added."))
            return redirect("accounts:user", user.pk)
        except actions.AlreadyMember as error:
            form.add_error("role", str(error))
    return form_page(request, "accounts/add_membership.html", {"form": form, "person": user})


@requires("accounts.change_membership", on=Membership)
def change_membership(request, membership):
    form = ChangeMembershipForm(request.POST or None, user=request.user, membership=membership)
    if form.is_valid():
        place = {"network": "", "unit": None, "covers": None, **form.cleaned_data}
        actions.change_membership(membership=membership, by=request.user, **place)
        say(request, _("Saved."))
        return redirect("accounts:user", membership.user_id)
    return form_page(request, "accounts/change_membership.html", {"form": form, "membership": membership})


@require_POST
@requires("accounts.end_membership", on=Membership)
def end_membership(request, membership):
    actions.end_membership(membership=membership, by=request.user)
    say(request, _("The role has ended: %(role)s.") % {"role": membership})
    return redirect("accounts:user", membership.user_id)


@requires("accounts.import_people")
def import_people(request):
    form = ImportPeopleForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid():
        rehearsal = actions.rehearse_people_import(
            organisation=form.cleaned_data["organisation"],
            rows=form.cleaned_data["rows"],
            file_name=form.cleaned_data["file"].name,
            by=request.user,
        )
        return redirect("accounts:people_import", rehearsal.pk)
    return form_page(request, "accounts/import_people.html", {"form": form, "columns": COLUMNS})


@requires("accounts.import_people")
def import_model(request):
    """A file to fill in, with one line as an example."""
    example = "amelie.durand@chambre.example;Amélie;Durand;adviser;fr;+33 1 99 00 00 00;;;ci"
    response = HttpResponse(f"\ufeff{';'.join(COLUMNS)}\r\n{example}\r\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    return response


@requires("accounts.import_people", on=PeopleImport)
def people_import(request, peopleimport):
    context = {"people_import": peopleimport}
    return fragment(request, "accounts/people_import.html", "accounts/_people_import.html", context)


@require_POST
@requires("accounts.import_people", on=PeopleImport)
def confirm_people_import(request, peopleimport):
    try:
        actions.confirm_people_import(
            people_import=peopleimport, sends_letters="sends_letters" in request.POST, by=request.user
        )
    except actions.AlreadyConfirmed:
        say(request, _("This import was started already."))
    return redirect("accounts:people_import", peopleimport.pk)
