"""Why a request went where it went, told in the reader's language.

A reason is stored as {"code": …, …values}, so that the same decision reads in French and in English.
"""

import datetime

from django.utils.translation import gettext, gettext_noop

from pavillon.ui.words import day as day_in_words

SENTENCES = {
    "brought": gettext_noop("Brought by a file of “%(source)s”, as it stood there."),
    "referent": gettext_noop("%(adviser)s is the referent of this company since %(since)s."),
    "referent_absent": gettext_noop("The referent, %(adviser)s, is absent until %(until)s."),
    "rule": gettext_noop("Rule “%(rule)s” applies."),
    "rule_of_version": gettext_noop("Rule “%(rule)s” applies (%(place)s, version %(version)s)."),
    "rule_empty": gettext_noop("Nobody of %(team)s is free to take it: the next rule is tried."),
    "rule_queue": gettext_noop("The rule lets it wait in the queue of %(team)s, for whoever takes it first."),
    "office": gettext_noop("Only the people of the office “%(office)s” are asked."),
    "too_busy": gettext_noop("At %(percent)s %% of the capacity or beyond, and passed over: %(names)s."),
    "named_absent": gettext_noop("%(adviser)s, named by the rule, is absent until %(until)s."),
    "region": gettext_noop("No rule applies: the advisers of the region %(region)s are asked."),
    "rule_region": gettext_noop("The advisers of the region %(region)s are asked."),
    "rule_manager": gettext_noop("The rule sends it to the team manager, %(adviser)s."),
    "only_one": gettext_noop("%(adviser)s is the only adviser present in this team."),
    "least_loaded": gettext_noop(
        "%(adviser)s has the lightest load of the %(count)s advisers present: "
        "%(open)s open requests for a capacity of %(capacity)s."
    ),
    "named": gettext_noop("%(adviser)s is named by the rule."),
    "absent": gettext_noop("Absent and passed over: %(names)s."),
    "not_here_yet": gettext_noop("Invited, never signed in yet, and passed over: %(names)s."),
    "never_signed_in": gettext_noop(
        "%(adviser)s was invited and has never signed in: the managers are told, somebody else may have to take it."
    ),
    "manager": gettext_noop("No adviser is present: the request goes to the team manager, %(adviser)s."),
    "queue": gettext_noop(
        "Nobody is present: the request waits in the queue of %(team)s and its managers are alerted."
    ),
    "no_region": gettext_noop("The region is not known: the national team decides."),
    "partner_unasked": gettext_noop(
        "“%(partner)s” is a private partner: nothing goes there without the company's consent. The next way is tried."
    ),
    "partner_asked": gettext_noop(
        "The company was asked in its space whether its request may go to “%(partner)s”: after its yes, propose it."
    ),
    "consent_withdrawn": gettext_noop("Taken back from “%(partner)s”: the company withdrew its consent"),
    "handed_over": gettext_noop("Handed over by %(sender)s: “%(note)s”"),
    "assigned_by": gettext_noop("Given by %(by)s."),
    "taken_from_queue": gettext_noop("%(adviser)s took it from the team's queue."),
    "over_capacity": gettext_noop("Everybody is beyond capacity: somebody should look at the load of this team."),
}


DAYS = ("since", "until")


def tell(reason):
    """The sentence of one stored reason. A code of a later version shows as itself rather than failing."""
    code = "rule_of_version" if reason["code"] == "rule" and "version" in reason else reason["code"]
    sentence = SENTENCES.get(code)
    if sentence is None:
        return reason["code"]
    values = {k: day_in_words(datetime.date.fromisoformat(v)) if k in DAYS else v for k, v in reason.items()}
    return gettext(sentence) % values
