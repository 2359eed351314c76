from django.urls import path

from pavillon.correspondence.views import addresses, mails

app_name = "correspondence"
urlpatterns = [
    path("mail/", mails.mails, name="mails"),
    path("mail/waiting/", mails.desk_mails, name="desk_mails"),
    path("mail/address/", addresses.copy_address, name="view_copy_address"),
    path("mail/address/renew/", addresses.renew_copy_address, name="renew_copy_address"),
    path("mail/<int:copiedmail>/", mails.view_mail, name="view_mail"),
    path("mail/<int:copiedmail>/file/", mails.file_mail, name="file_mail"),
    path("mail/<int:copiedmail>/refile/", mails.refile_mail, name="refile_mail"),
    path("mail/<int:copiedmail>/accept/", mails.accept_calendar, name="accept_calendar"),
    path("mail/<int:copiedmail>/discard/", mails.discard_mail, name="discard_mail"),
    path("mail/files/<int:mailfile>/", mails.read_file, name="read_file"),
    path("companies/<int:company>/mail-address/", addresses.company_address, name="company_address"),
    path("leads/<int:lead>/mail-address/", addresses.lead_address, name="lead_address"),
]
