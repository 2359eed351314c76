"""The single values of before leave; every version of the country keeps a queue that is always there."""

from django.db import migrations

# A version that is thrown away takes its rules along: then there is nothing to hold.
STAYS = """
CREATE FUNCTION crm_check_last_resort(which bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM crm_routingversion WHERE id = which AND region_id IS NULL) AND NOT EXISTS (
        SELECT FROM crm_routingrule r WHERE r.version_id = which AND r.goes_to = 'home'
        AND NOT EXISTS (SELECT FROM crm_rulevalue v WHERE v.rule_id = r.id)
    ) THEN
        RAISE EXCEPTION 'version % of the routing rules has no queue that is always there', which
            USING ERRCODE = 'check_violation', CONSTRAINT = 'queue_is_always_there';
    END IF;
END $$;
CREATE FUNCTION crm_version_holds_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM crm_check_last_resort(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION crm_rule_holds_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM crm_check_last_resort(OLD.version_id);
    RETURN NULL;
END $$;
CREATE FUNCTION crm_value_holds_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM crm_check_last_resort(version_id) FROM crm_routingrule WHERE id = NEW.rule_id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER queue_is_always_there AFTER INSERT OR UPDATE OF region_id ON crm_routingversion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crm_version_holds_requests();
CREATE CONSTRAINT TRIGGER queue_is_always_there AFTER UPDATE OR DELETE ON crm_routingrule
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crm_rule_holds_requests();
CREATE CONSTRAINT TRIGGER queue_is_always_there AFTER INSERT OR UPDATE ON crm_rulevalue
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crm_value_holds_requests();
"""
LEAVES = """
DROP TRIGGER queue_is_always_there ON crm_rulevalue;
DROP TRIGGER queue_is_always_there ON crm_routingrule;
DROP TRIGGER queue_is_always_there ON crm_routingversion;
DROP FUNCTION crm_value_holds_requests;
DROP FUNCTION crm_rule_holds_requests;
DROP FUNCTION crm_version_holds_requests;
DROP FUNCTION crm_check_last_resort;
"""


class Migration(migrations.Migration):
    dependencies = [("crm", "0018_values_of_rules")]

    operations = [
        migrations.RemoveField(
            model_name="routingrule",
            name="country",
        ),
        migrations.RemoveField(
            model_name="routingrule",
            name="department",
        ),
        migrations.RemoveField(
            model_name="routingrule",
            name="export_class",
        ),
        migrations.RemoveField(
            model_name="routingrule",
            name="kind",
        ),
        migrations.RemoveField(
            model_name="routingrule",
            name="origin",
        ),
        migrations.RemoveField(
            model_name="routingrule",
            name="region",
        ),
        migrations.RemoveField(
            model_name="routingrule",
            name="sector",
        ),
        migrations.RunSQL(STAYS, LEAVES),
    ]
