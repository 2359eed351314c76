from django.urls import include, path

from pavillon.accounts.views import account, oidc, organisations, people, providers

_own = [
    path("", account.home, name="home"),
    path("account/profile/", account.change_profile, name="change_profile"),
    path("account/acting/<int:membership>/", account.switch_membership, name="switch_membership"),
    path("account/sessions/<int:session>/end/", account.end_session, name="end_session"),
    path("account/invitation/<str:token>/", account.accept_invitation, name="accept_invitation"),
    path("account/sign-in-instead/", account.sign_in_instead, name="sign_in_instead"),
    path("account/suspended/", account.suspended, name="suspended"),
    path("account/unknown/<slug:reason>/", account.unknown_identity, name="unknown_identity"),
    path("account/providers/", providers.identity_providers, name="identity_providers"),
    path("account/providers/new/", providers.create_identity_provider, name="create_identity_provider"),
    path(
        "account/providers/<int:identityprovider>/",
        providers.change_identity_provider,
        name="change_identity_provider",
    ),
    path(
        "account/providers/<int:identityprovider>/delete/",
        providers.delete_identity_provider,
        name="delete_identity_provider",
    ),
    path("people/", people.people, name="people"),
    path("people/new/", people.invite_user, name="invite_user"),
    path("people/new/known/", people.add_known_user, name="add_known_user"),
    path("people/import/", people.import_people, name="import_people"),
    path("people/import/model.csv", people.import_model, name="import_model"),
    path("people/import/<int:peopleimport>/", people.people_import, name="people_import"),
    path("people/import/<int:peopleimport>/confirm/", people.confirm_people_import, name="confirm_people_import"),
    path("people/<int:user>/", people.user, name="user"),
    path("people/<int:user>/change/", people.change_user, name="change_user"),
    path("people/<int:user>/invitation/", people.send_invitation, name="send_invitation"),
    path("people/<int:user>/deactivate/", people.deactivate_user, name="deactivate_user"),
    path("people/<int:user>/reactivate/", people.reactivate_user, name="reactivate_user"),
    path("people/<int:user>/suspension/lift/", people.lift_suspension, name="lift_suspension"),
    path("people/<int:user>/roles/new/", people.add_membership, name="add_membership"),
    path("roles/<int:membership>/change/", people.change_membership, name="change_membership"),
    path("roles/<int:membership>/end/", people.end_membership, name="end_membership"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.create_organisation, name="create_organisation"),
    path("organisations/<int:organisation>/", organisations.organisation, name="organisation"),
    path("organisations/<int:organisation>/change/", organisations.change_organisation, name="change_organisation"),
    path("regions/", organisations.regions, name="regions"),
    path("regions/<str:region>/team/", organisations.region_team, name="region_team"),
    path("regions/<str:region>/team/compose/", organisations.compose_shop, name="compose_shop"),
    path("correspondents/", organisations.correspondents, name="correspondents"),
    path("correspondents/new/", organisations.name_correspondent, name="name_correspondent"),
    path("correspondents/<int:correspondent>/end/", organisations.end_correspondent, name="end_correspondent"),
]

urlpatterns = [
    path("", include((_own, "accounts"))),
    # Before allauth's own pages of the same names: these read signed answers too (ProConnect).
    path("account/provider/<slug:provider_id>/login/", oidc.begin_sign_in, name="openid_connect_login"),
    path("account/provider/<slug:provider_id>/login/callback/", oidc.finish_sign_in, name="openid_connect_callback"),
    path("account/", include("allauth.urls")),
]
