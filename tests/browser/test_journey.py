"""The main path, walked through the browser by everybody who has a part in it."""

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from accounts.rules import Role
from app import create_app
from demo.builders import PASSWORD, Builder
from foundation import clock
from foundation.settings import Mode, Settings
from reports.rules import Measure
from tests.browser.portal import LivePortal
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser

TODAY = clock.today("Europe/London")
STAFF = {
    "coordinator": Role.COORDINATOR,
    "second": Role.COORDINATOR,
    "training": Role.TRAINING_LEAD,
    "partner": Role.PARTNER_OFFICER,
    "administrator": Role.ADMINISTRATOR,
}
EVENINGS = ["2", "5", "8"]


def appoint(portal: LivePortal) -> None:
    """Found the scheme with its staff, as an administrator would by the command line and invitations."""
    settings = Settings(
        mode=Mode.LOCAL,
        instance=portal.instance,
        secret_key=portal.environment["ALONGSIDE_SECRET_KEY"],
        database_url=f"sqlite:///{portal.instance / 'alongside.sqlite'}",
        base_url=portal.url,
        smtp_url="",
        mail_from="portal@alongside.test",
        data_keys=portal.environment["ALONGSIDE_DATA_KEYS"],
    )
    app = create_app(settings)
    with app.app_context(), app.extensions["database"].transaction() as session:
        build = Builder(session, at=clock.now())
        for name, role in STAFF.items():
            build.account(role, email=f"{name}@mail.example", name=name.title())
        build.course("Boundaries", required_minutes=120)
        build.target(Measure.SESSIONS, promised=100)
    app.extensions["database"].engine.dispose()


def read_link(portal: LivePortal, address: str, pattern: str) -> str:
    """Find a link in the letters that somebody got, waiting for the worker."""
    for _second in range(100):
        for file in sorted((portal.instance / "letters").glob("*.eml")):
            text = file.read_text(encoding="utf-8").replace("=\n", "").replace("=3D", "=")
            if f"To: {address}" in text and (found := re.search(portal.url + pattern, text)):
                return found.group()
        clock_pause()
    raise AssertionError(f"no letter to {address} with {pattern}")


def clock_pause() -> None:
    """Wait a moment for the worker."""
    time.sleep(0.1)


@pytest.mark.parametrize(("width", "script"), [(1200, True), (360, False)])
def test_from_application_to_board(width: int, script: bool, empty_portal: LivePortal, chromium: Browser) -> None:
    appoint(empty_portal)
    faults: list[str] = []
    with empty_portal.running() as portal:

        def window() -> Walker:
            return Walker(chromium, portal.url, faults=faults, width=width, script=script)

        apply_online(window())
        volunteer = decide_to_train(window(), portal)
        log_training(window())
        make_ready(window(), volunteer)
        refer_a_person(window())
        take_on(window())
        proposal = run_a_round(window())
        approve(window(), proposal)
        agree_and_log(window(), portal)
        look_at_the_board(window())
    assert not faults, "\n".join(faults)


def apply_online(walker: Walker) -> None:
    """Step 1: a volunteer applies without an account, is told at the outset what it asks, and sees where it stands."""
    walker.open("/").sees("3 to 4 hours").open("/apply/knowsley").sees("12 months")
    walker.press("Start your application")
    walker.type(hours_per_week="4", months="12").send("Save and continue")
    walker.type(name="Olha Kovalenko", email="olha@mail.example").send("Save and continue")
    walker.type(area="L32 4XX").send("Save and continue")
    walker.type(travel_km="15").send("Save and continue")
    walker.choose(slots=EVENINGS).send("Save and continue")
    walker.choose(languages=["en", "uk"]).send("Save and continue")
    walker.choose(gender="woman").send("Save and continue")
    walker.choose(skills="housing").send("Save and continue")
    walker.type(why="Somebody stood by me.").send("Save and continue")
    walker.sees("Olha Kovalenko").send("Send application")
    walker.sees("Application sent").close()


def decide_to_train(walker: Walker, portal: LivePortal) -> str:
    """Step 2: a coordinator moves the volunteer along, with checks and clearance."""
    status = read_link(portal, "olha@mail.example", r"/applications/[\w-]+")
    walker.open(status.removeprefix(portal.url)).sees("Application")
    walker.sign_in("coordinator@mail.example", PASSWORD)
    walker.open("/volunteers").follow("Olha Kovalenko")
    here = walker.page.url.removeprefix(portal.url)
    for stage in ("screening", "interview", "checks"):
        walker.open(f"{here}/move").choose(to=stage).type(why="Good.").send("Save")
    for kind in ("first reference", "second reference", "identity", "right to volunteer", "dbs"):
        walker.open(f"{here}/checks/{kind.replace(' ', '-')}")
        if kind == "dbs":
            walker.select("level", "Enhanced")
        walker.choose(outcome="clear").date("decided_on", TODAY).send("Save")
    walker.open(f"{here}/clearance").choose(level="high").type(why="Panel.").send("Save")
    walker.open(f"{here}/move").choose(to="training").type(why="All clear.").send("Save")
    walker.close()
    return here


