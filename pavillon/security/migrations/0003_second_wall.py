"""Who asks, as policies of row-level security read it (pavillon/core/wall.py, docs/decisions/0035)."""

from django.db import migrations

# Plain expressions, so that PostgreSQL puts them into the statement itself. After a transaction that told it, a
# setting is empty and not absent: both mean nobody.
ASKING = """
CREATE FUNCTION wall_reach() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('pavillon.reach', true), '') $$;
CREATE FUNCTION wall_is_house() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('pavillon.reach', true), '') = 'house' $$;
CREATE FUNCTION wall_is_team() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('pavillon.reach', true), '') = 'team' $$;
CREATE FUNCTION wall_person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('pavillon.person', true), '')::bigint $$;
CREATE FUNCTION wall_organisation() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('pavillon.organisation', true), '')::bigint $$;
CREATE FUNCTION wall_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('pavillon.role', true), '') $$;
CREATE FUNCTION wall_kind() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('pavillon.kind', true), '') $$;
CREATE FUNCTION wall_level() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('pavillon.level', true), '') $$;
CREATE FUNCTION wall_region() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('pavillon.region', true), '') $$;
"""
NAMES = ("reach", "is_house", "is_team", "person", "organisation", "role", "kind", "level", "region")
FORGET = " ".join(f"DROP FUNCTION wall_{name}();" for name in NAMES)


class Migration(migrations.Migration):
    dependencies = [("security", "0002_append_only_logs")]

    operations = [migrations.RunSQL(ASKING, FORGET)]
