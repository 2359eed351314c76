"""The key-holders' pages."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyservice.holding import KeyUnavailable
from keyservice.shares import WrongShares
from pavillon.core.encryption import DataLocked
from pavillon.core.views import requires
from pavillon.security import actions, forms, queries
from pavillon.security.enums import Step
from pavillon.security.models import KeyProposal, RecoveryShare
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say

LINES = 30


@require_GET
@requires("security.read_keys")
def read_keys(request):
    """The state of the keys, what their holders decide, and the log of their life."""
    lines = queries.audited_lines(verb="security.data_key", kind="changed", most=LINES)
    context = {"state": queries.key_state(by=request.user), "lines": queries.shown_lines(lines, by=request.user)}
    context["form"], context["is_holder"] = forms.KeyReasonForm(), request.user.has_perm("security.rotate_keys")
    return render(request, "security/read_keys.html", context)


@require_POST
@requires("security.rotate_keys")
def rotate_keys(request):
    form = forms.KeyReasonForm(request.POST)
    if not form.is_valid():
        return _back(request, _("Say why: the reason stays in the log."))
    try:
        actions.rotate_keys(by=request.user, reason=form.cleaned_data["reason"])
    except (DataLocked, KeyUnavailable) as error:
        return _back(request, _("The keys did not rotate: %(why)s") % {"why": error})
    return _back(request, _("The keys are renewed. What older ones closed stays readable; nothing was rewritten."))


def _back(request, words):
    say(request, words)
    return redirect("security:read_keys")


@requires("security.propose_key_step")
def propose_key_step(request, step):
    """Ask a second key-holder to revoke the keys, or to split a new recovery secret."""
    if step not in Step.values:
        raise Http404
    form = forms.PROPOSAL_FORMS[step](request.POST or None)
    if form.is_valid():
        try:
            actions.propose_key_step(
                step=Step(step), reason=form.cleaned_data["reason"], details=form.details(), by=request.user
            )
            return _back(request, _("Proposed. Another key-holder confirms it within a day."))
        except actions.AlreadyProposed:
            form.add_error(None, _("This is proposed already: another key-holder confirms or withdraws it."))
    context = {"form": form, "step": Step(step), "state": queries.key_state(by=request.user)}
    return form_page(request, "security/propose_key_step.html", context)


@require_POST
@requires("security.confirm_key_step", on=KeyProposal)
def confirm_key_step(request, keyproposal):
    try:
        actions.confirm_key_step(proposal=keyproposal, by=request.user)
    except actions.NotWaiting:
        return _back(request, _("This proposal was decided or ran out meanwhile."))
    except (DataLocked, KeyUnavailable) as error:
        return _back(request, _("It was not done: %(why)s") % {"why": error})
    return _back(request, _("Done: %(step)s.") % {"step": keyproposal.get_step_display()})


@require_POST
@requires("security.withdraw_key_step", on=KeyProposal)
def withdraw_key_step(request, keyproposal):
    try:
        actions.withdraw_key_step(proposal=keyproposal, by=request.user)
    except actions.NotWaiting:
        return _back(request, _("This proposal was decided or ran out meanwhile."))
    return _back(request, _("The proposal is withdrawn."))


@requires("security.collect_share", on=RecoveryShare)
def collect_share(request, recoveryshare):
    """The page that a holder prints: his words are shown once, then they are gone from here."""
    words = actions.collect_share(share=recoveryshare, by=request.user) if request.method == "POST" else ""
    context = {"share": recoveryshare, "set": recoveryshare.recovery_set, "words": words.split()}
    context["is_gone"] = not words and bool(recoveryshare.collected_at)
    response = render(request, "security/collect_share.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@requires("security.rebuild_keys")
def rebuild_keys(request):
    """The ceremony: enough holders, each with his share."""
    state = queries.key_state(by=request.user)
    form = forms.RebuildForm(request.POST or None, needed=state.recovery.threshold if state.recovery else 2)
    if form.is_valid():
        try:
            actions.rebuild_keys(lines=form.lines(), by=request.user, reason=form.cleaned_data["reason"])
            return _back(
                request, _("The data are open again. Split a new recovery secret now: this one was seen whole.")
            )
        except WrongShares as error:
            form.blame(error)
        except (actions.NotRevoked, actions.NothingToRebuildFrom, KeyUnavailable) as error:
            form.add_error(None, forms.why_not_rebuilt(error))
    return form_page(request, "security/rebuild_keys.html", {"form": form, "state": state})
