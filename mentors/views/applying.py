"""Pages on which somebody without an account applies, or says “not now”."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from sqlalchemy.orm import Session

from accounts import queries as account_queries
from accounts.models import Scheme
from accounts.signing import anonymous_in
from foundation import clock
from foundation.access import public
from foundation.db import reading, transaction
from foundation.language import _
from foundation.submissions import once
from mentors import forms, operations, queries
from mentors.models import ApplicationDraft
from mentors.rules import LEAST_HOURS_PER_WEEK, LEAST_MONTHS, USUAL_HOURS_PER_WEEK, YOUNGEST_AGE, can_promise
from mentors.views.blueprint import Answer, blueprint

CAMPAIGN = "from"
"""The part of an address that names the campaign by whose link somebody comes; no cookie remembers it."""
STEP = f"<any({', '.join(forms.STEPS)}):step>"


@blueprint.get("/apply/<slug>")
@public
def apply(slug: str) -> Answer:
    """Tell anybody what mentoring asks, before anything is typed."""
    scheme = _scheme(slug)
    draft = _draft(reading(), scheme)
    return render_template(
        "mentors/apply.html",
        scheme=scheme,
        first=next(iter(forms.STEPS)),
        code=request.args.get(CAMPAIGN),
        is_begun=draft is not None and draft.volunteer_id is None,
        is_sent=draft is not None and draft.volunteer_id is not None,
        hours=LEAST_HOURS_PER_WEEK,
        usual_hours=USUAL_HOURS_PER_WEEK,
        months=LEAST_MONTHS,
        age=YOUNGEST_AGE,
    )


@blueprint.get(f"/apply/<slug>/{STEP}")
@public
def apply_page(slug: str, step: str) -> Answer:
    """Show an applicant one question, with what they answered before."""
    scheme = _scheme(slug)
    form = forms.STEPS[step](data=_answers(scheme).get(step, {}), country=scheme.country)
    return _render_step(scheme, step, form)


@blueprint.post(f"/apply/<slug>/{STEP}")
@public
def apply_page_post(slug: str, step: str) -> Answer:
    """Keep an applicant's answers of one page and lead on."""
    scheme = _scheme(slug)
    form = forms.STEPS[step](country=scheme.country)
    if not form.validate():
        return _render_step(scheme, step, form), 422
    with transaction() as session:
        _keep(session, scheme, step, form.answers())
    if isinstance(form, forms.WhereForm) and not form.is_known:
        flash(str(_("We do not know this place, so we cannot tell how far it is to anybody. You can go on.")))
    if step == "promise" and not can_promise(form.hours_per_week.data, form.months.data):
        return redirect(url_for("mentors.not_now", slug=slug), code=303)
    return redirect(_after(slug, step), code=303)


def _render_step(scheme: Scheme, step: str, form: forms.StepForm) -> str:
    """Draw one question."""
    steps = list(forms.STEPS)
    position = steps.index(step)
    back = url_for("mentors.apply_page", slug=scheme.slug, step=steps[position - 1]) if position else None
    return render_template(
        "mentors/apply_page.html",
        scheme=scheme,
        form=form,
        position=position + 1,
        count=len(steps),
        back=_check_page(scheme.slug) if _is_change() else back or url_for("mentors.apply", slug=scheme.slug),
    )


def _after(slug: str, step: str) -> str:
    """Tell which page follows a question: the next one, or the summary after a change."""
    steps = list(forms.STEPS)
    following = steps[steps.index(step) + 1 :]
    if _is_change() or not following:
        return _check_page(slug)
    return url_for("mentors.apply_page", slug=slug, step=following[0])


def _check_page(slug: str) -> str:
    """Give the address of the summary."""
    return url_for("mentors.apply_check", slug=slug)


def _is_change() -> bool:
    """Whether the question was opened from the summary, to which it then leads back."""
    return "change" in request.args


def _keep(session: Session, scheme: Scheme, step: str, answers: Mapping[str, Any]) -> None:
    """Keep answers in the draft that the cookie names, or in a new one."""
    by, at = anonymous_in(scheme), clock.now()
    draft = _draft(session, scheme, for_update=True)
    if draft is None or draft.volunteer_id is not None:
        campaign = queries.find_campaign_of_code(session, scheme, request.args.get(CAMPAIGN, ""))
        draft, cookie[_draft_key(scheme)] = operations.begin_draft(
            session, scheme=scheme, by=by, at=at, campaign=campaign
        )
    operations.keep_answers(session, draft=draft, step=step, answers=answers, by=by, at=at)


