"""A scripted Influencer Studio, written from its reference."""

from .upstream import InfluencerStudio

__all__ = ["InfluencerStudio"]
