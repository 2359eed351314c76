"""How jobs are tried again."""

from procrastinate import RetryStrategy

# For what depends on a server of somebody else's: after 4 s, 16 s, 1 min, 4 min … and for the last time after 18 h.
PATIENTLY = RetryStrategy(max_attempts=8, exponential_wait=4)
