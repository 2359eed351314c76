"""The company's pages under /my/shop/, and the buyer's under /my/enquiries/."""

from django.urls import include, path

from pavillon.showroom.views import buyers, inbox, products, shops

seller = [
    path("", shops.my_shop, name="my_shop"),
    path("apply/", shops.apply_for_shop, name="apply_for_shop"),
    path("<int:shop>/change/", shops.change_shop, name="change_shop"),
    path("<int:shop>/online/", shops.put_shop_online, name="put_shop_online"),
    path("<int:shop>/preview/", shops.preview_shop, name="preview_shop"),
    path("<int:shop>/recipients/", shops.change_recipients, name="change_recipients"),
    path("replies/", shops.change_reply_templates, name="change_reply_templates"),
    path("replies/<int:replytemplate>/delete/", shops.delete_reply_template, name="delete_reply_template"),
    path("products/", products.my_products, name="products"),
    path("products/customs-codes/", products.find_customs_codes, name="find_customs_codes"),
    path("products/create/", products.create_product, name="create_product"),
    path("products/import/", products.import_products, name="import_products"),
    path("products/import/<int:productimport>/", products.confirm_import, name="confirm_import"),
    path("products/<int:product>/", products.my_product, name="product"),
    path("products/<int:product>/change/", products.change_product, name="change_product"),
    path("products/<int:product>/quality/", products.judge_product, name="judge_product"),
    path("products/<int:product>/preview/", products.preview_product, name="preview_product"),
    path("products/<int:product>/submit/", products.submit_product, name="submit_product"),
    path("products/<int:product>/withdraw/", products.withdraw_product, name="withdraw_product"),
    path("products/<int:product>/pictures/", products.add_picture, name="add_picture"),
    path("pictures/<int:picture>/remove/", products.remove_picture, name="remove_picture"),
    path("enquiries/", inbox.enquiries, name="enquiries"),
    path("enquiries/<int:enquiry>/", inbox.enquiry, name="enquiry"),
    path("enquiries/<int:enquiry>/answer/", inbox.answer_enquiry, name="answer_enquiry"),
    path("enquiries/<int:enquiry>/close/", inbox.close_enquiry, name="close_enquiry"),
    path("enquiries/<int:enquiry>/share/", inbox.share_enquiry, name="share_enquiry"),
    path("enquiries/<int:enquiry>/help/", inbox.ask_adviser, name="ask_adviser"),
]
buyer = [
    path("", buyers.my_enquiries, name="my_enquiries"),
    path("card/", buyers.change_buyer, name="change_buyer"),
    path("<int:enquiry>/", buyers.my_enquiry, name="my_enquiry"),
    path("<int:enquiry>/write/", buyers.write_message, name="write_message"),
]

urlpatterns = [
    path("shop/", include((seller, "showroom_company"))),
    path("enquiries/", include((buyer, "showroom_buyer"))),
]
