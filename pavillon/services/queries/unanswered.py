"""The rule of next best actions that rests on surveys (ledger BASE-16)."""

from django.utils.translation import gettext_noop

# Of each company the survey that waits the longest, of those that were reminded and can still be answered: to the
# adviser of the order, who may ask for an answer and can neither read the link nor give one.
STATEMENT = """
SELECT DISTINCT ON (o.company_id) o.company_id,
    jsonb_build_object('on', v.sent_at::date, 'kind', v.kind, 'reference', 'S-' || lpad(o.id::text, 6, '0')) AS facts,
    least(1000, %(today)s - v.sent_at::date) AS weight, o.ordered_by_id AS adviser_id, o.organisation_id AS team_id,
    NULL::text AS region_id
FROM services_survey v JOIN services_serviceorder o ON o.id = v.order_id
WHERE v.answered_at IS NULL AND v.reminded_at < %(now)s - interval '5 days' AND v.closes_on >= %(today)s AND {only}
ORDER BY o.company_id, v.sent_at, v.id
"""
REASONS = {
    "satisfaction": gettext_noop(
        "Service %(reference)s: the company was asked on %(on)s whether it is satisfied, reminded, and has not "
        "answered."
    ),
    "impact": gettext_noop(
        "Service %(reference)s: the company was asked on %(on)s what it brought, reminded, and has not answered."
    ),
}
DEED = gettext_noop("Call to hear how the service went, and mention the letter that waits")
