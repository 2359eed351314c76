"""The company writes its sheets."""

from django.db.models import Count
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.reference.queries import find_product_codes
from pavillon.showroom import actions
from pavillon.showroom.actions.products import judge
from pavillon.showroom.forms.products import ImportForm, NewProductForm, PictureForm, ProductForm
from pavillon.showroom.lists import ProductFilter
from pavillon.showroom.models import Picture, Product, ProductImport
from pavillon.showroom.models.quality import quality_of
from pavillon.showroom.pictures import WrongPicture
from pavillon.showroom.queries.catalogue import shop_of
from pavillon.showroom.queries.cockpit import sheet_history
from pavillon.showroom.views.public import sheet_context
from pavillon.showroom.views.shops import complain
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@requires("showroom.view_my_products")
def my_products(request):
    return list_page(
        request,
        Product.objects.visible_to(request.user).select_related("vertical").annotate(picture_count=Count("pictures")),
        template="showroom/my_products.html",
        rows="showroom/_my_product_rows.html",
        sorts={"newest": ["-changed_at"], "quality": ["quality"], "name": ["name_en"]},
        sort="newest",
        filters=ProductFilter,
        context={"shop": shop_of(request.user)},
    )


@requires("showroom.create_product")
def create_product(request):
    shop = shop_of(request.user)
    if shop is None:
        return redirect("showroom_company:my_shop")
    form = NewProductForm(request.POST or None, user=request.user)
    if form.is_valid():
        given = form.cleaned_data
        product = actions.create_product(
            shop=shop, by=request.user, kind=given["kind"], vertical=given["vertical"],
            name_en=given["name_en"], name_fr=given["name_fr"],
            translation_en="written" if given["name_en"] else "missing",
            translation_fr="written" if given["name_fr"] else "missing",
        )  # fmt: skip
        return redirect("showroom_company:change_product", product=product.pk)
    return form_page(request, "showroom/create_product.html", {"form": form})


@requires("showroom.view_my_product", on=Product)
def my_product(request, product):
    context = {"product": product, "quality": judge(product), "picture_form": PictureForm()}
    return render(request, "showroom/my_product.html", context | sheet_history(product))


@requires("showroom.change_product", on=Product)
def change_product(request, product):
    quality = judge(product)
    form = ProductForm(request.POST or None, instance=product, user=request.user)
    if form.is_valid():
        actions.change_product(product=product, by=request.user, **fields_of(form))
        say(request, _("The sheet was saved."))
        return redirect("showroom_company:product", product=product.pk)
    context = {"form": form, "product": product, "quality": quality}
    return form_page(request, "showroom/change_product.html", context | sheet_history(product))


@requires("showroom.find_customs_codes")
def find_customs_codes(request):
    """The codes that fit what is being typed, for the list of the field."""
    codes = find_product_codes(request.GET.get("customs_code", "")[:60])
    return render(request, "showroom/_customs_codes.html", {"codes": codes})


def fields_of(form):
    """What the action takes from the form: a field that the matrix hides is left as it is."""
    plain = [
        "kind", "vertical", "name_en", "name_fr", "summary_en", "summary_fr", "description_en", "description_fr",
        "translation_en", "translation_fr", "condition", "manufacture_year", "operating_hours", "price", "sale_unit",
        "minimum_order", "incoterm", "customs_code", "lead_time_days", "available_in", "services", "links",
    ]  # fmt: skip
    given = {name: form.cleaned_data[name] for name in plain if name in form.cleaned_data}
    return given | {"attributes": form.answers}


@require_POST
@requires("showroom.change_product", on=Product)
def judge_product(request, product):
    """The quality that the words in the page would have; nothing is saved."""
    form = ProductForm(request.POST, instance=product, user=request.user)
    form.is_valid()
    product.attributes = form.answers
    extras = len(form.cleaned_data.get("services") or []) + len(form.cleaned_data.get("links") or [])
    quality = quality_of(
        product, pictures=product.pictures.count(), questions=[q.code for q in form.questions], extras=extras
    )
    return render(request, "showroom/_quality.html", {"quality": quality, "product": product})


@requires("showroom.view_my_product", on=Product)
def preview_product(request, product):
    """The public page as buyers will see it, whatever the sheet's state."""
    return render(request, "showroom/product.html", sheet_context(request, product) | {"is_preview": True})


@require_POST
@requires("showroom.submit_product", on=Product)
def submit_product(request, product):
    try:
        actions.submit_product(product=product, by=request.user)
        say(request, _("The agency has the sheet. You are told as soon as it is approved."))
    except actions.NotReady as error:
        complain(request, error)
    return redirect("showroom_company:product", product=product.pk)


@require_POST
@requires("showroom.withdraw_product", on=Product)
def withdraw_product(request, product):
    actions.withdraw_product(product=product, by=request.user)
    say(request, _("The sheet is off the shelf."))
    if request.user.is_team:
        return redirect("showroom_team:shop", shop=product.shop_id)
    return redirect("showroom_company:product", product=product.pk)


@require_POST
@requires("showroom.add_picture", on=Product)
def add_picture(request, product):
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        file, words = form.cleaned_data["file"], form.cleaned_data
        try:
            actions.add_picture(
                product=product, stream=file, size=file.size, alt_fr=words["alt_fr"], alt_en=words["alt_en"],
                by=request.user,
            )  # fmt: skip
            return redirect("showroom_company:product", product=product.pk)
        except (WrongPicture, actions.NotReady) as error:
            form.add_error("file", str(error))
    context = {"product": product, "quality": judge(product), "picture_form": form}
    context |= sheet_history(product)
    return form_page(request, "showroom/my_product.html", context, form=form)


@require_POST
@requires("showroom.remove_picture", on=Picture)
def remove_picture(request, picture):
    actions.remove_picture(picture=picture, by=request.user)
    return redirect("showroom_company:product", product=picture.product_id)


@requires("showroom.import_products")
def import_products(request):
    shop = shop_of(request.user)
    if shop is None:
        return redirect("showroom_company:my_shop")
    form = ImportForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid():
        made = actions.rehearse_import(
            shop=shop, file_name=form.cleaned_data["file"].name, lines=form.lines, by=request.user
        )
        return redirect("showroom_company:confirm_import", productimport=made.pk)
    return form_page(request, "showroom/import_products.html", {"form": form})


@requires("showroom.confirm_import", on=ProductImport)
def confirm_import(request, productimport):
    if request.method == "POST":
        created = actions.confirm_import(product_import=productimport, by=request.user)
        say(request, _("%(n)s drafts were created. Add a picture to each, then submit them.") % {"n": len(created)})
        return redirect("showroom_company:products")
    return render(request, "showroom/confirm_import.html", {"import": productimport})
