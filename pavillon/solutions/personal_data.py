from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.solutions import models
from pavillon.solutions.actions import accounts, catalogue, diagnosis

holds_no_personal_data(
    models.Answer,
    models.Brick,
    models.Choice,
    models.CompanyVisit,
    models.PathStep,
    models.Provider,
    models.Question,
    models.Questionnaire,
    models.RegionSite,
    models.Theme,
)
holds_personal_data(
    models.Diagnosis,
    fields=["user"],
    keep_months=36,
    purpose=_("Result and path of a company's diagnosis"),
    erase=diagnosis.forget_author,
    of=lambda person: models.Diagnosis.objects.filter(user__in=person.users),
    clock="changed_at",
)
holds_personal_data(
    models.AccountOpening,
    fields=["user"],
    keep_months=36,
    purpose=_("Who opened the account of a company, and from which regional site"),
    erase=accounts.forget_opener,
    of=lambda person: models.AccountOpening.objects.filter(user__in=person.users),
    clock="opened_at",
)
holds_personal_data(
    models.JoinRequest,
    fields=["user"],
    keep_months=12,
    purpose=_("Requests to join the account of a company"),
    erase=accounts.forget_join_request,
    of=lambda person: models.JoinRequest.objects.filter(user__in=person.users),
    clock="asked_at",
)
holds_personal_data(
    models.Solution,
    fields=["proposed_by"],
    keep_months=60,
    purpose=_("Who proposed an offer of the catalogue"),
    erase=catalogue.forget_proposer,
    of=lambda person: models.Solution.objects.filter(proposed_by__in=person.users),
)
