"""Telling departments and citizens what happens to a matter: outbox, webhook, e-mail, Zalo."""
