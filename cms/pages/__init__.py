"""The site's own pages: models, how search and scheduling follow them, and the root of the tree."""
