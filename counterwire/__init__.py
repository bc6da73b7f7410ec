"""Counterwire: the press pushes narratives; this checks them."""

__version__ = "0.1.0"
