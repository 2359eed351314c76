"""A withdrawn draft stays the adviser's; a mark ends by an exchange of its company that came after it."""

from importlib import import_module

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

before = import_module("pavillon.care.migrations.0002_second_wall")

OFFERS = f"({before.TEAM} AND ({before.PLACE})) OR (proposed_at IS NOT NULL AND {before.OWN})"
SAID = {"inserts": "organisation_id = wall_organisation()", "deletes": "false"}
RAISED = pull_down("care_offer") + raise_wall("care_offer", reads=OFFERS, **SAID)
FORMER = pull_down("care_offer") + raise_wall("care_offer", reads=before.OFFERS, **SAID)

# The exchange of a company into which the marked one was merged proves it too.
PROOF = """
CREATE FUNCTION care_mark_is_proven() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := coalesce(current_setting('pavillon.reach', true), '');
    proven boolean;
BEGIN
    PERFORM set_config('pavillon.reach', 'house', true);
    proven := EXISTS (
        WITH RECURSIVE same(id) AS (
            SELECT NEW.company_id
            UNION SELECT c.merged_into_id FROM directory_company c JOIN same s ON s.id = c.id
        )
        SELECT FROM crm_interaction i JOIN same s ON s.id = i.company_id
        WHERE i.id = NEW.proof_id AND i.happened_at >= NEW.raised_at AND i.kind <> 'note'
            AND i.outcome <> 'no_answer'
    );
    PERFORM set_config('pavillon.reach', before, true);
    IF NOT proven THEN
        RAISE EXCEPTION 'a mark ends by an exchange with its company that came after it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mark_is_proven BEFORE INSERT OR UPDATE OF ended_at, proof_id ON care_riskmark
    FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION care_mark_is_proven();
"""
UNPROVEN = """
DROP TRIGGER mark_is_proven ON care_riskmark;
DROP FUNCTION care_mark_is_proven();
"""


class Migration(migrations.Migration):
    dependencies = [("care", "0003_offered_prices"), ("security", "0003_second_wall")]

    operations = [migrations.RunSQL(RAISED, FORMER), migrations.RunSQL(PROOF, UNPROVEN)]
