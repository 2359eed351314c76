"""The one statement that counts rows and decides whether they may be shown, and the rules that everybody begins with."""

from django.db import migrations

# Everything happens under the lock of the person's row in vigilance_reader: two requests at once take their turns, and
# each sees what the other spent. The window slides by slots of five minutes: a row counts for 55 to 60 minutes.
SPEND_ROWS = """
CREATE FUNCTION spend_rows(
    person bigint, person_role text, person_organisation bigint,
    opened_now integer, listed_now integer, exported_now integer, shown_again integer,
    proved_at timestamptz, may_prove boolean, may_refuse boolean, moment timestamptz,
    product_hourly integer, product_most integer, product_weekly integer
)
RETURNS TABLE (outcome text, is_first boolean, spent bigint, hourly bigint, most bigint, records bigint, weekly bigint,
    free_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    reader vigilance_reader;
    wanted bigint := opened_now + listed_now + exported_now;
    this_slot timestamptz := date_bin('5 minutes', moment, 'epoch');
    cap bigint;
    more_rows bigint;
    more_records bigint;
    first boolean := false;
BEGIN
    INSERT INTO vigilance_reader (user_id, records) VALUES (person, 0) ON CONFLICT DO NOTHING;
    SELECT * INTO reader FROM vigilance_reader WHERE user_id = person FOR UPDATE;
    -- A refused answer stands in the read log: asked for once more it is no refresh of what is on the screen.
    IF reader.refused_at > moment - interval '11 minutes' THEN
        wanted := wanted + shown_again;
        listed_now := listed_now + shown_again;
    END IF;
    SELECT l.hourly_rows, l.most_rows, l.weekly_records INTO hourly, most, weekly FROM vigilance_readinglimit l
        WHERE l.ended_at IS NULL AND l.role IN ('', person_role)
            AND (l.organisation_id IS NULL OR l.organisation_id = person_organisation)
        ORDER BY l.organisation_id IS NULL, l.role = '' LIMIT 1;
    IF NOT FOUND THEN
        hourly := product_hourly; most := product_most; weekly := product_weekly;
    END IF;
    SELECT coalesce(sum(e.rows), 0), coalesce(sum(e.records), 0) INTO more_rows, more_records FROM vigilance_extension e
        WHERE e.user_id = person AND e.stage = 'granted' AND e.starts_at <= moment AND e.ends_at > moment;
    hourly := hourly + more_rows; most := most + more_rows; weekly := weekly + more_records;
    records := reader.records;
    SELECT coalesce(sum(s.opened + s.listed + s.exported), 0) INTO spent FROM vigilance_spending s
        WHERE s.user_id = person AND s.slot > this_slot - interval '60 minutes';
    cap := CASE WHEN may_prove THEN most ELSE hourly END;

    outcome := 'free';
    IF NOT may_refuse OR EXISTS (
        SELECT FROM vigilance_exemption x WHERE x.user_id = person AND x.rule_id IS NULL AND x.ended_at IS NULL
            AND x.starts_at <= moment AND x.ends_at > moment
    ) THEN
        NULL;
    ELSIF reader.counted_at > moment - interval '1 day' AND reader.records > weekly THEN
        outcome := 'blocked_for_days';
        free_at := moment + interval '1 day';
    ELSIF spent + wanted > cap THEN
        outcome := 'blocked';
        SELECT min(left_at) INTO free_at FROM (
            SELECT s.slot + interval '60 minutes' AS left_at,
                sum(s.opened + s.listed + s.exported) OVER (ORDER BY s.slot) AS gone
            FROM vigilance_spending s WHERE s.user_id = person AND s.slot > this_slot - interval '60 minutes'
        ) AS leaving WHERE spent - gone + wanted <= cap;
        free_at := coalesce(free_at, this_slot + interval '60 minutes');
    ELSIF spent + wanted > hourly AND (reader.crossed_at IS NULL OR proved_at IS NULL OR proved_at < reader.crossed_at) THEN
        outcome := 'prove';
    ELSIF (spent + wanted) * 5 > hourly * 4 THEN
        outcome := 'near';
    END IF;

    -- Told once each time: until the person is below the limit again.
    first := (outcome = 'near' AND reader.near_at IS NULL) OR (outcome = 'prove' AND reader.crossed_at IS NULL)
        OR (outcome IN ('blocked', 'blocked_for_days')
            AND (reader.blocked_at IS NULL OR reader.blocked_at <= moment - interval '60 minutes'));
    IF first OR reader.near_at IS NOT NULL OR reader.crossed_at IS NOT NULL OR reader.blocked_at IS NOT NULL THEN
        UPDATE vigilance_reader SET
            near_at = CASE WHEN outcome = 'free' AND may_refuse THEN NULL ELSE coalesce(near_at, moment) END,
            crossed_at = CASE WHEN outcome = 'prove' OR (outcome <> 'blocked_for_days' AND spent + wanted > hourly)
                THEN coalesce(crossed_at, moment) WHEN outcome = 'blocked_for_days' THEN crossed_at END,
            blocked_at = CASE WHEN first AND outcome LIKE 'blocked%' THEN moment
                WHEN outcome LIKE 'blocked%' THEN blocked_at END,
            refused_at = CASE WHEN outcome IN ('free', 'near') THEN refused_at ELSE moment END
        WHERE user_id = person;
    END IF;
    is_first := first;
    IF outcome IN ('free', 'near') AND wanted > 0 THEN
        INSERT INTO vigilance_spending AS s (user_id, slot, opened, listed, exported)
            VALUES (person, this_slot, opened_now, listed_now, exported_now)
            ON CONFLICT (user_id, slot) DO UPDATE SET opened = s.opened + excluded.opened,
                listed = s.listed + excluded.listed, exported = s.exported + excluded.exported;
        spent := spent + wanted;
    END IF;
    RETURN NEXT;
END
$$;
"""
# (kind, figures, response, at work), as `kinds` says them on the day of this migration.
BEGINNING = [
    ("failed_sign_ins", {"count": 20, "minutes": 60}, "suspend"),
    ("new_country", {"days": 180}, "step_up"),
    ("impossible_travel", {"speed": 900, "distance": 1000}, "step_up"),
    ("night_reading", {"rows": 500, "from_hour": 22, "until_hour": 5}, "alert"),
    ("enumeration", {"count": 30, "minutes": 10}, "step_up"),
    ("bulk_searches", {"count": 300, "minutes": 60}, "alert"),
]


def lay_rules(apps, schema_editor):
    rule_model, version_model = apps.get_model("vigilance", "Rule"), apps.get_model("vigilance", "RuleVersion")
    for kind, figures, response in BEGINNING:
        rule = rule_model.objects.create(kind=kind, figures=figures, response=response, is_on=True)
        version_model.objects.create(
            rule=rule, number=1, figures=figures, response=response, is_on=True, reason="Beginning"
        )


class Migration(migrations.Migration):
    dependencies = [("vigilance", "0001_initial"), ("security", "0002_append_only_logs")]

    operations = [
        migrations.RunSQL(SPEND_ROWS, "DROP FUNCTION spend_rows"),
        migrations.RunPython(lay_rules, migrations.RunPython.noop),
    ]
