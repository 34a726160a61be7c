"""Building the image, running its test target, and building it again after a small change."""
