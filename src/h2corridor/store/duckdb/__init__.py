"""The embedded table engine: Ibis expressions run by DuckDB over Parquet files, in stated memory and from disk."""

from h2corridor.store.duckdb.engine import DuckdbEngine, open_engine

__all__ = ["DuckdbEngine", "open_engine"]
