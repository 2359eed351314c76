"""Companies without a standing contact: a table that the database keeps itself, so that an absence is found by an index."""

from django.db import migrations, models

# Whoever adds a person shares the company with others who do, and keeps out who is about to find it empty; whoever takes
# one away has it alone. Both look again once they have it: no order of commits leaves a wrong row.
KEEP = """
CREATE FUNCTION directory_company_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO directory_lonecompany SELECT id FROM came ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION directory_company_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM directory_lonecompany WHERE number IN (SELECT id FROM gone);
    RETURN NULL;
END $$;
CREATE FUNCTION directory_not_lone(companies bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM directory_company WHERE id = ANY(companies) ORDER BY id FOR KEY SHARE;
    DELETE FROM directory_lonecompany WHERE number = ANY(companies);
END $$;
CREATE FUNCTION directory_perhaps_lone(companies bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM directory_company WHERE id = ANY(companies) ORDER BY id FOR UPDATE;
    INSERT INTO directory_lonecompany
        SELECT c.id FROM directory_company c WHERE c.id = ANY(companies) AND NOT EXISTS (
            SELECT FROM directory_contact p WHERE p.company_id = c.id AND p.merged_into_id IS NULL)
        ON CONFLICT DO NOTHING;
END $$;
CREATE FUNCTION directory_people_came() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE companies bigint[];
BEGIN
    SELECT array_agg(DISTINCT company_id) INTO companies FROM came WHERE merged_into_id IS NULL;
    IF companies IS NOT NULL THEN
        PERFORM directory_not_lone(companies);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION directory_people_left() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE companies bigint[];
BEGIN
    SELECT array_agg(DISTINCT company_id) INTO companies FROM gone WHERE merged_into_id IS NULL;
    IF companies IS NOT NULL THEN
        PERFORM directory_perhaps_lone(companies);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION directory_people_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE filled bigint[]; emptied bigint[];
BEGIN
    SELECT array_agg(DISTINCT came.company_id) FILTER (WHERE came.merged_into_id IS NULL),
            array_agg(DISTINCT gone.company_id) FILTER (WHERE gone.merged_into_id IS NULL)
        INTO filled, emptied FROM came JOIN gone USING (id)
        WHERE came.company_id <> gone.company_id
            OR (came.merged_into_id IS NULL) <> (gone.merged_into_id IS NULL);
    IF emptied IS NOT NULL THEN
        PERFORM directory_perhaps_lone(emptied);
    END IF;
    IF filled IS NOT NULL THEN
        PERFORM directory_not_lone(filled);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER company_came AFTER INSERT ON directory_company REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION directory_company_came();
CREATE TRIGGER company_left AFTER DELETE ON directory_company REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION directory_company_left();
CREATE TRIGGER people_came AFTER INSERT ON directory_contact REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION directory_people_came();
CREATE TRIGGER people_left AFTER DELETE ON directory_contact REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION directory_people_left();
CREATE TRIGGER people_moved AFTER UPDATE ON directory_contact REFERENCING OLD TABLE AS gone NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION directory_people_moved();
INSERT INTO directory_lonecompany SELECT c.id FROM directory_company c WHERE NOT EXISTS (
    SELECT FROM directory_contact p WHERE p.company_id = c.id AND p.merged_into_id IS NULL);
"""
LEAVE = """
DROP TRIGGER people_moved ON directory_contact;
DROP TRIGGER people_left ON directory_contact;
DROP TRIGGER people_came ON directory_contact;
DROP TRIGGER company_left ON directory_company;
DROP TRIGGER company_came ON directory_company;
DROP FUNCTION directory_people_moved;
DROP FUNCTION directory_people_left;
DROP FUNCTION directory_people_came;
DROP FUNCTION directory_perhaps_lone;
DROP FUNCTION directory_not_lone;
DROP FUNCTION directory_company_left;
DROP FUNCTION directory_company_came;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_register_without_pattern_indexes")]

    operations = [
        migrations.CreateModel(
            name="LoneCompany",
            fields=[("number", models.BigIntegerField(primary_key=True, serialize=False))],
            options={"verbose_name": "company without a contact"},
        ),
        migrations.RunSQL(KEEP, LEAVE),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", True)),
                fields=["id"],
                include=("is_sensitive",),
                name="company_standing",
            ),
        ),
    ]
