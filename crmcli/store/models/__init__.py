"""SQLModel tables: the one definition of the schema, in the order they are created.

Importing this costs twenty interpreter starts: only the schema generator, the tests and
`Store.session()` do.
"""

from crmcli.store.models.batch import (
    ExternalRef,
    ImportBatch,
    ImportProfile,
    ImportRow,
    SyncItem,
)
from crmcli.store.models.contact import (
    Address,
    Channel,
    Contact,
    Employment,
    Handle,
    ImportantDate,
)
from crmcli.store.models.deal import (
    Attachment,
    Deal,
    DealContact,
    DealLine,
    DealStageHistory,
    DealValueHistory,
)
from crmcli.store.models.duplicate import KeptSeparate
from crmcli.store.models.interaction import Interaction, InteractionContact
from crmcli.store.models.journal import Change, ChangeGroup, JournalState
from crmcli.store.models.notification import NotificationLog
from crmcli.store.models.org import Org
from crmcli.store.models.pipeline import (
    ContactStageHistory,
    Goal,
    LifecycleHistory,
    Pipeline,
    Rate,
    Reason,
    ScoreRule,
    Source,
    SourceCost,
    Stage,
)
from crmcli.store.models.relation import Relationship, RelationshipType
from crmcli.store.models.search import NameWord, SearchDoc
from crmcli.store.models.tag import Cadence, Tag, Tagging
from crmcli.store.models.task import Task
from crmcli.store.models.user import AppUser
from crmcli.store.models.view import CustomField, SavedView

__all__ = [
    "Address",
    "AppUser",
    "Attachment",
    "Cadence",
    "Change",
    "ChangeGroup",
    "Channel",
    "Contact",
    "ContactStageHistory",
    "CustomField",
    "Deal",
    "DealContact",
    "DealLine",
    "DealStageHistory",
    "DealValueHistory",
    "Employment",
    "ExternalRef",
    "Goal",
    "Handle",
    "ImportBatch",
    "ImportProfile",
    "ImportRow",
    "ImportantDate",
    "Interaction",
    "InteractionContact",
    "JournalState",
    "KeptSeparate",
    "LifecycleHistory",
    "NameWord",
    "NotificationLog",
    "Org",
    "Pipeline",
    "Rate",
    "Reason",
    "Relationship",
    "RelationshipType",
    "SavedView",
    "ScoreRule",
    "SearchDoc",
    "Source",
    "SourceCost",
    "Stage",
    "SyncItem",
    "Tag",
    "Tagging",
    "Task",
]
