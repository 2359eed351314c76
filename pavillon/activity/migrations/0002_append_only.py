"""The trail is only added to: the guards of the database."""

from django.db import migrations

# The functions are those of the read log (security 0002).
GUARDS = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON activity_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change('sealed once');
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON activity_entry EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON activity_thread
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON activity_thread EXECUTE FUNCTION refuse_change();
"""
DROP_GUARDS = """
DROP TRIGGER refuse_change ON activity_entry;
DROP TRIGGER refuse_truncate ON activity_entry;
DROP TRIGGER refuse_change ON activity_thread;
DROP TRIGGER refuse_truncate ON activity_thread;
"""


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_initial"), ("security", "0002_append_only_logs")]

    operations = [migrations.RunSQL(GUARDS, DROP_GUARDS)]
