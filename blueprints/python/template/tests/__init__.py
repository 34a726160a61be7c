"""The service, in parts and as a whole."""
