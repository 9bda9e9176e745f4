"""The version of package and course: cases in notebooks and handed-out texts go by it."""

__version__ = "0.1.0"
