"""The OAI-PMH 2.0 provider: results and tasks for whoever harvests them."""
