"""Kinds of notice of this app, and what its services say to whom."""
