"""The classes of legally secret data that the product ships, with what they may be opened for."""

# code: (French name, English name), law, {purpose: (French, English)}
CLASSES: dict[str, tuple[tuple[str, str], str, dict[str, tuple[str, str]]]] = {
    "customs": (
        ("Secret douanier", "Secrecy of customs"),
        "Code des douanes, article 59 bis",
        {
            "customs_follow_up": ("Mesurer l'effet de l'accompagnement", "Measure the effect of the support"),
            "customs_control": ("Contrôler la qualité du fichier", "Check the quality of the file"),
        },
    ),
    "statistics": (
        ("Secret statistique", "Statistical secrecy"),
        "Loi n° 51-711 du 7 juin 1951",
        {"statistics_study": ("Étude agrégée, sans publication nominative", "Aggregated study, naming nobody")},
    ),
}
