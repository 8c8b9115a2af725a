"""Influencer Studio, with the team's own key."""
