"""The key service: holds a master key on the key-holder's own machine and wraps data keys for the platform.

It is a program of its own (`pavillon keyservice`), without Django, database or anything of the platform. The platform
uses the same key files, tokens and shares when its key is held on its own machine.
"""
