"""The composition root: settings, addresses and the servers' doors."""

import gc

# What a start of the product imports stays to its end, and walking through it again and again was a quarter of the
# start. The collector comes when there is that much more to look through, in each process that has settings.
gc.set_threshold(50_000, 20, 50)
