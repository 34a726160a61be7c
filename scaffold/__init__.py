"""Starter services with container images that are small, hardened and proven."""

__version__ = "0.1.0"
