"""The nouns. Each knows its own rules; none knows HTTP, providers or templates."""

from .account import LinkPurpose, RateLimit, SignInLink, hash_token
from .asset import Asset, Kind
from .brand import Brand, Product, ProductPhoto
from .brief import Brief
from .connection import CatalogueItem, Connection, ConnectionState, Learnt, RemoteCopy
from .event import Event, LaneBeat
from .generation import ENDED, LEADS_TO, UNDER_WAY, Generation, Origin, State
from .ids import uuid7
from .output import Decision, Output, OutputKind, OutputState, Verdict
from .people import Influencer, InfluencerPhoto, Readiness, Reference, ReferenceMedia, Visibility, Voice, VoiceKind
from .render_job import RenderJob, RenderState
from .spend import Budget, EntryKind, LedgerEntry, MonthSpend, UnitPrice
from .team import INVITATION_LASTS, Invitation, Membership, Role, Team, Workspace
from .use import Use
from .user import Theme, User

__all__ = [
    "ENDED",
    "INVITATION_LASTS",
    "LEADS_TO",
    "UNDER_WAY",
    "Asset",
    "Brand",
    "Brief",
    "Budget",
    "CatalogueItem",
    "Connection",
    "ConnectionState",
    "Decision",
    "EntryKind",
    "Event",
    "Generation",
    "Influencer",
    "InfluencerPhoto",
    "Invitation",
    "Kind",
    "LaneBeat",
    "Learnt",
    "LedgerEntry",
    "LinkPurpose",
    "Membership",
    "MonthSpend",
    "Origin",
    "Output",
    "OutputKind",
    "OutputState",
    "Product",
    "ProductPhoto",
    "RateLimit",
    "Readiness",
    "Reference",
    "ReferenceMedia",
    "RemoteCopy",
    "RenderJob",
    "RenderState",
    "Role",
    "SignInLink",
    "State",
    "Team",
    "Theme",
    "UnitPrice",
    "Use",
    "User",
    "Verdict",
    "Visibility",
    "Voice",
    "VoiceKind",
    "Workspace",
    "hash_token",
    "uuid7",
]
