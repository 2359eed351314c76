"""What rules asked for becomes values; the last resort, until now in the code, becomes rules of the country."""

from django.db import migrations

PLACED = ("region", "department", "sector", "country")
WORDS = ("kind", "origin", "export_class")
# In the language of the house: stored words.
LAST_RESORT = (
    ("Conseillers de la région", "region"),
    ("Responsable de la chambre de la région", "manager"),
    ("File toujours présente", "home"),
)


def write_values(apps, schema_editor):
    rules, values = apps.get_model("crm", "RoutingRule"), apps.get_model("crm", "RuleValue")
    for rule in rules.objects.order_by("pk").iterator():
        placed = [
            values(rule=rule, criterion=name, **{f"{name}_id": getattr(rule, f"{name}_id")})
            for name in PLACED
            if getattr(rule, f"{name}_id")
        ]
        words = [values(rule=rule, criterion=name, word=getattr(rule, name)) for name in WORDS if getattr(rule, name)]
        values.objects.bulk_create(placed + words)


def write_last_resort(apps, schema_editor):
    """To each version of the country, past ones too: they can come back."""
    rules, versions = apps.get_model("crm", "RoutingRule"), apps.get_model("crm", "RoutingVersion")
    for version in versions.objects.filter(region=None):
        taken = set(rules.objects.filter(version=version).values_list("name", flat=True))
        for number, (name, goes_to) in enumerate(LAST_RESORT, 1):
            while name in taken:
                name += " (2)"
            rules.objects.create(version=version, name=name, priority=10 * number, is_last_resort=True, goes_to=goes_to)


class Migration(migrations.Migration):
    dependencies = [("crm", "0017_rules_of_several_values")]

    operations = [
        migrations.RunPython(write_values, migrations.RunPython.noop),
        migrations.RunPython(write_last_resort, migrations.RunPython.noop),
    ]
