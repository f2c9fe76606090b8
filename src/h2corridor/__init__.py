"""Digital Hydrogen Corridor: from the bytes a truck sent to a figure that a stranger can recompute."""

__version__ = "0.1.0"
