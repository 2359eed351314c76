"""Contacts that change places at once: whoever moves one has both companies, in the order of their numbers."""

from django.db import migrations

MOVED = """
CREATE OR REPLACE FUNCTION directory_people_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE filled bigint[]; emptied bigint[];
BEGIN
    SELECT array_agg(DISTINCT came.company_id) FILTER (WHERE came.merged_into_id IS NULL),
            array_agg(DISTINCT gone.company_id) FILTER (WHERE gone.merged_into_id IS NULL)
        INTO filled, emptied FROM came JOIN gone USING (id)
        WHERE came.company_id <> gone.company_id
            OR (came.merged_into_id IS NULL) <> (gone.merged_into_id IS NULL);
{first}    IF emptied IS NOT NULL THEN
        PERFORM directory_perhaps_lone(emptied);
    END IF;
    IF filled IS NOT NULL THEN
        PERFORM directory_not_lone(filled);
    END IF;
    RETURN NULL;
END $$;
"""
# The emptied one first and the filled one next is another order for whoever moves the other way.
BOTH = """    IF emptied IS NOT NULL AND filled IS NOT NULL THEN
        PERFORM 1 FROM directory_company WHERE id = ANY(emptied || filled) ORDER BY id FOR UPDATE;
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_misspelt_register_names")]
    operations = [migrations.RunSQL(MOVED.format(first=BOTH), MOVED.format(first=""))]
