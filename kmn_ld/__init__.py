"""Linked-open-data knowledge base of the Kooperative Migrationsarbeit Niedersachsen."""
