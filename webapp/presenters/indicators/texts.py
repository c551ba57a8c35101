"""What each indicator is called, and its definition in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An indicator in words.

    Attributes:
        about: What it says, in one sentence.
        above, below: What is counted above and below the line.
        notes: What is left out, shown apart, or set by a setting.
    """

    title: Any
    about: Any
    above: Any
    below: Any = None
    notes: Any = None


TOLD: dict[str, Told] = {
    "K1": Told(
        title=lazy_gettext("Minimum standards kept at headquarters"),
        about=lazy_gettext(
            "How far premises of headquarters and regional commissions keep the minimum operating security standards."
        ),
        above=lazy_gettext("the weights of the questions of the newest survey that are answered with “kept”"),
        below=lazy_gettext("the weights of all its questions that apply"),
        notes=lazy_gettext(
            "In a survey older than 12 months every question counts as not kept. Premises that were never surveyed are "
            "shown apart."
        ),
    ),
    "K2": Told(
        title=lazy_gettext("Unauthorised entries"),
        about=lazy_gettext("How often somebody entered premises without leave."),
        above=lazy_gettext("confirmed entries without leave in the period"),
        notes=lazy_gettext("Who was stopped at the gate did not enter. Beside it stands the number per 100,000 counted entries."),
    ),
    "K3": Told(
        title=lazy_gettext("Official travel assessed and coordinated"),
        about=lazy_gettext("How much of the official travel of senior officials was prepared before they left."),
        above=lazy_gettext("notifications that were assessed and coordinated before the departure"),
        below=lazy_gettext("notifications of travel that began in the period"),
        notes=lazy_gettext("Travel that was cancelled before it was assessed is left out."),
    ),
    "K4": Told(
        title=lazy_gettext("Duty stations with all plans updated and tested"),
        about=lazy_gettext(
            "Which duty stations keep every crisis, evacuation and contingency plan as the phase of the station requires."
        ),
        above=lazy_gettext("duty stations where every required plan is up to date and tested on the reference date"),
        below=lazy_gettext("duty stations that are starting up, established or closing down"),
        notes=lazy_gettext(
            "How often a plan is due, and by which kind of exercise, is said by the cycle table of the process. "
            "Stations in a crisis are shown apart; headquarters with regional commissions, and the field, stand "
            "beside."
        ),
    ),
    "K5": Told(
        title=lazy_gettext("Approved risk assessments that are endorsed"),
        about=lazy_gettext(
            "How many of the assessments of field areas that the Designated Official approved are endorsed as well."
        ),
        above=lazy_gettext("those of them that are endorsed, with or without observations"),
        below=lazy_gettext("assessments of field areas that are approved and hold on the reference date"),
        notes=lazy_gettext(
            "Ad hoc assessments and headquarters are left out. Beside it: areas with an endorsed assessment, of all "
            "field areas in use."
        ),
    ),
    "K6": Told(
        title=lazy_gettext("Residential measures approved by headquarters"),
        about=lazy_gettext("How many schedules of residential measures the Director or the Under-Secretary-General approved."),
        above=lazy_gettext("schedules that hold on the reference date and were approved by one of them"),
        below=lazy_gettext(
            "all schedules that hold, those in their 30 days of grace, and those undecided for more than 30 working days"
        ),
        notes=lazy_gettext("An interim approval counts below the line only. Returned and withdrawn schedules are left out."),
    ),
    "K7": Told(
        title=lazy_gettext("Security plans endorsed"),
        about=lazy_gettext("How many designated areas of the field have an endorsed security plan."),
        above=lazy_gettext("those of them whose plan is endorsed and holds on the reference date"),
        below=lazy_gettext("designated areas of the field with a place in use"),
        notes=lazy_gettext("A plan that the present Designated Official has not signed yet does not count."),
    ),
    "K8": Told(
        title=lazy_gettext("Crisis management activated in time"),
        about=lazy_gettext("How soon after its confirmation a crisis is activated."),
        above=lazy_gettext("crises that were activated at most 2 hours after they were confirmed"),
        below=lazy_gettext("all crises that were activated in the period"),
        notes=lazy_gettext("False alarms count too."),
    ),
    "K9": Told(
        title=lazy_gettext("Support deployed in time"),
        about=lazy_gettext("How soon security staff arrive where a Security Management Team needs them."),
        above=lazy_gettext(
            "deployments whose first arrival was within the hours of their kind: 72 where incidents are emerging, 240 "
            "where expertise is missing"
        ),
        below=lazy_gettext("deployments that were approved in the period"),
        notes=lazy_gettext(
            "The hours count from the request. Refused requests are left out, and those that were cancelled within the hours."
        ),
    ),
    "K10": Told(
        title=lazy_gettext("Stress management at high-risk duty stations"),
        about=lazy_gettext("How many people at dangerous field duty stations have learned to manage stress."),
        above=lazy_gettext("those of them with a valid stress management training"),
        below=lazy_gettext("staff and recognised family at field duty stations of high risk on the reference date"),
        notes=lazy_gettext("High risk is security level 4 and above, or a residual risk that is high or worse."),
    ),
    "K11": Told(
        title=lazy_gettext("Counsellors trained"),
        about=lazy_gettext("How many counsellors were trained for emergencies."),
        above=lazy_gettext("persons whose certificate for critical incident stress management was issued in the period"),
        notes=lazy_gettext("Everybody counts once. Beside it stand all who were trained so far."),
    ),
    "K12": Told(
        title=lazy_gettext("Support after incidents"),
        about=lazy_gettext("How many of the staff whom an incident affected were reached by a counsellor."),
        above=lazy_gettext("those of them who were reached within 72 hours of the report, or declined"),
        below=lazy_gettext("staff named as affected in incidents that were reported in the period"),
        notes=lazy_gettext("Nobody is named here. Incidents that only a few may know of are in the figure of all areas alone."),
    ),
    "K13": Told(
        title=lazy_gettext("Mandatory security training"),
        about=lazy_gettext("How many of the trainings that had to be taken were passed and still count."),
        above=lazy_gettext("those of them that are passed and valid on the reference date"),
        below=lazy_gettext("trainings that had to be passed by the reference date"),
        notes=lazy_gettext("People who have left and trainings that were withdrawn are left out."),
    ),
    "K14": Told(
        title=lazy_gettext("Whereabouts known at any time"),
        about=lazy_gettext("At how many duty stations it is known where people are, night by night."),
        above=lazy_gettext("duty stations where of at least 95 % of the people it was known that night"),
        below=lazy_gettext("all duty stations that were open that night; the value is the mean over the nights"),
        notes=lazy_gettext(
            "Known is a sign of life within 24 hours, an arrival on a stay that is not over, or a registered home. "
            "Family and visitors are included."
        ),
    ),
    "K15": Told(
        title=lazy_gettext("Access to the tools of the function"),
        about=lazy_gettext("How many people with a security function can use the tools that belong to it."),
        above=lazy_gettext("those of them with access to every tool of their functions"),
        below=lazy_gettext("people who hold a role for which tools are named, on the reference date"),
        notes=lazy_gettext("A delegated role brings no tools."),
    ),
    "K16": Told(
        title=lazy_gettext("Aviation advice in time"),
        about=lazy_gettext("How soon the aviation risk office answers questions about air operators."),
        above=lazy_gettext("those of them that were answered within their time"),
        below=lazy_gettext("requests for advice in the period"),
        notes=lazy_gettext("A case may ask more than once."),
    ),
    "decided_in_time": Told(
        title=lazy_gettext("Clearances decided in time, by tier"),
        about=lazy_gettext("How many decisions on stops were taken before they were due."),
        above=lazy_gettext("those of them that were taken in time"),
        below=lazy_gettext("final decisions on stops that persons took in the period"),
    ),
    "decision_hours": Told(
        title=lazy_gettext("Time to a decision, by tier"),
        about=lazy_gettext("How long a stop lay with its deciders, in the middle of all cases."),
        above=lazy_gettext("the median of the hours of the stops that were decided in the period"),
        notes=lazy_gettext("Time in which the requester was asked is not counted."),
    ),
    "undecided": Told(
        title=lazy_gettext("Undecided at the last moment"),
        about=lazy_gettext("How many stops nobody had decided when it was too late. The target is none."),
        above=lazy_gettext("stops on which nobody had decided"),
        below=lazy_gettext("all stops that were decided or left undecided in the period"),
    ),
    "late_requests": Told(
        title=lazy_gettext("Late requests"),
        about=lazy_gettext("How many requests are sent shortly before the trip."),
        above=lazy_gettext("requests that were sent less than 7 days before the first arrival"),
        below=lazy_gettext("all requests of the period"),
    ),
    "blocked": Told(
        title=lazy_gettext("Missing requirements"),
        about=lazy_gettext("Which requirements travellers did not meet."),
        above=lazy_gettext("requirements that were not met, by their code"),
    ),
    "waivers": Told(
        title=lazy_gettext("Waivers asked for and granted"),
        about=lazy_gettext("How many travellers asked to be freed from a requirement, and were."),
        above=lazy_gettext("waivers that were granted"),
        below=lazy_gettext("waivers that were asked for in the period"),
    ),
    "conditions": Told(
        title=lazy_gettext("Clearances with conditions"),
        about=lazy_gettext("How many clearances carry conditions."),
        above=lazy_gettext("stops that were granted with conditions"),
        below=lazy_gettext("all stops that were granted in the period"),
    ),
    "revocations": Told(
        title=lazy_gettext("Revocations"),
        about=lazy_gettext("How many requests lost a clearance, and why."),
        above=lazy_gettext("requests with a clearance that was revoked in the period, by the reason"),
    ),
    "endorsement_rounds": Told(
        title=lazy_gettext("Rounds to an endorsement"),
        about=lazy_gettext("How often headquarters looks at an assessment before it is endorsed."),
        above=lazy_gettext("the median of the rounds of assessments that were endorsed in the period"),
    ),
    "days_by_step": Told(
        title=lazy_gettext("Days by step of an assessment"),
        about=lazy_gettext("How long the steps of an assessment take."),
        above=lazy_gettext("the median of the days that a step was open, of steps that were finished in the period"),
    ),
    "measures_overdue": Told(
        title=lazy_gettext("Measures overdue"),
        about=lazy_gettext("How many measures of approved assessments are late."),
        above=lazy_gettext("those of them whose day is over"),
        below=lazy_gettext("measures that are not settled on the reference date"),
    ),
    "open_actions": Told(
        title=lazy_gettext("Open corrective actions"),
        about=lazy_gettext("What still has to be put right after exercises and real events."),
        above=lazy_gettext("corrective actions that are open on the reference date, by priority"),
    ),
    "delegation_use": Told(
        title=lazy_gettext("Decisions by delegation"),
        about=lazy_gettext("How many decisions are taken under a delegation."),
        above=lazy_gettext("those of them that were taken under a delegation"),
        below=lazy_gettext("decisions that persons took in the period"),
    ),
    "conflicts": Told(
        title=lazy_gettext("Conflicts of interest declared"),
        about=lazy_gettext("How often somebody said that they cannot decide because they are involved."),
        above=lazy_gettext("decisions at which a conflict was declared in the period"),
    ),
}

