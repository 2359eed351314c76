from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind
from pavillon.core.policy import governs
from pavillon.solutions.models import Diagnosis, Solution

governs(Diagnosis, fields=["score", "level", "theme_scores"])
governs(Solution, fields=[])
register_kind("solutions.join_requested", _("Somebody asks to join my company"), "company")
register_kind("solutions.join_decided", _("My request to join a company is answered"), "company")
register_kind("solutions.solution_submitted", _("A solution waits for approval"), "team")
register_kind("solutions.solution_decided", _("My solution is published or sent back"), "team")
