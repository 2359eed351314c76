"""The 17 points that the product ships; the officer rewords them when an edition of the guide does."""

# number: (French name, English name), (expected in French, in English)
POINTS: dict[int, tuple[tuple[str, str], tuple[str, str]]] = {
    1: (
        ("Sensibiliser les utilisateurs", "Make users aware"),
        ("Charte signée, formation suivie par chacun.", "A charter signed and a training followed by everybody."),
    ),
    2: (
        ("Authentifier les utilisateurs", "Authenticate users"),
        (
            "Comptes nominatifs, mots de passe solides, second facteur.",
            "Named accounts, strong passwords, a second factor.",
        ),
    ),
    3: (
        ("Gérer les habilitations", "Manage privileges"),
        (
            "Droits au plus juste, revus chaque année, retirés au départ.",
            "The least rights, reviewed each year, withdrawn when people leave.",
        ),
    ),
    4: (
        ("Tracer les opérations et gérer les incidents", "Trace operations and manage incidents"),
        (
            "Journaux inaltérables, alertes, registre des violations.",
            "Logs that nobody can alter, alerts, register of breaches.",
        ),
    ),
    5: (
        ("Sécuriser les postes de travail", "Secure workstations"),
        (
            "Verrouillage, mises à jour, antivirus : preuve à déposer.",
            "Locking, updates, antivirus: evidence to be written down.",
        ),
    ),
    6: (
        ("Sécuriser l'informatique mobile", "Secure mobile computing"),
        ("Appareils chiffrés, sessions qui se révoquent.", "Encrypted devices, sessions that can be revoked."),
    ),
    7: (
        ("Protéger le réseau informatique interne", "Protect the internal network"),
        (
            "Cloisonnement, accès distants : preuve à déposer.",
            "Segmentation, remote access: evidence to be written down.",
        ),
    ),
    8: (
        ("Sécuriser les serveurs", "Secure servers"),
        (
            "Mises à jour, accès d'administration, chiffrement des échanges.",
            "Updates, administration access, encrypted exchanges.",
        ),
    ),
    9: (
        ("Sécuriser les sites web", "Secure web sites"),
        ("En-têtes de sécurité, aucun traceur avant le choix.", "Security headers, no tracker before the choice."),
    ),
    10: (
        ("Sauvegarder et prévoir la continuité d'activité", "Back up and plan continuity"),
        ("Sauvegardes vérifiées par une restauration.", "Backups checked by restoring one."),
    ),
    11: (
        ("Archiver de manière sécurisée", "Archive securely"),
        ("Durées de conservation appliquées d'elles-mêmes.", "Periods of retention that apply themselves."),
    ),
    12: (
        (
            "Encadrer la maintenance et la fin de vie des matériels et logiciels",
            "Govern maintenance and the end of life of equipment",
        ),
        ("Interventions tracées, supports effacés.", "Interventions traced, media wiped."),
    ),
    13: (
        ("Gérer la sous-traitance", "Manage processors"),
        ("Un contrat par sous-traitant, garanties vérifiées.", "A contract with each processor, guarantees checked."),
    ),
    14: (
        ("Sécuriser les échanges avec d'autres organismes", "Secure exchanges with other bodies"),
        ("Fichiers chiffrés, destinataire certain.", "Encrypted files, a certain recipient."),
    ),
    15: (
        ("Protéger les locaux", "Protect premises"),
        ("Accès, alarmes : preuve à déposer.", "Access, alarms: evidence to be written down."),
    ),
    16: (
        ("Encadrer les développements informatiques", "Govern software development"),
        (
            "Aucune donnée réelle dans les essais, protection dès la conception.",
            "No real data in tests, protection by design.",
        ),
    ),
    17: (
        ("Chiffrer, garantir l'intégrité ou signer", "Encrypt, guarantee integrity or sign"),
        ("Clés à part, âge connu, journaux signés.", "Keys kept apart, of a known age, signed logs."),
    ),
}