@blueprint.get("/apply/<slug>/check")
@public
def apply_check(slug: str) -> Answer:
    """Show an applicant all their answers before they send them."""
    scheme = _scheme(slug)
    draft = _draft(reading(), scheme)
    if draft is not None and draft.volunteer_id is not None:
        return redirect(url_for("mentors.apply_sent", slug=slug), code=303)
    answers = draft.answers if draft is not None else {}
    return render_template(
        "mentors/apply_check.html",
        scheme=scheme,
        form=forms.PlainForm(),
        steps={step: forms.kept_form(step, answers, scheme.country) for step in forms.STEPS},
        answered=set(answers),
        age=YOUNGEST_AGE,
    )


@blueprint.post("/apply/<slug>/check")
@public
def apply_check_post(slug: str) -> Answer:
    """Send an application, or lead to the first question that lacks an answer."""
    scheme = _scheme(slug)
    sent = url_for("mentors.apply_sent", slug=slug)
    draft = _draft(reading(), scheme)
    if draft is not None and draft.volunteer_id is not None:
        return redirect(sent, code=303)
    missing = forms.first_incomplete(draft.answers if draft is not None else {}, scheme.country)
    if draft is None or missing is not None:
        flash(str(_("This question still needs an answer before you can send.")))
        step = missing or next(iter(forms.STEPS))
        return redirect(url_for("mentors.apply_page", slug=slug, step=step, change="yes"), code=303)
    # Another tab may be quicker; what it sends is what was meant.
    with suppress(operations.AlreadySent):
        _send(scheme, forms.PlainForm(), sent)
    return redirect(sent, code=303)


def _send(scheme: Scheme, form: forms.PlainForm, sent: str) -> None:
    """Make the application, once for this form and once for this draft."""
    with once(form.submission_key) as (session, outcome):
        outcome.location = sent
        draft = _draft(session, scheme, for_update=True)
        if draft is None:
            return
        _volunteer, token = operations.send_draft(
            session,
            draft=draft,
            scheme=scheme,
            application=forms.application_of(draft.answers),
            by=anonymous_in(scheme),
            at=clock.now(),
            base_url=current_app.config["BASE_URL"],
        )
        cookie[_status_key(scheme)] = token


@blueprint.get("/apply/<slug>/sent")
@public
def apply_sent(slug: str) -> Answer:
    """Tell an applicant that the application has arrived, and what happens next."""
    scheme = _scheme(slug)
    return render_template("mentors/apply_sent.html", scheme=scheme, token=cookie.get(_status_key(scheme)))


@blueprint.get("/apply/<slug>/not-now")
@public
def not_now(slug: str) -> Answer:
    """Offer somebody who has no time now to be asked again."""
    scheme = _scheme(slug)
    email = _answers(scheme).get("contact", {}).get("email")
    return _render_not_now(scheme, forms.NotNowForm(data={"email": email}))


@blueprint.post("/apply/<slug>/not-now")
@public
def not_now_post(slug: str) -> Answer:
    """Note when to ask again."""
    scheme = _scheme(slug)
    form = forms.NotNowForm()
    if form.validate():
        with form.guard(), once(form.submission_key) as (session, outcome):
            outcome.location = url_for("mentors.not_now_sent", slug=slug)
            operations.ask_later(
                session,
                scheme=scheme,
                email=form.email.data,
                ask_on=form.ask_on.data,
                by=anonymous_in(scheme),
                at=clock.now(),
            )
        if not form.errors:
            return redirect(url_for("mentors.not_now_sent", slug=slug), code=303)
    return _render_not_now(scheme, form), 422


def _render_not_now(scheme: Scheme, form: forms.NotNowForm) -> str:
    """Draw the page that offers to ask again."""
    return render_template(
        "mentors/not_now.html",
        scheme=scheme,
        form=form,
        hours=LEAST_HOURS_PER_WEEK,
        months=LEAST_MONTHS,
        first=next(iter(forms.STEPS)),
    )


@blueprint.get("/apply/<slug>/not-now/noted")
@public
def not_now_sent(slug: str) -> Answer:
    """Confirm that somebody will be asked again."""
    return render_template("mentors/not_now_sent.html", scheme=_scheme(slug))


def _scheme(slug: str) -> Scheme:
    """Get the scheme of the page, and let the page speak of its days."""
    scheme = account_queries.get_scheme(reading(), slug)
    g.page_scheme = scheme
    return scheme


def _draft(session: Session, scheme: Scheme, *, for_update: bool = False) -> ApplicationDraft | None:
    """Find the draft that the applicant's cookie names."""
    return queries.find_draft(session, scheme, cookie.get(_draft_key(scheme)), for_update=for_update)


def _answers(scheme: Scheme) -> Mapping[str, Any]:
    """Give what the applicant has answered so far."""
    draft = _draft(reading(), scheme)
    return draft.answers if draft is not None else {}


def _draft_key(scheme: Scheme) -> str:
    """Name the place in the cookie for the draft of a scheme."""
    return f"application-{scheme.slug}"


def _status_key(scheme: Scheme) -> str:
    """Name the place in the cookie for the link to the status page."""
    return f"status-{scheme.slug}"
