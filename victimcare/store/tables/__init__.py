"""The database's tables, by subject. Rows are rows: domain values are built from them in `store`, never here.

Invariants live in the database: one current case officer per case, unique event keys, codes checked, an audit trail
that cannot be changed. `_at` columns are UTC instants, `_on` columns are London dates.
"""

from __future__ import annotations

from victimcare.store.tables.access_alerts import TO_REVIEW, AccessAlert
from victimcare.store.tables.api_clients import ApiClient, ApiToken, ApiWrite
from victimcare.store.tables.audit import Audit, AuditSubject
from victimcare.store.tables.board_actions import BoardAction, BoardActionStep
from victimcare.store.tables.board_packs import WAITING_PACK, BoardPack, BoardPackFile
from victimcare.store.tables.case_lists import CaseListing, CaseRestriction
from victimcare.store.tables.cases import (
    HELD,
    NOT_TAKEN_OVER,
    SILENT,
    STANDS,
    TRIED,
    Assignment,
    CaseRow,
    Crime,
    UnmatchedOutcome,
    Victim,
    VictimNameKey,
)
from victimcare.store.tables.code_checks import CodeCheck
from victimcare.store.tables.duties import (
    ASKED,
    OPEN_AND_COUNTED,
    OPEN_AND_EXPECTED,
    OWED_BY_OTHERS,
    UNCAUSED,
    UNDECIDED,
    Breach,
    BreachCause,
    Due,
)
from victimcare.store.tables.editions import CodeEdition, EditionMove
from victimcare.store.tables.emergency_access import EmergencyAccess
from victimcare.store.tables.exports import ExportRow
from victimcare.store.tables.feedback import (
    TO_HEAR_FROM,
    WORDS_TO_READ,
    FeedbackGiven,
    FeedbackOptOut,
    FeedbackRequest,
    FeedbackTheme,
)
from victimcare.store.tables.holidays import Holiday, HolidayListRow, HolidayMove
from victimcare.store.tables.incidents import OPEN_INCIDENT, Incident, IncidentCase
from victimcare.store.tables.installation import Setting, UsedForm
from victimcare.store.tables.jobs import JobRow, JobRun
from victimcare.store.tables.journey import (
    BY_AN_AGENCY,
    NO_SERVICE_FITS,
    VOID_REQUESTED,
    JourneyEventRow,
)
from victimcare.store.tables.left_messages import UNANSWERED, UNPLACED, LeftMessage
from victimcare.store.tables.messages import Message
from victimcare.store.tables.notes import CaseNote
from victimcare.store.tables.notices import UNCONFIRMED, UNSETTLED, WITHOUT_CASE, AgencyContact, OutboxItem
from victimcare.store.tables.people import (
    Account,
    CoverRow,
    FormerDuty,
    Invitation,
    KeptForm,
    PersonRow,
    RecoveryCode,
    SavedSearch,
    SignInAttempt,
    SignInSession,
    Team,
)
from victimcare.store.tables.process_changes import DeclaredChange, WithdrawnChange
from victimcare.store.tables.publications import PublicationRow, ReplayAsked, ReplayRow
from victimcare.store.tables.quality import QualityAnswer
from victimcare.store.tables.questions import TO_ANSWER, TO_READ, SupervisorQuestion
from victimcare.store.tables.record_packs import STANDING_PACK, RecordPack, RecordPackItem
from victimcare.store.tables.retention import (
    STANDING_DISPOSAL,
    STANDING_HOLD,
    Disposal,
    ErasureCertificate,
    LegalHold,
    RetentionRun,
)
from victimcare.store.tables.services import OutgoingReferral, SentReferral, ServiceRow
from victimcare.store.tables.source_records import WAITING_RECORD, SourceRecord
from victimcare.store.tables.vault import SAID_SAFE, STILL_PROTECTED, ContactHash, ContactPoint, LocationProtection
from victimcare.store.tables.victims import (
    UNCONFIRMED_LINK,
    CaseLink,
    ContactChoice,
    EqualityAnswer,
    IdentityCorrection,
    NeedsAssessment,
    PersonToTell,
)
from victimcare.store.tables.webhooks import TO_BE_TOLD, Webhook, WebhookAttempt, WebhookEvent

__all__ = [
    "ASKED",
    "BY_AN_AGENCY",
    "HELD",
    "NOT_TAKEN_OVER",
    "NO_SERVICE_FITS",
    "OPEN_AND_COUNTED",
    "OPEN_AND_EXPECTED",
    "OPEN_INCIDENT",
    "OWED_BY_OTHERS",
    "SAID_SAFE",
    "SILENT",
    "STANDING_DISPOSAL",
    "STANDING_HOLD",
    "STANDING_PACK",
    "STANDS",
    "STILL_PROTECTED",
    "TO_ANSWER",
    "TO_BE_TOLD",
    "TO_HEAR_FROM",
    "TO_READ",
    "TO_REVIEW",
    "TRIED",
    "UNANSWERED",
    "UNCAUSED",
    "UNCONFIRMED",
    "UNCONFIRMED_LINK",
    "UNDECIDED",
    "UNPLACED",
    "UNSETTLED",
    "VOID_REQUESTED",
    "WAITING_PACK",
    "WAITING_RECORD",
    "WITHOUT_CASE",
    "WORDS_TO_READ",
    "AccessAlert",
    "Account",
    "AgencyContact",
    "ApiClient",
    "ApiToken",
    "ApiWrite",
    "Assignment",
    "Audit",
    "AuditSubject",
    "BoardAction",
    "BoardActionStep",
    "BoardPack",
    "BoardPackFile",
    "Breach",
    "BreachCause",
    "CaseLink",
    "CaseListing",
    "CaseNote",
    "CaseRestriction",
    "CaseRow",
    "CodeCheck",
    "CodeEdition",
    "ContactChoice",
    "ContactHash",
    "ContactPoint",
    "CoverRow",
    "Crime",
    "DeclaredChange",
    "Disposal",
    "Due",
    "EditionMove",
    "EmergencyAccess",
    "EqualityAnswer",
    "ErasureCertificate",
    "ExportRow",
    "FeedbackGiven",
    "FeedbackOptOut",
    "FeedbackRequest",
    "FeedbackTheme",
    "FormerDuty",
    "Holiday",
    "HolidayListRow",
    "HolidayMove",
    "IdentityCorrection",
    "Incident",
    "IncidentCase",
    "Invitation",
    "JobRow",
    "JobRun",
    "JourneyEventRow",
    "KeptForm",
    "LeftMessage",
    "LegalHold",
    "LocationProtection",
    "Message",
    "NeedsAssessment",
    "OutboxItem",
    "OutgoingReferral",
    "PersonRow",
    "PersonToTell",
    "PublicationRow",
    "QualityAnswer",
    "RecordPack",
    "RecordPackItem",
    "RecoveryCode",
    "ReplayAsked",
    "ReplayRow",
    "RetentionRun",
    "SavedSearch",
    "SentReferral",
    "ServiceRow",
    "Setting",
    "SignInAttempt",
    "SignInSession",
    "SourceRecord",
    "SupervisorQuestion",
    "Team",
    "UnmatchedOutcome",
    "UsedForm",
    "Victim",
    "VictimNameKey",
    "Webhook",
    "WebhookAttempt",
    "WebhookEvent",
    "WithdrawnChange",
]
