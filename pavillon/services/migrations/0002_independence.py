"""Orders and answers stay behind the second wall, and the database keeps what the delivering side must not touch."""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

# As `services.models.ServiceOrderQuerySet.seen_by`: tests/test_second_wall.py compares what both let through.
READERS = (
    "wall_role() IN ('adviser', 'team_manager', 'tele_prospector', 'sales', 'showroom_manager', 'private_partner', "
    "'region_official')"
)
ORDERS = f"""({READERS} AND ((wall_kind() = 'agency' AND wall_level() = 'national')
    OR organisation_id = wall_organisation() OR provider_id = wall_organisation()
    OR ordered_by_id = wall_person() OR deliverer_id = wall_person()
    OR (wall_level() = 'regional' AND region_id = wall_region())))
    OR (wall_role() = 'company_manager' AND EXISTS (SELECT FROM directory_company c
        WHERE c.id = company_id AND c.organisation_id = wall_organisation()))"""
# Inside, the order is asked for under its own wall.
OF_AN_ORDER = "EXISTS (SELECT FROM services_serviceorder o WHERE o.id = order_id)"
OF_A_SURVEY = "EXISTS (SELECT FROM services_survey s WHERE s.id = survey_id)"

WALLS = {
    "services_serviceorder": {"reads": ORDERS, "inserts": "organisation_id = wall_organisation()", "deletes": "false"},
    "services_survey": {"reads": OF_AN_ORDER, "inserts": "false"},
    "services_exportflow": {"reads": OF_A_SURVEY, "inserts": "false"},
}
# Who reads an answer may not write it: the house alone adds and changes.
HOUSE_WRITES = """
DROP POLICY wall_update ON {table};
CREATE POLICY wall_update ON {table} FOR UPDATE USING (wall_is_house()) WITH CHECK (wall_is_house());
"""

KEPT = """
CREATE FUNCTION services_order_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.service_id, NEW.price, NEW.quantity, NEW.currency, NEW.vat, NEW.provider_id, NEW.organisation_id)
        IS DISTINCT FROM
       (OLD.service_id, OLD.price, OLD.quantity, OLD.currency, OLD.vat, OLD.provider_id, OLD.organisation_id) THEN
        RAISE EXCEPTION 'an order keeps its service and the price of its moment' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state IN ('delivered', 'cancelled') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'what is delivered or cancelled stays so' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'delivered' AND (NEW.delivered_on, NEW.delivered_at, NEW.deliverer_id)
        IS DISTINCT FROM (OLD.delivered_on, OLD.delivered_at, OLD.deliverer_id) THEN
        RAISE EXCEPTION 'a delivery keeps its day and its deliverer' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_keeps BEFORE UPDATE ON services_serviceorder
    FOR EACH ROW EXECUTE FUNCTION services_order_keeps();

-- At the end of the transaction: a delivery without a question is refused, whoever wrote it.
CREATE FUNCTION services_delivery_asks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := coalesce(current_setting('pavillon.reach', true), '');
    asked boolean;
BEGIN
    PERFORM set_config('pavillon.reach', 'house', true);
    asked := EXISTS (SELECT FROM services_survey WHERE order_id = NEW.id AND kind = 'satisfaction');
    PERFORM set_config('pavillon.reach', before, true);
    IF NOT asked THEN
        RAISE EXCEPTION 'service order % is delivered and nobody is asked about it', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER delivery_asks AFTER INSERT OR UPDATE OF state ON services_serviceorder
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'delivered')
    EXECUTE FUNCTION services_delivery_asks();

-- Erasing a person empties words and addresses; nothing else of what was sent or answered changes.
CREATE FUNCTION services_survey_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.order_id, NEW.kind) IS DISTINCT FROM (OLD.order_id, OLD.kind) THEN
        RAISE EXCEPTION 'a survey stays with its order' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.sent_at IS NOT NULL AND (NEW.sent_at IS DISTINCT FROM OLD.sent_at
        OR NEW.email NOT IN (OLD.email, '') OR NEW.email_index NOT IN (OLD.email_index, '')) THEN
        RAISE EXCEPTION 'who was asked stays as it was' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.answered_at IS NOT NULL AND (
        (NEW.answered_at, NEW.score, NEW.has_flows) IS DISTINCT FROM (OLD.answered_at, OLD.score, OLD.has_flows)
        OR NEW.verbatim NOT IN (OLD.verbatim, '') OR NEW.attested_by NOT IN (OLD.attested_by, '')) THEN
        RAISE EXCEPTION 'an answer stays as the company gave it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER survey_keeps BEFORE UPDATE ON services_survey
    FOR EACH ROW EXECUTE FUNCTION services_survey_keeps();

CREATE FUNCTION services_flow_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'what a company attested stays as it was' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM services_survey
                   WHERE id = NEW.survey_id AND kind = 'impact' AND sent_at IS NOT NULL AND answered_at IS NULL) THEN
        RAISE EXCEPTION 'only an open impact survey takes export flows' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER flow_keeps BEFORE INSERT OR UPDATE OR DELETE ON services_exportflow
    FOR EACH ROW EXECUTE FUNCTION services_flow_keeps();
"""
FREE = """
DROP TRIGGER flow_keeps ON services_exportflow;
DROP FUNCTION services_flow_keeps();
DROP TRIGGER survey_keeps ON services_survey;
DROP FUNCTION services_survey_keeps();
DROP TRIGGER delivery_asks ON services_serviceorder;
DROP FUNCTION services_delivery_asks();
DROP TRIGGER order_keeps ON services_serviceorder;
DROP FUNCTION services_order_keeps();
"""


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial"), ("security", "0003_second_wall")]

    operations = [
        *(migrations.RunSQL(raise_wall(table, **said), pull_down(table)) for table, said in WALLS.items()),
        *(
            migrations.RunSQL(HOUSE_WRITES.format(table=table), migrations.RunSQL.noop)
            for table in ("services_survey", "services_exportflow")
        ),
        migrations.RunSQL(KEPT, FREE),
    ]
