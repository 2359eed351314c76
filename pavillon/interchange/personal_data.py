from pavillon.core.personal_data import holds_no_personal_data
from pavillon.interchange.models import KeptAnswer, Key, Usage

# What is kept of an answer is what was written and how it was judged: numbers and names of fields.
holds_no_personal_data(Key, KeptAnswer, Usage)
