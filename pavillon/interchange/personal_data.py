from pavillon.core.personal_data import holds_no_personal_data
from pavillon.interchange.models import Key, Usage

holds_no_personal_data(Key, Usage)
