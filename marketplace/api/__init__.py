"""What other systems read: the OAI-PMH provider, bulk downloads, the catalogue of open data."""
