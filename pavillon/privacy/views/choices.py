"""The page where a person sees what may be done with her data and changes it: with an account, or by a signed link."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import public, requires
from pavillon.privacy import actions, queries
from pavillon.privacy.forms import AnswerPurposesForm, ChangeChoiceForm
from pavillon.privacy.models import Consent, Question, RightsRequest
from pavillon.privacy.views.consents import proof_of
from pavillon.ui.limits import limited


@requires("privacy.list_consents")
def list_consents(request):
    user = request.user
    context = {"consents": queries.consents_of(user), "unanswered": queries.unanswered_by(user)}
    context |= {"choices": queries.choices_of(user), "questions": queries.open_questions_to(user)}
    context["requests"] = RightsRequest.objects.visible_to(user).filter(user=user)
    return render(request, "privacy/list_consents.html", context)


@requires("privacy.list_consents")
@require_POST
def change_choice(request):
    """One line: accept, withdraw, object, allow again."""
    form = ChangeChoiceForm(request.POST)
    if form.is_valid():
        _keep(request, form, request.user, request.user)
    return redirect("privacy:list_consents")


def _keep(request, form, person, by):
    data = form.cleaned_data
    changed = actions.change_choice(
        person=person, purpose=data["purpose"].pk, answer=data["answer"] == "yes", scope=data["scope"], by=by,
        proof=proof_of(request),
    )  # fmt: skip
    if changed:
        messages.success(request, _("Your choice is kept, and in force as of now."))


def _is_about(line, data):
    return (line.purpose.pk, line.scope) == (data["purpose"].pk, data["scope"])


@public
@limited("120/h", person="30/h")
def choices(request, token):
    """Without an account: the link of a letter names the person; it shows no name, for a link may be forwarded."""
    person = queries.person_of(queries.key_of_token(token))
    if person is None:
        return render(request, "privacy/choices_gone.html", status=404)
    form = ChangeChoiceForm(request.POST or None)
    shown = queries.choices_of(person)
    if form.is_valid():
        # A link may be forwarded: it answers what the page shows and nothing else.
        if not any(_is_about(line, form.cleaned_data) for line in shown):
            return render(request, "privacy/choices_gone.html", status=404)
        _keep(request, form, person, None)
        return redirect("privacy:choices", token)
    context = {"choices": shown, "token": token}
    return render(request, "privacy/choices.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires("privacy.answer_question", on=Question)
def answer_question(request, question):
    accepted = request.POST.get("answer") == "yes"
    actions.answer_question(question=question, accepted=accepted, by=request.user, proof=proof_of(request))
    messages.success(request, _("Your choice is kept, and in force as of now."))
    return redirect("privacy:list_consents")


@requires("privacy.list_consents")
@require_POST
def answer_purposes(request):
    form = AnswerPurposesForm(request.POST)
    if form.is_valid():
        accepted = [purpose.pk for purpose in form.cleaned_data["purposes"]]
        actions.answer_purposes(accepted=accepted, by=request.user, proof=proof_of(request))
        messages.success(request, _("Your choices are kept."))
    return redirect("privacy:list_consents")


@requires("privacy.withdraw_consent", on=Consent)
@require_POST
def withdraw_consent(request, consent):
    actions.withdraw_consent(consent=consent, by=request.user)
    messages.success(request, _("Your consent is withdrawn, as of now."))
    return redirect("privacy:list_consents")


@requires("privacy.export_consents")
def export_consents(request):
    """The proof of every answer, as a file that the person keeps."""
    rows = [
        {
            "purpose": consent.purpose_id,
            "version": consent.version.number,
            "legal_basis": consent.legal_basis,
            "answer": consent.answer,
            "answered_at": consent.answered_at.isoformat(),
            "ended_at": consent.ended_at.isoformat() if consent.ended_at else None,
            "proof": consent.proof,
        }
        for consent in queries.consents_of(request.user)
    ]
    response = JsonResponse({"person": request.user.email, "consents": rows}, json_dumps_params={"indent": 2})
    response["Content-Disposition"] = 'attachment; filename="consents.json"'
    return response
