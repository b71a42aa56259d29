"""Publications: series of issues, who reads and receives them, who signs them off, and what was sent."""
