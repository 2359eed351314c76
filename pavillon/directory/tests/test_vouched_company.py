"""Who works for several companies begins in the one that his identity provider named."""

import pytest

from pavillon.accounts import actions as accounts
from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.events import company_vouched
from pavillon.accounts.models import User
from pavillon.accounts.queries import ACTING
from pavillon.directory.actions import own_company
from pavillon.directory.models import Company
from pavillon.directory.tests.factories import ATELIER, BISCUITS, stage

pytestmark = pytest.mark.django_db


def test_the_named_company_is_the_one_to_act_for():
    cast = stage()
    second = accounts.create_organisation(name="Biscuiterie", kind=Kind.COMPANY, by=None)
    role = accounts.add_membership(user=cast.claire, organisation=second, role=Role.SELLER, by=None)
    own_company(company=cast.southern, organisation=second, by=None)
    Company.objects.filter(pk=cast.southern.pk).update(siren=BISCUITS)
    for siren, chosen in ((BISCUITS, role.pk), (ATELIER, None), ("", None)):
        session = {}
        company_vouched.send(sender=User, user=User.objects.get(pk=cast.claire.pk), siren=siren, session=session)
        assert session.get(ACTING) == chosen
