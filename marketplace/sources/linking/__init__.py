"""Finding records of several sources that describe one thing, and joining them so that it can be undone."""
