"""The table engine for more than one machine: the same Ibis expressions run by Apache Spark.

Invariants

- What the embedded engine refuses or leaves absent is refused or absent here: integers that do not fit raise, and no
  value passes through a float on its way out.
- Everything on the way is Parquet in the run's scratch folder, which all workers see under the path that the run uses.
"""

from h2corridor.store.spark.engine import SparkEngine, open_engine

__all__ = ["SparkEngine", "open_engine"]
