"""The public showroom, under /en/showroom/ and /fr/showroom/."""

from django.urls import path

from pavillon.showroom.views import public, registration

app_name = "showroom"
urlpatterns = [
    path("", public.home, name="home"),
    path("search/", public.search, name="search"),
    path("products/<int:product>/<slug:slug>/", public.product, name="product"),
    path("shops/<slug:slug>/", public.shop, name="shop"),
    path("products/<int:product>/<slug:slug>/ask/", registration.send_enquiry, name="send_enquiry"),
    path("shops/<slug:slug>/ask/", registration.send_shop_enquiry, name="send_shop_enquiry"),
    path("from/<int:shop>/", public.follow_marker, name="follow_marker"),
    path("register/", registration.register_buyer, name="register_buyer"),
]
