"""Callbacks: the outbox, the thread that delivers them, and the HTTP request."""
