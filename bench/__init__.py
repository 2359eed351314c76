"""Measurements of the product, run by `pavillon bench`; see launch/bench.py for their form."""
