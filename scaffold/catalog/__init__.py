"""Finding blueprints, and the exact files of their releases."""
