"""What classes of companies count of this room: services delivered, and the sales abroad that companies attest."""

from pavillon.services.enums import FlowKind, OrderState

# A service counts from the day of its delivery, whenever it was written down: noon of that day.
STATEMENT = f"""
SELECT o.company_id, count(*) AS services,
    (max(o.delivered_on) + time '12:00') AT TIME ZONE %(zone)s AS last_service_at,
    sum((
        SELECT count(*) FROM services_survey v JOIN services_exportflow f ON f.survey_id = v.id
        WHERE v.order_id = o.id AND f.kind = '{FlowKind.CONTRACT.value}'
            AND f.attested_at > %(now)s - interval '3 years'
    ))::int AS sales
FROM services_serviceorder o WHERE o.state = '{OrderState.DELIVERED.value}' AND {{only}} GROUP BY o.company_id
"""  # noqa: S608 - constants of this room