def log_training(walker: Walker) -> None:
    """Steps 3 and 4: the training lead logs an evening for the group and begins a plan with a goal and a review."""
    walker.sign_in("training@mail.example", PASSWORD)
    walker.open("/training/evenings/new").select("course", "Boundaries").date("held_on", TODAY)
    walker.type(duration_minutes="120")
    walker.page.locator("main input[name^='rest-']").first.check(force=True)
    walker.page.get_by_role("main").locator("button[type=submit]").last.click()
    walker.look().sees("Boundaries")
    walker.open("/training").follow("Olha Kovalenko")
    here = walker.page.url.split("/training")[0]
    walker.open(f"{here}/plan").date("next_review_on", TODAY + timedelta(days=90)).send("Begin the plan")
    walker.open(f"{here}/plan/goals/new").type(what="Keep boundaries", measure="Two supervision talks")
    walker.date("due_on", TODAY + timedelta(days=120)).send("Save the goal")
    walker.open(f"{here}/plan/reviews/new").date("held_on", TODAY).type(notes="A good start.")
    walker.date("next_review_on", TODAY + timedelta(days=100)).send("Save the review")
    walker.sees("Keep boundaries").close()


def make_ready(walker: Walker, volunteer: str) -> None:
    """The readiness gate lets the volunteer through once nothing is missing."""
    walker.sign_in("coordinator@mail.example", PASSWORD)
    walker.open(f"{volunteer}/readiness")
    walker.open(f"{volunteer}/move").choose(to="ready").type(why="Course done.").send("Save")
    walker.close()


def refer_a_person(walker: Walker) -> None:
    """Step 5: a partner officer refers a person of high risk."""
    walker.sign_in("partner@mail.example", PASSWORD).open("/referrals/new")
    walker.type(name="Craig Example", area="L33 1TA", travel_km="10", source="OASys", hours_per_week="2")
    walker.select("risk_public", "High")
    walker.choose(setting="community", needs="accommodation", languages="en", slots=EVENINGS)
    walker.date("consent_on", TODAY).date("assessed_on", TODAY).send("Send the referral")
    walker.open("/referrals").sees("Craig Example").close()


def take_on(walker: Walker) -> None:
    """A coordinator takes the person on, who then waits."""
    walker.sign_in("coordinator@mail.example", PASSWORD).open("/people").follow("Craig Example")
    walker.open(f"{walker.page.url}/decision").choose(to="waiting").type(why="Meets the criteria.")
    walker.send("Save the decision").close()


def run_a_round(walker: Walker) -> str:
    """Step 6: a round is asked for, runs in the worker, and proposes the pair."""
    walker.sign_in("coordinator@mail.example", PASSWORD).open("/matching").press("Run a round").send("Run the round")
    for _look in range(100):
        if walker.page.get_by_text("Best possible, proven").count():
            break
        clock_pause()
        walker.page.goto(walker.page.url)
    walker.look().sees("Craig Example").follow("Read")
    proposal = walker.page.url
    walker.sees("They share 3 free parts of the week.")
    walker.choose(decision="approve").type(why="Close by, both free in the evenings.").send("Save the decision")
    walker.sees("a second person has to approve it too").close()
    return proposal


def approve(walker: Walker, proposal: str) -> None:
    """Step 7: because of the risk a second coordinator approves."""
    walker.sign_in("second@mail.example", PASSWORD).open(proposal)
    walker.choose(decision="approve").type(why="I agree.").send("Save the decision")
    walker.sees("The mentor has a letter").close()


def agree_and_log(walker: Walker, portal: LivePortal) -> None:
    """Steps 7 and 8: the mentor chooses a password by the link in the letter, agrees, and logs a session."""
    link = read_link(portal, "olha@mail.example", r"/invitations/[\w-]+")
    walker.open(link.removeprefix(portal.url)).type(password="three words remembered").send("Save and sign in")
    walker.open("/my-match").press("Read and answer").choose(answer="agree").send("Send my answer")
    walker.open("/my-match").press("Log a session").type(note="A walk in the park.").send("Save")
    walker.open("/my-match").sees("Craig Example").close()


def look_at_the_board(walker: Walker) -> None:
    """Steps 8 and 9: the coordinator sees the session in the match, and everybody sees it on the board."""
    walker.sign_in("coordinator@mail.example", PASSWORD).open("/matches").follow("Craig Example")
    walker.sees("A walk in the park.").open("/board")
    expect(walker.page.get_by_role("main")).to_contain_text(re.compile("mentoring sessions", re.IGNORECASE))
    walker.sees("1").close()
