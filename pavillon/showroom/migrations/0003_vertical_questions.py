"""The usual questions of the ten verticals. The agency adds its own on a page."""

from django.db import migrations

QUESTIONS = {
    "industry-4-0": [
        ("protocol", "Protocoles", "Protocols", "text", ""),
        ("power", "Puissance électrique", "Electrical power", "number", "kW"),
        ("payload", "Charge utile", "Payload", "number", "kg"),
        ("remote-access", "Supervision à distance", "Remote monitoring", "yes_no", ""),
    ],
    "farming": [
        ("working-width", "Largeur de travail", "Working width", "number", "m"),
        ("power-needed", "Puissance requise", "Power needed", "number", "kW"),
        ("organic-use", "Utilisable en agriculture biologique", "Usable in organic farming", "yes_no", ""),
    ],
    "medical-devices": [
        ("device-class", "Classe du dispositif", "Device class", "text", ""),
        ("sterile", "Livré stérile", "Delivered sterile", "yes_no", ""),
        ("shelf-life", "Durée de conservation en mois", "Shelf life in months", "number", ""),
    ],
    "aerospace": [
        ("material", "Matière", "Material", "text", ""),
        ("tolerance", "Tolérance", "Tolerance", "number", "µm"),
        ("part-size", "Taille maximale des pièces", "Largest part", "number", "mm"),
    ],
    "maritime": [
        ("length", "Longueur", "Length", "number", "m"),
        ("draught", "Tirant d’eau", "Draught", "number", "m"),
        ("power", "Puissance", "Power", "number", "kW"),
        ("class-society", "Société de classification", "Classification society", "text", ""),
    ],
    "land-transport": [
        ("gauge", "Gabarit ou écartement", "Gauge", "text", ""),
        ("load", "Charge par essieu", "Axle load", "number", "t"),
        ("energy", "Énergie", "Energy", "text", ""),
    ],
    "machine-tools": [
        ("axes", "Nombre d’axes", "Number of axes", "number", ""),
        ("table-size", "Taille de la table", "Table size", "text", "mm"),
        ("spindle-speed", "Vitesse de broche", "Spindle speed", "number", "min⁻¹"),
        ("control", "Commande numérique", "Numerical control", "text", ""),
    ],
    "construction": [
        ("fire-class", "Classement au feu", "Fire class", "text", ""),
        ("thickness", "Épaisseur", "Thickness", "number", "mm"),
        ("low-carbon", "Bas carbone", "Low carbon", "yes_no", ""),
    ],
    "ecological-transition": [
        ("flow", "Débit", "Flow", "number", "m³/h"),
        ("energy-use", "Consommation", "Energy use", "number", "kWh"),
        ("carbon-avoided", "Émissions évitées par an", "Emissions avoided a year", "number", "t CO₂"),
    ],
    "recycled-machines": [
        ("brand", "Marque d’origine", "Original brand", "text", ""),
        ("overhaul", "Révision complète", "Full overhaul", "yes_no", ""),
        ("warranty", "Garantie en mois", "Warranty in months", "number", ""),
    ],
}


def add_questions(apps, schema_editor):
    attribute = apps.get_model("showroom", "VerticalAttribute")
    attribute.objects.bulk_create(
        attribute(vertical_id=vertical, code=code, name_fr=fr, name_en=en, kind=kind, unit=unit, order=order)
        for vertical, questions in QUESTIONS.items()
        for order, (code, fr, en, kind, unit) in enumerate(questions, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("showroom", "0002_search_index")]

    operations = [migrations.RunPython(add_questions, migrations.RunPython.noop)]
