"""What is wrong with a saved image, told in one line."""

from __future__ import annotations

import sys
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scaffold.errors import InputError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


class ImageError(InputError):
    """A file that is not a saved image, or a broken one."""

    kind = "bad-image"


class Malformed(ValueError):
    """Something in an archive is not as its format says; becomes an ImageError that names the archive."""


# gzip.BadGzipFile is an OSError, json.JSONDecodeError a ValueError; a chain of thousands of long-name headers
# ends in a RecursionError inside tarfile.
_BROKEN = (
    *(tarfile.TarError, zlib.error, zstd.ZstdError),
    *(EOFError, OSError, OverflowError, RecursionError, ValueError),
)


@contextmanager
def explained(archive: Path) -> Iterator[None]:
    """Turn what goes wrong while reading `archive` into an ImageError that names it."""
    try:
        yield
    except FileNotFoundError as error:
        raise ImageError(f"there is no saved image at {archive}") from error
    except _BROKEN as error:
        reason = str(error) or type(error).__name__
        raise ImageError(
            f"{archive} cannot be read as an image: {reason}",
            hint="save it with `docker save` or `podman save`, one image to a file",
        ) from error
