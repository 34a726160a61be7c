"""Reading a saved image: configuration, layers, files, sizes."""

from scaffold.image.model import Config, Entry, Image, Layer
from scaffold.image.reader import ImageError, read

__all__ = ["Config", "Entry", "Image", "ImageError", "Layer", "read"]
