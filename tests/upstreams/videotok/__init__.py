"""A scripted Videotok, written from its reference and from nothing of ours."""

from .server import Videotok

__all__ = ["Videotok"]
