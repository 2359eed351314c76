"""The demonstration's catalogue: invented sheets, one a line.

company key | vertical | drawing | name in English | name in French | what for, in English | what for, in French | price
in euros or empty | lead time in days | customs code or empty | year:hours of a recycled machine or empty
"""

SHEETS = """
marc|farming|seeder|Direct seeder, 4 m, twelve rows|Semoir direct 4 m, douze rangs|Sows cereals and covers without ploughing, even in heavy residue|Sème céréales et couverts sans labour, même dans beaucoup de résidus|38500|60|843239|
marc|farming|seeder|Precision seeder for maize, eight rows|Semoir monograine pour maïs, huit rangs|Places each seed at the same depth at 12 km/h|Pose chaque graine à la même profondeur à 12 km/h|52900|75|843239|
marc|farming|seeder|Row cleaner for cover crops|Chasse-débris pour couverts végétaux|Opens a clean line ahead of the seeding disc|Ouvre une ligne propre devant le disque semeur|4200|20|843239|
marc|recycled-machines|seeder|Overhauled pneumatic drill, 6 m|Semoir pneumatique révisé, 6 m|Second life for a robust drill, wear parts replaced|Seconde vie d’un semoir robuste, pièces d’usure changées|19800|15|843239|2014:2600
atelier|maritime|boat|Aluminium workboat, 9 m|Vedette de travail en aluminium, 9 m|Serves oyster farms and harbours with a flat working deck|Sert les parcs à huîtres et les ports, avec un pont de travail plat|168000|180|890790|
atelier|maritime|boat|Passenger launch, 24 seats|Vedette à passagers, 24 places|Carries visitors between islands, hybrid drive on request|Transporte des visiteurs entre les îles, propulsion hybride sur demande||240|890790|
armorim|medical-devices|monitor|Bedside vital signs monitor|Moniteur de signes vitaux au lit du patient|Follows heart, breathing and oxygen on one clear screen|Suit le cœur, la respiration et l’oxygène sur un seul écran clair|2350|30|901890|
armorim|medical-devices|monitor|Portable monitor for ambulances|Moniteur portable pour ambulances|Eight hours on battery, read at a glance in full sun|Huit heures sur batterie, lisible en plein soleil|3100|30|901890|
armorim|medical-devices|barrel|Ultrasound coupling gel, 5 l|Gel de contact pour échographie, 5 l|Water-based gel without fragrance for intensive use|Gel à base d’eau, sans parfum, pour usage intensif|18|10|901890|
voiles|maritime|roll|Laminated cruising sail|Voile de croisière laminée|Keeps its shape in strong wind and folds small|Garde sa forme par vent fort et se plie petit|2900|35||
voiles|maritime|roll|Technical cover for deck equipment|Housse technique pour équipement de pont|Protects winches and cranes from salt and sun|Protège treuils et grues du sel et du soleil|240|20||
algues|farming|barrel|Seaweed extract for root growth|Extrait d’algues pour l’enracinement|Helps young plants root, usable in organic farming|Aide les jeunes plants à s’enraciner, utilisable en bio|9|14|310100|
algues|farming|barrel|Calcareous seaweed soil improver|Amendement d’algues calcaires|Corrects acid soils slowly and feeds micro-organisms|Corrige lentement les sols acides et nourrit les micro-organismes|320|21|310100|
algues|ecological-transition|barrel|Alginate for water treatment|Alginate pour le traitement de l’eau|Binds suspended matter without synthetic polymer|Lie les matières en suspension sans polymère de synthèse||21|310100|
korrigan|industry-4-0|robot|Palletising cell, 12 boxes a minute|Cellule de palettisation, 12 cartons par minute|Stacks mixed formats and learns a new one in ten minutes|Empile des formats mélangés et en apprend un nouveau en dix minutes|94000|120|847950|
korrigan|industry-4-0|robot|Collaborative gripper kit|Ensemble de préhension collaboratif|Handles fragile parts beside people, without a fence|Manipule des pièces fragiles près des opérateurs, sans grillage|8700|25|847950|
composites|maritime|boat|Composite hull shells|Coques en composite|Infused shells for builders of boats up to 14 m|Coques infusées pour constructeurs de bateaux jusqu’à 14 m||90|890790|
composites|aerospace|wood|Honeycomb cabin panels|Panneaux de cabine en nid d’abeille|Light interior panels, fire tests documented|Panneaux d’intérieur légers, essais au feu documentés|410|45|880730|
hydroliennes|ecological-transition|turbine|River turbine, 40 kW|Hydrolienne fluviale, 40 kW|Gives power from a current of 2 m/s, day and night|Produit avec un courant de 2 m/s, jour et nuit|148000|210||
hydroliennes|maritime|turbine|Tidal turbine for islands, 250 kW|Hydrolienne marine pour îles, 250 kW|Replaces diesel generators in strong tidal channels|Remplace les groupes électrogènes dans les passes à fort courant||365|848710|
traite|farming|machine|Milking robot, one stall|Robot de traite, une stalle|Milks up to 70 cows and cleans itself between them|Trait jusqu’à 70 vaches et se lave entre chacune|118000|120|843410|
traite|farming|pump|Vacuum pump with variable speed|Pompe à vide à vitesse variable|Halves the electricity of a milking parlour|Divise par deux l’électricité d’une salle de traite|3900|30|843410|
traite|recycled-machines|machine|Overhauled herringbone parlour, 2 × 8|Salle de traite en épi révisée, 2 × 8|Complete parlour, new liners and hoses|Salle complète, manchons et tuyaux neufs|21500|30|843410|2011:14000
granit|construction|wood|Granite paving slabs, sawn|Dalles de granit sciées|Frost-proof paving for squares and harbours|Pavage résistant au gel pour places et ports|78|40|681011|
granit|construction|wood|Granite kerbs|Bordures de granit|Straight or curved kerbs from our own quarry|Bordures droites ou courbes de notre carrière|52|40|681011|
fournil|industry-4-0|oven|Electric deck oven, three decks|Four électrique à sole, trois étages|Even baking with a third less energy|Cuisson régulière avec un tiers d’énergie en moins|26800|60|847989|
fournil|industry-4-0|oven|Connected proofing chamber|Chambre de pousse connectée|Follows each batch and reports by itself|Suit chaque fournée et rend compte toute seule|14200|45|847989|
capteurs|industry-4-0|sensor|Vibration sensor for machines|Capteur de vibrations pour machines|Warns weeks before a bearing fails|Prévient des semaines avant la panne d’un roulement|290|15|903289|
capteurs|aerospace|sensor|Fibre temperature probe|Sonde de température à fibre|Measures inside engines, immune to interference|Mesure dans les moteurs, insensible aux perturbations|1450|50|903289|
capteurs|industry-4-0|screen|Condition monitoring gateway|Passerelle de surveillance|Gathers 200 sensors and works without a connection|Rassemble 200 capteurs et travaille sans connexion|1980|20|903289|
charpentes|construction|wood|Glued-laminated beams|Poutres en lamellé-collé|Spans up to 32 m, French timber only|Portées jusqu’à 32 m, bois français seulement|690|45|940690|
charpentes|construction|wood|Timber frame walls, insulated|Murs à ossature bois isolés|Delivered ready to raise, with hemp insulation|Livrés prêts à lever, isolés au chanvre|165|50|940690|
aerostructures|aerospace|machine|Titanium structural fittings|Ferrures structurales en titane|Five-axis machined fittings for wing boxes|Ferrures usinées en cinq axes pour caissons de voilure||90|880730|
aerostructures|aerospace|saw|Stretch-formed skin panels|Panneaux de fuselage étirés|Aluminium skins up to 6 m, surface treated|Revêtements en aluminium jusqu’à 6 m, traités||80|880730|
maine|medical-devices|monitor|Compact digital X-ray panel|Capteur plan de radiographie compact|Sharp pictures at a low dose for small clinics|Images nettes à faible dose pour petites cliniques|18900|60|901890|
maine|medical-devices|instrument|Slit lamp with camera|Lampe à fente avec caméra|Documents each examination in one gesture|Documente chaque examen d’un seul geste|7400|45|901890|
vendee|land-transport|trailer|Tipping trailer, 18 t|Remorque benne, 18 t|High-strength steel body, 900 kg lighter|Caisse en acier à haute limite, 900 kg de moins|41200|70|860799|
vendee|land-transport|trailer|Livestock trailer, two decks|Remorque bétaillère, deux étages|Hydraulic floor and soft lighting calm the animals|Plancher hydraulique et éclairage doux apaisent les animaux|57800|90|860799|
vendee|recycled-machines|trailer|Overhauled curtain trailer|Semi-remorque bâchée révisée|New tarpaulin, brakes and lights, inspected|Bâche, freins et feux neufs, contrôlée|12900|20|860799|2013:9000
perche|industry-4-0|machine|Tablet press, 60,000 an hour|Presse à comprimés, 60 000 par heure|Changes format in twenty minutes without tools|Change de format en vingt minutes sans outil||150|847989|
perche|recycled-machines|machine|Overhauled blister line|Ligne de blisters révisée|Qualified documents, new control cabinet|Documents de qualification, armoire neuve|86000|60|842240|2010:21000
estuaire|land-transport|conveyor|Container tilter, 40 ft|Basculeur de conteneurs, 40 pieds|Empties bulk containers in eight minutes|Vide les conteneurs de vrac en huit minutes|128000|150|847989|
estuaire|maritime|conveyor|Quay conveyor for bulk|Convoyeur de quai pour vrac|Loads 600 t an hour with little dust|Charge 600 t par heure avec peu de poussière||180|847989|
verre|medical-devices|barrel|Type I glass vials|Flacons en verre de type I|Vials for injectable products, inspected one by one|Flacons pour injectables, contrôlés un par un|0.21|40||
verre|ecological-transition|barrel|Light returnable bottle|Bouteille légère réemployable|Resists forty washes, weighs 20 % less|Résiste à quarante lavages, pèse 20 % de moins|0.34|45||
lys|medical-devices|roll|Compression fabric for hosiery|Tissu de compression pour bas|Knitted fabric, even pressure after fifty washes|Tricot à pression régulière après cinquante lavages|14|30||
lys|medical-devices|roll|Washable surgical drapes|Champs opératoires lavables|Barrier textile for 75 cycles|Textile barrière pour 75 cycles|22|30||
rail|land-transport|rail|Bogie frame for metros|Châssis de bogie pour métros|Welded and tested frame, 40 years of life|Châssis soudé et éprouvé, 40 ans de vie||200|860799|
rail|land-transport|rail|Tram wheelset with resilient wheels|Essieu de tramway à roues élastiques|Runs quietly in tight curves|Roule sans bruit dans les courbes serrées|9800|90|860799|
tri|ecological-transition|conveyor|Optical sorter for plastics|Trieur optique pour plastiques|Tells seven resins apart at 3 m/s|Distingue sept résines à 3 m/s|176000|150|847982|
tri|ecological-transition|screen|Sorting line supervision|Supervision de ligne de tri|Shows purity and losses as they happen|Montre pureté et pertes en direct|12400|30|847989|
vosges|machine-tools|saw|Band saw for hardwood|Scie à ruban pour bois durs|Thin kerf, automatic feed, ten logs an hour|Trait fin, amenage automatique, dix grumes par heure|64000|110|847982|
vosges|recycled-machines|saw|Overhauled log edger|Déligneuse révisée|New spindle and guards, ready to run|Broche et carters neufs, prête à tourner|23800|25|847982|2008:16500
moselle|machine-tools|gears|Progressive stamping die|Outil de découpe progressif|One million parts between two grindings|Un million de pièces entre deux affûtages||75|847989|
moselle|machine-tools|machine|Modular clamping system|Système de bridage modulaire|Sets a part up in two minutes, within 5 µm|Met une pièce en place en deux minutes, à 5 µm près|3400|20|845710|
ried|farming|barrel|Pneumatic fruit press, 50 hl|Pressoir pneumatique, 50 hl|Gentle cycles for grapes, apples and berries|Cycles doux pour raisins, pommes et baies|48900|80|847982|
ried|farming|conveyor|Sorting table for grapes|Table de tri pour vendange|Vibrating table that saves whole berries|Table vibrante qui préserve les baies entières|11700|45|847982|
champagne|farming|barrel|Oak barrels, 228 l|Fûts de chêne, 228 l|Air-dried oak, toasted to your profile|Chêne séché à l’air, chauffe selon votre profil|890|60||
prothese|medical-devices|implant|Modular hip stem|Tige de hanche modulaire|Eighteen sizes, instruments in one tray|Dix-huit tailles, instruments dans un seul plateau||60|902190|
prothese|medical-devices|implant|Knee alignment guides|Guides d’alignement du genou|Printed from the patient's scanner in a week|Imprimés d’après le scanner du patient en une semaine|480|10|902190|
jumeau|industry-4-0|screen|Digital twin of a workshop|Jumeau numérique d’atelier|Tries tomorrow's schedule before the shift begins|Essaie le planning de demain avant le poste|24000|45||
jumeau|construction|screen|Digital twin of a building|Jumeau numérique de bâtiment|Finds leaks of heat from existing meters|Trouve les pertes de chaleur avec les compteurs existants|9800|30||
saclay|machine-tools|instrument|Optical roughness meter|Rugosimètre optique|Measures without contact in the machine|Mesure sans contact dans la machine|13600|40|903289|
saclay|aerospace|instrument|Laser tracker for assembly|Laser de poursuite pour l’assemblage|Follows a target within 15 µm at 20 m|Suit une cible à 15 µm près à 20 m||60|903289|
beauce|farming|sensor|Soil moisture station|Station d’humidité du sol|Tells when to irrigate, field by field|Dit quand irriguer, parcelle par parcelle|640|15|903289|
beauce|farming|screen|Spraying map service box|Boîtier de cartes de pulvérisation|Saves a fifth of product with maps from the sky|Économise un cinquième de produit grâce à des cartes du ciel|1900|15||
touraine|ecological-transition|pump|Borehole pump, solar drive|Pompe de forage solaire|Lifts 60 m³ a day without a grid|Élève 60 m³ par jour sans réseau|5400|40|842121|
touraine|ecological-transition|pump|Filtration skid for drinking water|Module de filtration d’eau potable|Container-size unit for 3,000 people|Unité de la taille d’un conteneur pour 3 000 personnes|67000|120|842121|
touraine|construction|pump|Lifting station, prefabricated|Poste de relevage préfabriqué|Buried station delivered ready to connect|Poste enterré livré prêt à raccorder|11200|50|842121|
sologne|recycled-machines|machine|Overhauled machining centre, 3 axes|Centre d’usinage révisé, 3 axes|Geometry checked, new spindle bearings|Géométrie contrôlée, roulements de broche neufs|42500|25|845710|2012:18500
sologne|recycled-machines|turned|Overhauled turning centre|Tour à commande numérique révisé|Turret and control cleaned, report of 62 points|Tourelle et commande nettoyées, rapport de 62 points|31800|25|845811|2010:22400
sologne|recycled-machines|robot|Refurbished six-axis robot, 120 kg|Robot six axes reconditionné, 120 kg|New cables and grease, repeatability measured|Câbles et graisses neufs, répétabilité mesurée|18600|20|847950|2013:31000
sologne|recycled-machines|machine|Overhauled press brake, 160 t|Presse plieuse révisée, 160 t|Safety brought up to date, new hydraulics|Sécurité mise à niveau, hydraulique neuve|27400|30|847989|2006:19800
decolletage|machine-tools|turned|Precision turned parts, 1 to 32 mm|Pièces décolletées, 1 à 32 mm|Series from 1,000 to a million, within 4 µm|Séries de 1 000 à un million, à 4 µm près|0.18|30|845811|
decolletage|medical-devices|turned|Bone screws, titanium|Vis à os en titane|Turned, cleaned and packed in a white room|Décolletées, lavées et emballées en salle blanche|3.4|35|902190|
decolletage|aerospace|turned|Hydraulic fittings, steel|Raccords hydrauliques en acier|Traced lots for actuators and landing gear|Lots tracés pour vérins et trains d’atterrissage|6.9|40|880730|
doubs|machine-tools|gears|Micro gears, module 0.1|Micro-engrenages, module 0,1|Cut and polished for instruments|Taillés et polis pour instruments|4.2|30||
doubs|medical-devices|gears|Surgical motor gear train|Train d’engrenages pour moteur chirurgical|Silent gears that stand 500 sterilisations|Engrenages silencieux, 500 stérilisations|58|45|901890|
vercors|industry-4-0|sensor|Gas leak camera|Caméra de fuites de gaz|Shows methane leaks from 100 m|Montre les fuites de méthane à 100 m|21900|60|903289|
vercors|ecological-transition|sensor|Air quality node|Capteur de qualité de l’air|Five pollutants, ten years of battery|Cinq polluants, dix ans de pile|380|20|903289|
oyonnax|medical-devices|barrel|Moulded inhaler bodies|Corps d’inhalateur moulés|Clean-room moulding, 8 million a year|Moulage en salle blanche, 8 millions par an|0.42|45||
oyonnax|ecological-transition|barrel|Reusable transport crate|Caisse de transport réutilisable|Recycled plastic, 250 trips|Plastique recyclé, 250 rotations|12|25||
volcans|ecological-transition|pump|Reed-bed treatment plant kit|Station d’épuration à roseaux|Treats the water of 500 people without chemicals|Traite l’eau de 500 habitants sans produit chimique|39000|90|842121|
volcans|ecological-transition|sensor|Water loss detector for networks|Détecteur de fuites pour réseaux|Hears a leak through 200 m of pipe|Entend une fuite à travers 200 m de conduite|720|20|903289|
gier|land-transport|rail|Forged railway couplers|Attelages ferroviaires forgés|Forged and tested couplers for freight|Attelages forgés et éprouvés pour le fret|1450|90|860799|
gier|aerospace|gears|Forged engine rings|Anneaux de moteur forgés|Nickel alloys, ultrasonic control of each ring|Alliages de nickel, contrôle par ultrasons de chaque anneau||120|880730|
ardeche|industry-4-0|conveyor|Modular parcel conveyor|Convoyeur modulaire pour colis|Plugs together in a morning, quiet rollers|S’assemble en une matinée, rouleaux silencieux|3800|40|847989|
ardeche|industry-4-0|conveyor|Spiral elevator|Élévateur à spirale|Lifts 60 boxes a minute on 3 m²|Élève 60 cartons par minute sur 3 m²|22600|75|847989|
gironde|farming|barrel|Stainless fermentation tank, 50 hl|Cuve de fermentation inox, 50 hl|Double jacket, controlled from a phone|Double enveloppe, pilotée d’un téléphone|9600|60||
gironde|farming|pump|Peristaltic must pump|Pompe péristaltique à vendange|Moves whole grapes without crushing them|Déplace les raisins entiers sans les écraser|12800|45||
poitou|land-transport|battery|Traction battery for buses|Batterie de traction pour bus|Repairable modules, 10 years at 80 %|Modules réparables, 10 ans à 80 %||120||
poitou|ecological-transition|battery|Stationary storage, 100 kWh|Stockage stationnaire, 100 kWh|Second-life cells for buildings and islands|Cellules de seconde vie pour bâtiments et îles|44000|90||
garonne|aerospace|satellite|Nanosatellite platform, 12U|Plateforme de nanosatellite, 12U|Carries your instrument for five years in orbit|Porte votre instrument cinq ans en orbite||300|880260|
garonne|aerospace|satellite|Ground station antenna, 2.4 m|Antenne de station sol, 2,4 m|Follows low orbits by itself, ready in a day|Suit seule les orbites basses, prête en un jour|68000|120||
herault|farming|irrigation|Drip irrigation kit for orchards|Irrigation goutte à goutte pour vergers|Pressure compensated lines, 40 % less water|Lignes autorégulantes, 40 % d’eau en moins|1150|20||
herault|farming|irrigation|Connected valve for irrigation|Vanne connectée d’irrigation|Opens by radio at 3 km on two batteries|S’ouvre par radio à 3 km avec deux piles|210|15||
herault|ecological-transition|irrigation|Reuse skid for treated water|Module de réutilisation d’eau traitée|Makes treated water safe for fields|Rend l’eau traitée sûre pour les champs|31500|90|842121|
bigorre|industry-4-0|oven|Ceramic kiln furniture|Supports de cuisson en céramique|Lasts 300 firings at 1,400 °C|Dure 300 cuissons à 1 400 °C|36|35||
bigorre|aerospace|oven|Ceramic matrix nozzle parts|Pièces de tuyère en composite céramique|Light parts for 1,300 °C|Pièces légères pour 1 300 °C||150|880730|
aveyron|machine-tools|machine|Vertical machining centre, 5 axes|Centre d’usinage vertical, 5 axes|Stiff cast frame for hard steels|Bâti en fonte rigide pour aciers durs|187000|180|845710|
aveyron|machine-tools|turned|Heavy lathe, 3 m between centres|Tour lourd, 3 m entre pointes|Turns shafts of 5 t|Tourne des arbres de 5 t|142000|180|845811|
aveyron|recycled-machines|machine|Rebuilt gantry mill|Fraiseuse à portique reconstruite|Rebuilt by its maker, guaranteed two years|Reconstruite par son fabricant, garantie deux ans|98000|90|845710|2004:38000
limousin|aerospace|oven|High-frequency ceramic substrates|Substrats céramiques haute fréquence|For radars and satellites, polished to 0.1 µm|Pour radars et satellites, polis à 0,1 µm||60||
limousin|industry-4-0|oven|Wear-proof ceramic nozzles|Buses céramiques anti-usure|Last ten times longer than steel|Durent dix fois plus que l’acier|64|30||
calanques|maritime|boat|Electric harbour tug, 14 m|Remorqueur portuaire électrique, 14 m|Pulls 18 t without smoke in the harbour|Tire 18 t sans fumée dans le port||400|890790|
calanques|maritime|boat|Rescue boat, self-righting|Canot de sauvetage autoredressable|Comes back upright in six seconds|Se redresse en six secondes|286000|270|890790|
calanques|maritime|turbine|Five-blade propeller, noise reduced|Hélice à cinq pales, bruit réduit|Saves 6 % of fuel, quiet for marine life|Économise 6 % de carburant, calme pour la faune|7200|60|848710|
mistral|ecological-transition|solar|Photovoltaic shade for parking|Ombrière photovoltaïque de parking|Steel structure that stands winds of 200 km/h|Structure acier qui tient des vents de 200 km/h|1250|75|854143|
mistral|construction|solar|Solar roof tiles|Tuiles solaires|Looks like clay, gives 170 W per m²|Aspect de terre cuite, 170 W par m²|240|45|854143|
mistral|farming|solar|Solar greenhouse roof|Toit de serre solaire|Lets through the light that plants use|Laisse passer la lumière utile aux plantes||120|854143|
azur|medical-devices|monitor|Hearing screening device|Appareil de dépistage auditif|Tests a newborn in thirty seconds|Teste un nouveau-né en trente secondes|2900|30|901890|
azur|medical-devices|instrument|Laser for dermatology|Laser de dermatologie|Two wavelengths, cooled hand piece|Deux longueurs d’onde, pièce à main refroidie|27800|60|901890|
grasse|farming|barrel|Natural repellent for orchards|Répulsif naturel pour vergers|Plant extracts that keep insects away|Extraits de plantes qui éloignent les insectes|26|20|310100|
reunion|ecological-transition|solar|Container solar plant, 30 kW|Centrale solaire en conteneur, 30 kW|Unfolds in four hours, resists cyclones|Se déplie en quatre heures, résiste aux cyclones|59000|90|854143|
reunion|ecological-transition|battery|Island microgrid controller|Contrôleur de micro-réseau insulaire|Balances sun, wind and batteries by itself|Équilibre seul soleil, vent et batteries|16500|60|903289|
"""
# Services that any maker may offer: name and sentence in English and French, drawing, price by day or empty.
SERVICES = [
    ("Installation and commissioning on site", "Installation et mise en service sur site",
     "Our engineers install, adjust and hand over the equipment at your place",
     "Nos techniciens installent, règlent et vous remettent l’équipement chez vous", "tools", 980),
    ("Operator training, in English", "Formation des opérateurs, en anglais",
     "Two days for your team, with exercises on your own parts",
     "Deux jours pour votre équipe, avec des exercices sur vos propres pièces", "lesson", 1150),
    ("Preventive maintenance contract", "Contrat de maintenance préventive",
     "Two visits a year, spare parts within 72 hours",
     "Deux visites par an, pièces détachées sous 72 heures", "tools", None),
]  # fmt: skip
# What every description goes on with, by vertical: English, French.
PARAGRAPHS = {
    "industry-4-0": (
        "It talks to your existing machines with open protocols, works without a permanent connection and keeps its data "
        "on your site. Spare parts are kept in stock for ten years and the documentation is delivered in English.",
        "Il parle avec vos machines par des protocoles ouverts, travaille sans connexion permanente et garde ses données "
        "chez vous. Les pièces détachées sont tenues dix ans en stock et la documentation est livrée en anglais.",
    ),
    "farming": (
        "Tried on farms of several climates before it was sold, it is made to be repaired with ordinary tools. Wear parts "
        "leave our workshop within 48 hours, and advice by phone is free of charge during the season.",
        "Essayé dans des fermes de plusieurs climats avant d’être vendu, il se répare avec des outils ordinaires. Les pièces "
        "d’usure partent de notre atelier sous 48 heures et le conseil par téléphone est gratuit en saison.",
    ),
    "medical-devices": (
        "Designed with the people who use it every day, it comes with its technical file and instructions in English. Each "
        "batch is traced from raw material to delivery, and complaints are answered within two working days.",
        "Conçu avec celles et ceux qui s’en servent chaque jour, il est livré avec son dossier technique et sa notice en "
        "anglais. Chaque lot est tracé de la matière à la livraison et les réclamations traitées en deux jours ouvrés.",
    ),
    "aerospace": (
        "Material certificates, first-article inspection and non-destructive tests are part of the delivery. Our quality "
        "team speaks English and accepts source inspection by your own people or by a third party.",
        "Certificats matière, contrôle du premier article et essais non destructifs font partie de la livraison. Notre équipe "
        "qualité parle anglais et accepte un contrôle à la source par vous ou par un tiers.",
    ),
    "maritime": (
        "Built for salt water and long seasons, it is inspected before delivery and can be classed by the society of your "
        "choice. We train your crew during the sea trials and keep plans and spare parts for twenty years.",
        "Construit pour l’eau salée et les longues saisons, il est inspecté avant livraison et peut être classé par la société "
        "de votre choix. Nous formons votre équipage pendant les essais et gardons plans et pièces vingt ans.",
    ),
    "land-transport": (
        "Dimensioned for heavy duty and bad roads, it is delivered with its inspection file and maintenance plan. Welds are "
        "tested, steel is traced and every part has a number that finds its drawing again.",
        "Dimensionné pour l’usage intensif et les mauvaises routes, il est livré avec son dossier de contrôle et son plan "
        "d’entretien. Les soudures sont testées, l’acier tracé, et chaque pièce a un numéro qui retrouve son plan.",
    ),
    "machine-tools": (
        "Accuracy is measured in our workshop at 20 °C and the report travels with the machine. We help you with the first "
        "parts, and our engineers answer in English within the working day.",
        "La précision est mesurée dans notre atelier à 20 °C et le rapport voyage avec la machine. Nous vous aidons pour les "
        "premières pièces et nos techniciens répondent en anglais dans la journée.",
    ),
    "construction": (
        "Made to measure from your drawings, with a declaration of performance and an environmental sheet. We prepare the "
        "loading plan of each container so that nothing is moved twice on your site.",
        "Fabriqué sur mesure d’après vos plans, avec déclaration de performance et fiche environnementale. Nous préparons le "
        "plan de chargement de chaque conteneur pour que rien ne soit déplacé deux fois sur votre chantier.",
    ),
    "ecological-transition": (
        "Designed to last and to be taken apart, it comes with a calculation of what it saves. Performance is measured during "
        "the first year, and we correct at our expense what does not reach the promised figure.",
        "Conçu pour durer et se démonter, il est accompagné du calcul de ce qu’il économise. La performance est mesurée la "
        "première année et nous corrigeons à nos frais ce qui n’atteint pas le chiffre promis.",
    ),
    "recycled-machines": (
        "Taken apart, cleaned, measured and rebuilt in our workshop, it leaves with an inspection report, a guarantee and the "
        "guards that today's rules ask for. You may see it run before it is packed, on site or by video.",
        "Démontée, nettoyée, mesurée et remontée dans notre atelier, elle part avec un rapport d’inspection, une garantie et "
        "les protections qu’exigent les règles d’aujourd’hui. Vous pouvez la voir tourner avant emballage, sur place ou en vidéo.",
    ),
}  # fmt: skip
ABOUT = (
    "{company} has worked in {town} for more than {years} years. Around {people} people design, make and test under one roof, "
    "and half of what leaves the workshop goes abroad. Visitors are welcome: show us your problem, we show you how we work.",
    "{company} travaille à {town} depuis plus de {years} ans. Une équipe d’environ {people} personnes conçoit, fabrique et "
    "essaie sous un même toit, et la moitié de ce qui sort de l’atelier part à l’étranger. Venez nous voir : montrez-nous "
    "votre problème, nous vous montrons comment nous travaillons.",
)  # fmt: skip
TAGLINES = {
    "industry": ("Machines that people trust", "Des machines en qui l’on a confiance"),
    "infrastructure": ("Built to stay", "Construit pour durer"),
    "mobility": ("Made to go far", "Fait pour aller loin"),
    "health": ("Care, measured", "Le soin, mesuré"),
    "ecology": ("Doing more with less", "Faire plus avec moins"),
}
# Buyers of the demonstration: first name, last name, company, country, sector, position.
BUYERS = [
    ("Greta", "Lindqvist", "Nordfält Maskin AB", "SE", "industry", "Purchasing manager"),
    ("Kofi", "Mensah", "Volta Agro Supplies", "GH", "industry", "Managing director"),
    ("Aisha", "Rahman", "Delta Farm Systems", "EG", "ecology", "Technical buyer"),
    ("Pieter", "de Wit", "Polder Techniek BV", "NL", "industry", "Head of purchasing"),
    ("Lucía", "Ferrer", "Agromec Levante", "ES", "industry", "Product manager"),
    ("Hiroshi", "Mori", "Mori Trading", "JP", "mobility", "Import manager"),
    ("Omar", "Bennani", "Atlas Équipements", "MA", "industry", "Owner"),
    ("Sara", "Cohen", "Negev Water Works", "IL", "ecology", "Engineer"),
    ("Priya", "Nair", "Malabar Med Devices", "IN", "health", "Sourcing lead"),
    ("Tomasz", "Zielinski", "Baltic Machinery", "PL", "industry", "Buyer"),
    ("Emily", "Carter", "Great Lakes Tooling", "US", "industry", "Supply chain manager"),
    ("Jonas", "Weber", "Weber Landtechnik", "DE", "industry", "Owner"),
]
QUESTIONS = [
    ("question", "Which power supply does it need, and can it run at 60 Hz?"),
    ("quote", "Please quote for the quantity above, delivered to our nearest port, with spare parts for two years."),
    ("question", "Do you have references in our climate, with temperatures above 40 °C?"),
    ("contact", "We distribute similar equipment and would like to talk about our market."),
    ("meeting", "We visit France next month: may we come to see it at work?"),
    ("quote", "We compare three suppliers. What are price and lead time for a first order, and for the next ones?"),
    ("question", "Is the documentation available in English, and who does the training?"),
]
ANSWERS = [
    "Thank you for your message. Yes, it runs at 60 Hz with the transformer that we deliver; the data sheet follows.",
    "Thank you for your interest. You will find our offer below; we can deliver eight weeks after the order.",
    "We have three references in such a climate. Our engineer will call you this week to tell you more.",
    "With pleasure: tell us which day suits you, and we prepare a demonstration on your own parts.",
]
# Views of pages come from these countries, the first ones most often.
VIEWERS = ["DE", "US", "ES", "IT", "MA", "NL", "PL", "BR", "SE", "GH", "JP", "EG", "IN", "BE", "CA", "TN", "SN", "VN"]

# What the agency asks of a sheet of a recycled machine: (language, line, text, pictures).
RECYCLED = [
    (
        "en",
        "Which machine, which year, what was done to it",
        "What it does, its maker and its year.\nHours of operation and what they were spent on.\nWhat was replaced and "
        "checked, by whom.\nWhat was measured since: accuracy, output, consumption.\nWarranty, spare parts, delivery.",
        "The machine as it stands today, not when it was new.\nThe plate of its maker.\nWhat was replaced, close up.",
    ),
    (
        "fr",
        "Quelle machine, de quelle année, ce qui a été refait",
        "Ce qu’elle fait, son constructeur et son année.\nSes heures de fonctionnement et à quoi elles ont servi.\nCe "
        "qui a été remplacé et contrôlé, par qui.\nCe qui a été mesuré depuis : précision, cadence, consommation.\n"
        "Garantie, pièces de rechange, livraison.",
        "La machine telle qu’elle est aujourd’hui, non quand elle était neuve.\nSa plaque de constructeur.\nCe qui a été "
        "remplacé, de près.",
    ),
]
