"""The nouns. Each knows its own rules; none knows HTTP, providers or templates."""

from .account import LinkPurpose, RateLimit, SignInLink, hash_token
from .asset import Asset, Kind
from .brand import Brand, Product, ProductPhoto
from .brief import Brief
from .event import Event, LaneBeat
from .generation import ENDED, LEADS_TO, UNDER_WAY, Generation, Origin, State
from .ids import uuid7
from .output import Decision, Output, OutputState, Verdict
from .render_job import RenderJob, RenderState
from .team import INVITATION_LASTS, Invitation, Membership, Role, Team, Workspace
from .user import Theme, User

__all__ = [
    "ENDED",
    "INVITATION_LASTS",
    "LEADS_TO",
    "UNDER_WAY",
    "Asset",
    "Brand",
    "Brief",
    "Decision",
    "Event",
    "Generation",
    "Invitation",
    "Kind",
    "LaneBeat",
    "LinkPurpose",
    "Membership",
    "Origin",
    "Output",
    "OutputState",
    "Product",
    "ProductPhoto",
    "RateLimit",
    "RenderJob",
    "RenderState",
    "Role",
    "SignInLink",
    "State",
    "Team",
    "Theme",
    "User",
    "Verdict",
    "Workspace",
    "hash_token",
    "uuid7",
]
