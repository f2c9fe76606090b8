"""The embedded table engine: Ibis expressions run by DuckDB over Parquet files, within a stated memory and from disk."""

from h2corridor.store.duckdb.engine import DuckdbEngine

__all__ = ["DuckdbEngine"]
