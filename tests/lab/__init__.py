"""A real engine and real base images for the tests, the demo and the benchmark, on a bare machine.

`python -m tests.lab engine` and `python -m tests.lab bases` need Python and its standard library alone: they
run before anything is installed.
"""
