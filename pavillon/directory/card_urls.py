"""Addresses of the card: origins, corrections, sensitive companies, and the parts of companies and people."""

from django.urls import path

from pavillon.directory.views import card, conflicts, corrections, parts, people, sensitive, sources, year

paths = [
    path("companies/<int:company>/card/", card.company_card, name="company_card"),
    path("companies/<int:company>/year/", year.company_year, name="company_year"),
    path("companies/<int:company>/origins/", card.company_origins, name="company_origins"),
    path("companies/<int:company>/origins/<int:value>/choose/", card.resolve_conflict, name="resolve_conflict"),
    path("companies/<int:company>/origins/<slug:field>/keep/", card.keep_value, name="keep_value"),
    path("companies/<int:company>/corrections/<slug:field>/", corrections.ask_correction, name="ask_correction"),
    path("conflicts/", conflicts.conflicts, name="conflicts"),
    path("conflicts/people/", conflicts.contact_conflicts, name="contact_conflicts"),
    path(
        "conflicts/people/<int:contactvalue>/resolve/",
        conflicts.resolve_contact_conflict,
        name="resolve_contact_conflict",
    ),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/<int:correctionrequest>/", corrections.decide_correction, name="decide_correction"),
    path("companies/<int:company>/sensitive/", sensitive.flag_company, name="flag_company"),
    path("companies/<int:company>/sensitive/audience/", sensitive.change_audience, name="change_audience"),
    path("companies/<int:company>/sensitive/lift/", sensitive.lift_flag, name="lift_flag"),
    path("companies/<int:company>/sites/", parts.establishments, name="establishments"),
    path("companies/<int:company>/sites/add/", parts.add_establishment, name="add_establishment"),
    path("sites/<int:establishment>/change/", parts.change_establishment, name="change_establishment"),
    path("sites/<int:establishment>/remove/", parts.remove_establishment, name="remove_establishment"),
    path("companies/<int:company>/markets/add/", parts.add_market, name="add_market"),
    path("markets/<int:market>/change/", parts.change_market, name="change_market"),
    path("markets/<int:market>/remove/", parts.remove_market, name="remove_market"),
    path("companies/<int:company>/group/add/", parts.link_companies, name="link_companies"),
    path("companies/<int:company>/group/<int:link>/remove/", parts.unlink_companies, name="unlink_companies"),
    path("companies/<int:company>/channels/add/", parts.add_channel, name="add_channel"),
    path("channels/<int:channel>/change/", parts.change_channel, name="change_channel"),
    path("channels/<int:channel>/remove/", parts.remove_channel, name="remove_channel"),
    path("contacts/<int:contact>/channels/add/", people.add_contact_channel, name="add_contact_channel"),
    path("contacts/<int:contact>/roles/add/", people.add_role, name="add_role"),
    path("contact-roles/<int:contactrole>/change/", people.change_role, name="change_role"),
    path("contact-roles/<int:contactrole>/remove/", people.remove_role, name="remove_role"),
    path("contacts/<int:contact>/hours/", people.set_call_windows, name="set_call_windows"),
    path("sources/", sources.sources, name="sources"),
    path("sources/create/", sources.create_source, name="create_source"),
    path("sources/<int:source>/change/", sources.change_source, name="change_source"),
]