#: Companion figures.
PARTS = {
    "old_surveys": lazy_gettext("In surveys that are too old"),
    "never_surveyed": lazy_gettext("Premises never surveyed"),
    "per_entries": lazy_gettext("Per 100,000 entries"),
    "cancelled": lazy_gettext("Cancelled before the assessment"),
    "cancelled_in_time": lazy_gettext("Cancelled within the hours"),
    "headquarters": lazy_gettext("Headquarters and regional commissions"),
    "field": lazy_gettext("Field"),
    "crisis": lazy_gettext("Stations in a crisis, apart"),
    "of_all_areas": lazy_gettext("Of all field areas in use"),
    "interim": lazy_gettext("Interim approvals"),
    "in_grace": lazy_gettext("In their days of grace"),
    "undecided": lazy_gettext("Undecided for too long"),
    "median_hours": lazy_gettext("Median"),
    "ninetieth_hours": lazy_gettext("90th percentile"),
    "emerging": lazy_gettext("Emerging incidents"),
    "expertise": lazy_gettext("Missing expertise"),
    "refused": lazy_gettext("Refused, apart"),
    "staff": lazy_gettext("Staff"),
    "family": lazy_gettext("Family"),
    "cumulative": lazy_gettext("All so far"),
    "reached": lazy_gettext("Reached in time, without those who declined"),
    "declined": lazy_gettext("Declined"),
    "managers": lazy_gettext("Managers"),
    "security": lazy_gettext("Security personnel"),
    "personnel": lazy_gettext("Personnel"),
    "by_sign": lazy_gettext("By signs of life alone"),
    "nights": lazy_gettext("Nights that were measured"),
    "requests": lazy_gettext("Requests"),
}

