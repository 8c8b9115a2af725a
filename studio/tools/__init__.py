"""What can be made. One file a tool; everything else is derived from its declaration."""

from .base import Expected, Inputs, Tool, all_tools, get_tool

__all__ = ["Expected", "Inputs", "Tool", "all_tools", "get_tool"]
