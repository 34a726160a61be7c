"""Running the image as production would, and asking it whether it keeps the service contract."""