#: Reasons for which an entry does not count; {about} is what it is about.
REASONS = {
    "OLD_SURVEY": lazy_gettext("The survey of {about} is older than 12 months."),
    "ANSWERED_NO": lazy_gettext("It is not kept."),
    "NEVER_SURVEYED": lazy_gettext("Shown apart: it was never surveyed."),
    "STOPPED_AT_GATE": lazy_gettext("Not counted: stopped at the gate."),
    "NOT_CONFIRMED": lazy_gettext("Not counted: it is not confirmed."),
    "DISMISSED": lazy_gettext("Not counted: it was looked into and did not happen."),
    "NOT_ASSESSED": lazy_gettext("It was not assessed before the departure."),
    "NOT_COORDINATED": lazy_gettext("It was not coordinated before the departure."),
    "CANCELLED": lazy_gettext("Left out: cancelled before it was assessed."),
    "CANCELLED_IN_TIME": lazy_gettext("Left out: cancelled within the hours."),
    "PLAN_MISSING": lazy_gettext("There is no {about} plan."),
    "PLAN_NOT_UPDATED": lazy_gettext("{about} was not updated in time."),
    "PLAN_NOT_TESTED": lazy_gettext("{about} was not tested in time."),
    "TEST_TOO_SMALL": lazy_gettext("The last test of {about} was of a smaller kind than is required."),
    "HISTORY_UNKNOWN": lazy_gettext("{about} has changed since, and what held then is not known."),
    "IN_CRISIS": lazy_gettext("Shown apart: the station is in a crisis."),
    "NOT_ENDORSED": lazy_gettext("It is approved, and not endorsed yet."),
    "INTERIM": lazy_gettext("It is an interim approval."),
    "IN_GRACE": lazy_gettext("It expired on {about} and is in its days of grace."),
    "UNDECIDED": lazy_gettext("It should have been decided by {about}."),
    "NO_PLAN": lazy_gettext("There is no endorsed plan that holds."),
    "STALE": lazy_gettext("The present Designated Official has not signed it yet."),
    "ACTIVATED_LATE": lazy_gettext("It was activated {about} hours after the confirmation."),
    "REFUSED": lazy_gettext("Left out: it was refused."),
    "CANCELLED_LATE": lazy_gettext("It was cancelled when the hours were over."),
    "NOT_ARRIVED": lazy_gettext("Nobody has arrived yet."),
    "ARRIVED_LATE": lazy_gettext("The first arrival was {about} hours after the request."),
    "NOT_REACHED": lazy_gettext("Not reached yet."),
    "REACHED_LATE": lazy_gettext("Reached after more than 72 hours."),
    "NOT_TRAINED": lazy_gettext("No valid stress management training."),
    "ISSUED_BEFORE": lazy_gettext("Trained before the period, on {about}."),
    "NOT_PASSED": lazy_gettext("Due on {about}, and not passed or no longer valid."),
    "NIGHTS_UNKNOWN": lazy_gettext("Not known of enough people in {about} nights."),
    "TOOL_MISSING": lazy_gettext("No access to: {about}."),
    "NOT_ANSWERED": lazy_gettext("It is not answered yet."),
    "ANSWERED_LATE": lazy_gettext("It was answered after {about} hours, which was too late."),
    "TOOK_HOURS": lazy_gettext("It took {about} hours."),
    "TOOK_DAYS": lazy_gettext("It took {about} days."),
    "TOOK_COUNT": lazy_gettext("Rounds: {about}."),
}
PLAN_TYPES = {
    "CRISIS": lazy_gettext("crisis"),
    "EVACUATION": lazy_gettext("evacuation"),
    "CONTINGENCY": lazy_gettext("contingency"),
}
