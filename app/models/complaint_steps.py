"""All steps of a complaint in their usual order. What each of them does stands in the modules of its stage."""

from __future__ import annotations

from app.models import agreement_steps, complaint_execution, complaint_intake, complaint_solution

# Importing it enters the steps of the orders that a case is delivered by.
from app.models import dispatch_steps as dispatch_steps
from app.models.steps import STEPS, Step

COMPLAINT_STEPS: tuple[Step, ...] = (
    complaint_intake.SIGN,
    complaint_intake.HAND_OVER,
    complaint_intake.ACCEPT,
    complaint_intake.REJECT,
    complaint_intake.INVESTIGATE,
    complaint_intake.CONSULT,
    complaint_intake.CHANGE,
    complaint_solution.ASSESS,
    complaint_solution.PROPOSE,
    complaint_solution.APPROVE,
    complaint_solution.RETURN,
    complaint_solution.REPLY,
    complaint_solution.PROMISE,
    complaint_intake.NOTICE,
    complaint_intake.ESCALATE,
    complaint_intake.EXTEND,
    complaint_intake.PAUSE,
    complaint_intake.RESUME,
    agreement_steps.DRAW_UP,
    complaint_solution.WAIVE,
    complaint_execution.DISPATCH,
    complaint_execution.FOLLOW_UP,
    complaint_execution.ACTION,
    complaint_execution.CLOSE,
    complaint_execution.REOPEN,
    complaint_execution.VOID,
)

STEPS["complaint"] = COMPLAINT_STEPS
