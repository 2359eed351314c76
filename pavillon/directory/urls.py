from django.urls import path

from pavillon.directory.views import companies, contacts, merging

app_name = "directory"
urlpatterns = [
    path("companies/", companies.companies, name="companies"),
    path("companies/create/", companies.create_company, name="create_company"),
    path("companies/candidates/", companies.find_candidates, name="find_candidates"),
    path("companies/<int:company>/", companies.company, name="company"),
    path("companies/<int:company>/change/", companies.change_company, name="change_company"),
    path("companies/<int:company>/changes/", companies.company_changes, name="company_changes"),
    path("companies/<int:company>/contacts/", contacts.company_contacts, name="company_contacts"),
    path("companies/<int:company>/contacts/add/", contacts.add_contact, name="add_contact"),
    path("companies/<int:company>/duplicates/", merging.choose_duplicate, name="choose_duplicate"),
    path("companies/<int:company>/merge/<int:other>/", merging.merge_companies, name="merge_companies"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/<int:contact>/", contacts.contact, name="contact"),
    path("contacts/<int:contact>/change/", contacts.change_contact, name="change_contact"),
]
