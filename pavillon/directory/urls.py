from django.urls import path

from pavillon.directory import card_urls, register_urls
from pavillon.directory.views import companies, contacts, lists, merging, uses

app_name = "directory"
urlpatterns = [
    path("companies/", lists.companies, name="companies"),
    path("companies/facets/", lists.company_facets, name="company_facets"),
    path("companies/create/", companies.create_company, name="create_company"),
    path("companies/candidates/", companies.find_candidates, name="find_candidates"),
    path("companies/<int:company>/", companies.company, name="company"),
    path("companies/<int:company>/change/", companies.change_company, name="change_company"),
    path("companies/<int:company>/changes/", companies.company_changes, name="company_changes"),
    path("companies/<int:company>/contacts/", contacts.company_contacts, name="company_contacts"),
    path("companies/<int:company>/contacts/add/", contacts.add_contact, name="add_contact"),
    path("companies/<int:company>/duplicates/", merging.choose_duplicate, name="choose_duplicate"),
    path("companies/<int:company>/merge/<int:other>/", merging.merge_companies, name="merge_companies"),
    path(
        "companies/<int:company>/contacts/candidates/", contacts.find_contact_candidates, name="find_contact_candidates"
    ),
    path("companies/<int:company>/merges/", merging.company_merges, name="company_merges"),
    path("merges/", merging.merges, name="merges"),
    path("merges/<int:mergeevent>/undo/", merging.undo_merge, name="undo_merge"),
    path("contacts/", lists.contacts, name="contacts"),
    path("contacts/<int:contact>/uses/", uses.contact_uses, name="contact_uses"),
    path("contacts/<int:contact>/uses/send/", uses.send_choices, name="send_choices"),
    path("contacts/<int:contact>/uses/objection/", uses.note_objection, name="note_objection"),
    path("contacts/facets/", lists.contact_facets, name="contact_facets"),
    path("contacts/<int:contact>/cells/<slug:column>/", lists.edit_contact, name="edit_contact"),
    path("companies/<int:company>/cells/<slug:column>/", lists.edit_company, name="edit_company"),
    path("lists/<slug:subject>/filter/", lists.filter_list, name="filter_list"),
    path("lists/<slug:subject>/columns/", lists.choose_columns, name="choose_columns"),
    path("lists/<slug:subject>/options/", lists.find_options, {"field": ""}, name="find_options"),
    path("lists/<slug:subject>/options/<slug:field>/", lists.find_options, name="find_options"),
    path("contacts/<int:contact>/", contacts.contact, name="contact"),
    path("contacts/<int:contact>/duplicates/", merging.choose_same_contact, name="choose_same_contact"),
    path("contacts/<int:contact>/merge/<int:other>/", merging.merge_contacts, name="merge_contacts"),
    path("contacts/<int:contact>/change/", contacts.change_contact, name="change_contact"),
    *card_urls.paths,
    *register_urls.paths,
]
