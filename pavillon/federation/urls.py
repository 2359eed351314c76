from django.urls import path

from pavillon.federation.views import sign_in, sites

app_name = "federation"
urlpatterns = [
    path(".well-known/openid-configuration", sign_in.discovery, name="discovery"),
    path("identity/keys", sign_in.public_keys, name="public_keys"),
    path("identity/authorize", sign_in.authorize, name="authorize"),
    path("identity/token", sign_in.token, name="token"),
    path("identity/userinfo", sign_in.userinfo, name="userinfo"),
    path("identity/revoke", sign_in.revoke_token, name="revoke_token"),
    path("identity/introspect", sign_in.introspect_token, name="introspect_token"),
    path("identity/sign-out", sign_in.leave_site, name="leave_site"),
    path("account/sites/", sites.my_sites, name="my_sites"),
    path("account/sites/<int:siteaccess>/revoke/", sites.revoke_access, name="revoke_access"),
    path("federation/sites/", sites.sites, name="sites"),
    path("federation/sites/new/", sites.create_site, name="create_site"),
    path("federation/sites/<int:site>/", sites.change_site, name="change_site"),
    path("federation/sites/<int:site>/secret/", sites.renew_secret, name="renew_secret"),
    path("federation/sites/<int:site>/delete/", sites.delete_site, name="delete_site"),
    path("federation/keys/renew/", sites.renew_signing_key, name="renew_signing_key"),
]
