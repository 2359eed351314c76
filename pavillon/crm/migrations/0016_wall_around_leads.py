"""A request is read by the team and by the company that asked: its row stands behind the wall too (decision 0045).

Its words are found by pieces in a table before the wall, since `LIKE` has no index behind one.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from pavillon.core.wall import pull_down, raise_wall

# As `LeadQuerySet.seen_by` for companies: what the team detected about them is not theirs to read. The company is asked
# for once a statement; a sub-query a row would be counted so dear that plans go wrong.
READS = """(SELECT wall_is_team()) OR ((SELECT wall_reach()) = 'company'
    AND (SELECT wall_role()) = 'company_manager' AND origin NOT IN ('watch', 'visit')
    AND (requested_by_id = (SELECT wall_person()) OR company_id = ANY (ARRAY(
        SELECT c.id FROM directory_company c WHERE c.organisation_id = (SELECT wall_organisation())))))"""
# What companies ask is taken in by the house.
INSERTS = "(SELECT wall_is_team())"

# Three characters of ten bits each: what coincides in other alphabets is told apart by the words themselves.
PIECES = """
CREATE FUNCTION crm_pieces(words text) RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT ((ascii(piece) & 1023) << 20)
        | ((ascii(substr(piece, 2, 1)) & 1023) << 10) | (ascii(substr(piece, 3, 1)) & 1023)), '{}')
    FROM (SELECT substr(words, n, 3) AS piece FROM generate_series(1, length(words) - 2) AS n) AS pieces
    WHERE position(' ' IN piece) = 0
$$;
CREATE FUNCTION crm_lead_worded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.search_text = '' THEN
        DELETE FROM crm_leadwords WHERE number = NEW.id;
    ELSE
        INSERT INTO crm_leadwords (number, pieces) VALUES (NEW.id, crm_pieces(NEW.search_text))
            ON CONFLICT (number) DO UPDATE SET pieces = EXCLUDED.pieces;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION crm_lead_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM crm_leadwords WHERE number = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER words_came AFTER INSERT ON crm_lead
    FOR EACH ROW WHEN (NEW.search_text <> '') EXECUTE FUNCTION crm_lead_worded();
CREATE TRIGGER words_changed AFTER UPDATE ON crm_lead
    FOR EACH ROW WHEN (NEW.search_text <> OLD.search_text) EXECUTE FUNCTION crm_lead_worded();
CREATE TRIGGER words_left AFTER DELETE ON crm_lead FOR EACH ROW EXECUTE FUNCTION crm_lead_left();
INSERT INTO crm_leadwords (number, pieces) SELECT id, crm_pieces(search_text) FROM crm_lead WHERE search_text <> '';
"""
NO_PIECES = """
DROP TRIGGER words_left ON crm_lead;
DROP TRIGGER words_changed ON crm_lead;
DROP TRIGGER words_came ON crm_lead;
DROP FUNCTION crm_lead_left;
DROP FUNCTION crm_lead_worded;
DROP FUNCTION crm_pieces;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0015_companies_told"),
        ("directory", "0001_initial"),
        ("security", "0003_second_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="LeadWords",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("pieces", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                "verbose_name": "words of a request, in pieces",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["pieces"], name="lead_words_pieces"),
                ],
            },
        ),
        migrations.RunSQL(PIECES, NO_PIECES),
        migrations.RemoveIndex(model_name="lead", name="lead_search_trgm"),
        migrations.RemoveIndex(model_name="lead", name="lead_by_time"),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                fields=["-received_at", "-id"], include=("origin", "requested_by", "company"), name="lead_by_time"
            ),
        ),
        migrations.RunSQL(raise_wall("crm_lead", reads=READS, inserts=INSERTS), pull_down("crm_lead")),
    ]
