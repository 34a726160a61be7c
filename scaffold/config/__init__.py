"""The user's configuration: a file that people write, and in which `scaffold trust` keeps what they allowed."""

from scaffold.config.reading import Configuration, configuration, configuration_path

__all__ = ["Configuration", "configuration", "configuration_path"]
