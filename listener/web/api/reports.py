"""Citizens' reports over REST: send one, follow it."""

from fastapi import APIRouter, Depends, status

from listener import pipeline
from listener.collect import codes
from listener.collect.found import NewReport
from listener.errors import NotFound
from listener.settings import settings
from listener.store import desks, items
from listener.web.api.views import ReportIn, ReportReceipt, ReportState, report_receipt, report_state
from listener.web.deps import CurrentCatalog, Now, Store
from listener.web.limits import limit_without_key

router = APIRouter(prefix="/reports", tags=["Phản ánh"])


@router.post("", status_code=status.HTTP_201_CREATED, dependencies=[Depends(limit_without_key)], summary="Gửi phản ánh")
def send_report(report: ReportIn, session: Store, catalog: CurrentCatalog, now: Now) -> ReportReceipt:
    """Keep a report, read it and put it on a desk; the answer says what was understood and until when it is due."""
    receipt = pipeline.take_in(session, NewReport(channel="api", **report.model_dump()), catalog=catalog, at=now)
    assignment = desks.active_assignment(session, receipt.item.id)
    events = desks.events_of(session, receipt.item.id)
    why = assignment.reason if assignment else events[-1][0].words
    return report_receipt(receipt.item, receipt.code, assignment, catalog, why)


@router.get("/{code}", summary="Tra cứu bằng mã")
def report_by_code(code: str, session: Store, catalog: CurrentCatalog) -> ReportState:
    """The public state of a report, by its secret tracking code."""
    item = items.by_code_hash(session, codes.code_hash(code, settings().secret())) if codes.normal(code) else None
    if item is None:
        raise NotFound("Không tìm thấy mã này. Mã có 10 ký tự, ví dụ 7K3M-29QD-XW.")
    return report_state(item, desks.active_assignment(session, item.id), catalog)
