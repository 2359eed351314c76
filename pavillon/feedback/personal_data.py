from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.feedback import actions
from pavillon.feedback.models import Decision, Feedback, FeedbackStep, Support

holds_personal_data(
    Feedback,
    fields=["author", "text", "answer", "path"],
    keep_months=24,
    purpose=_("Improve the platform by what its users say, and answer them"),
    erase=actions.forget_feedback,
    of=lambda person: Feedback.objects.filter(author__in=person.users),
    clock="changed_at",
)
# Words for everybody, without names; a step goes with its remark, a support with its account.
holds_no_personal_data(Decision, FeedbackStep, Support)
