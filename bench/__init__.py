"""The demonstration and the benchmarks: figures from a real engine, beside those of what people use instead."""
