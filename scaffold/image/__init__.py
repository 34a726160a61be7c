"""Reading a saved image: configuration, layers, files, sizes."""

from scaffold.image.configuration import Config
from scaffold.image.errors import ImageError
from scaffold.image.filesystem import FileSystem
from scaffold.image.layer import File, Kind, Layer
from scaffold.image.model import Image
from scaffold.image.reader import read

__all__ = ["Config", "File", "FileSystem", "Image", "ImageError", "Kind", "Layer", "read"]
