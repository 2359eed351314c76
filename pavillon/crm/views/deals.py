"""From when on a deal is complex."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.forms.deals import ChangeDealRuleForm
from pavillon.crm.queries.deals import deal_rule_of
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@requires("crm.change_deal_rule")
def change_deal_rule(request):
    rule = deal_rule_of(request.user)
    initial = {name: getattr(rule, name) for name in ChangeDealRuleForm.Meta.fields}
    form = ChangeDealRuleForm(request.POST or None, initial=initial)
    if form.is_valid():
        actions.change_deal_rule(by=request.user, **form.cleaned_data)
        say(request, _("The limits are changed; agendas advise by them from now on."))
        return redirect("crm:change_deal_rule")
    return form_page(request, "crm/change_deal_rule.html", {"form": form, "is_default": rule.pk is None})
