"""A scripted VideoGen, written from its reference alone: it knows nothing of our own messages."""

from .server import VideoGen

__all__ = ["VideoGen"]
