"""Rows and constraints, one file per table family. Import from here to know that all tables are known."""

from webapp.models import guards
from webapp.models.appointment import Appointment
from webapp.models.backup import BackupRun
from webapp.models.base import Base, OfVisit, Synced
from webapp.models.customer import Customer
from webapp.models.document import Document, DocumentRefusal, SealedFile, StatusLink
from webapp.models.ledger import KeptAct, LedgerEntry, WitnessedHead
from webapp.models.photo import Photo
from webapp.models.staff import DeskSession, Device, Incident, Staff
from webapp.models.store import RunningNumber, Store, StoreCounter
from webapp.models.vehicle import Vehicle
from webapp.models.visit import Consent, Discrepancy, Visit
from webapp.models.walkaround import Answer, Belonging, ChecklistRun, Concern, DamageMark, Defect, MarkCheck, Skip
from webapp.models.work_order import ChecklistTemplate, DeclinedItem, LabourOperation, LegalText, OrderLine, Part, WorkOrder

VISIT_TABLES: tuple[type[OfVisit], ...] = (
    Consent, Discrepancy, ChecklistRun, Answer, Skip, DamageMark, MarkCheck, Belonging, Concern, Defect, Photo,
    WorkOrder, OrderLine, DeclinedItem, Document, DocumentRefusal, StatusLink,
)
PHONE_TABLES: tuple[type[Synced], ...] = (Visit, *VISIT_TABLES, Vehicle, Appointment)

__all__ = [
    "PHONE_TABLES", "VISIT_TABLES", "Answer", "Appointment", "BackupRun", "Base", "Belonging", "ChecklistRun",
    "ChecklistTemplate", "Concern", "Consent", "Customer", "DamageMark", "DeclinedItem", "Defect", "DeskSession", "Device",
    "Discrepancy", "Document", "DocumentRefusal", "Incident", "KeptAct", "LabourOperation", "LedgerEntry", "LegalText",
    "MarkCheck", "OfVisit", "OrderLine", "Part", "Photo", "RunningNumber", "SealedFile", "Skip", "Staff", "StatusLink",
    "Store", "StoreCounter", "Synced", "Vehicle", "Visit", "WitnessedHead", "WorkOrder", "guards",
]
