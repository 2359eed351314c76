"""Why a request went where it went, told in the reader's language.

A reason is stored as {"code": …, …values}, so that the same decision reads in French and in English.
"""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

SENTENCES = {
    "referent": gettext_noop("%(adviser)s is the referent of this company since %(since)s."),
    "referent_absent": gettext_noop("The referent, %(adviser)s, is absent until %(until)s."),
    "rule": gettext_noop("Rule “%(rule)s” applies."),
    "rule_empty": gettext_noop("Nobody of %(team)s is present: the next rule is tried."),
    "named_absent": gettext_noop("%(adviser)s, named by the rule, is absent until %(until)s."),
    "region": gettext_noop("No rule applies: the advisers of the region %(region)s are asked."),
    "only_one": gettext_noop("%(adviser)s is the only adviser present in this team."),
    "least_loaded": gettext_noop(
        "%(adviser)s has the lightest load of the %(count)s advisers present: "
        "%(open)s open requests for a capacity of %(capacity)s."
    ),
    "named": gettext_noop("%(adviser)s is named by the rule."),
    "absent": gettext_noop("Absent and passed over: %(names)s."),
    "manager": gettext_noop("No adviser is present: the request goes to the team manager, %(adviser)s."),
    "queue": gettext_noop(
        "Nobody is present: the request waits in the queue of %(team)s and its managers are alerted."
    ),
    "no_region": gettext_noop("The region is not known: the national team decides."),
    "consent_withdrawn": gettext_noop("Taken back from “%(partner)s”: the company withdrew its consent"),
    "handed_over": gettext_noop("Handed over by %(sender)s: “%(note)s”"),
    "assigned_by": gettext_noop("Given by %(by)s."),
    "taken_from_queue": gettext_noop("%(adviser)s took it from the team's queue."),
    "over_capacity": gettext_noop("Everybody is beyond capacity: somebody should look at the load of this team."),
}


DAYS = ("since", "until")


def tell(reason):
    """The sentence of one stored reason. A code of a later version shows as itself rather than failing."""
    sentence = SENTENCES.get(reason["code"])
    if sentence is None:
        return reason["code"]
    values = {k: date_format(datetime.date.fromisoformat(v)) if k in DAYS else v for k, v in reason.items()}
    return gettext(sentence) % values
