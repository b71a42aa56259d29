"""Harvesting sources over OAI-PMH: `client` asks a server, `progress` is where a harvest stands in the
source's row, `harvest` brings page after page in, `due` says whose turn it is."""
