"""The launcher: what `make run` and `make test` need before and around Django.

It lives outside the product. No room imports it, and it imports Django only
inside the commands that need it, so it can run on a bare Python.
"""
