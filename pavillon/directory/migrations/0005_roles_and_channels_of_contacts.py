from django.db import migrations

BATCH = 2000


def give_roles_and_channels(apps, schema_editor):
    """Each person holds the role and the channels that stood on the person's own row."""
    Contact = apps.get_model("directory", "Contact")
    Channel = apps.get_model("directory", "Channel")
    ContactRole = apps.get_model("directory", "ContactRole")
    roles, channels = [], []
    for contact in Contact.objects.order_by("pk").iterator(chunk_size=BATCH):
        roles.append(
            ContactRole(
                contact_id=contact.pk,
                company_id=contact.company_id,
                function=contact.job_title,
                is_decision_maker=contact.is_decision_maker,
                is_main=True,
            )
        )
        for kind, value in (("email", contact.email), ("phone", contact.phone)):
            if value:
                channels.append(Channel(contact_id=contact.pk, kind=kind, value=value, is_preferred=True))
        if len(roles) >= BATCH:
            ContactRole.objects.bulk_create(roles)
            Channel.objects.bulk_create(channels)
            roles, channels = [], []
    ContactRole.objects.bulk_create(roles)
    Channel.objects.bulk_create(channels)


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_companies_contacts_and_sources")]

    operations = [migrations.RunPython(give_roles_and_channels, migrations.RunPython.noop, elidable=True)]
