"""`make bench`: the figures the exchange is held to, each beside its target and a baseline."""
