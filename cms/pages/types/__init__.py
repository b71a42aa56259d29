"""The kinds of page: each in a module of its own, with a template of its own."""
