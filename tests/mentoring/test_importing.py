"""A charity's own spreadsheets are imported whole or not at all, and every row at fault is named."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Person, RoleGrant, Scheme
from accounts.rules import Role
from demo.builders import PASSWORD, Builder
from foundation import audit
from foundation.db import Base, Database
from foundation.errors import NotPermitted
from foundation.outbox import Letter
from foundation.sheets.columns import template_of
from foundation.sheets.reading import Remark
from mentees.models import Mentee
from mentees.rules import CaseStage, RiskGroup, Setting, StatedGender
from mentoring import importing
from mentors.models import Volunteer
from mentors.rules import Stage
from tests.conftest import NOW, Saved
from tests.house.sources import ROOT
from tests.pages import Page, PageClient, counted

MENTOR = {
    "name": "Ann Example",
    "email": "ann@mail.example",
    "postcode": "L32 8XD",
    "hours per week": "4",
    "months": "12",
}
MENTEE = {
    "name": "Sam Example",
    "setting": "community",
    "postcode": "L36 9YQ",
    "risk public": "low",
    "risk source": "OASys",
    "risk date": "2026-02-10",
    "consent date": "2026-02-12",
}

Rows = list[dict[str, str]]


def sheet(rows: Rows) -> bytes:
    """Rows as CSV, with the headings of all of them."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def files(mentors: Rows | None = None, mentees: Rows | None = None) -> dict[str, bytes]:
    """The sheets that a test brings."""
    return {kind: sheet(rows) for kind, rows in (("mentors", mentors), ("mentees", mentees)) if rows}


def bring(build: Builder, mentors: Rows | None = None, mentees: Rows | None = None) -> importing.Report:
    """Import rows as the portal itself."""
    sheets = importing.read_sheets(files(mentors, mentees))
    try:
        return importing.import_people(build.session, sheets=sheets, by=build.portal(), at=NOW)
    except importing.Undone as undone:
        return undone.report


def said(remarks: tuple[Remark, ...]) -> list[tuple[int, str]]:
    return [(remark.line, remark.column) for remark in remarks]


def faults(build: Builder, mentors: Rows | None = None, mentees: Rows | None = None) -> list[tuple[int, str]]:
    return [place for part in bring(build, mentors, mentees).sheets for place in said(part.faults)]


def warnings(build: Builder, mentors: Rows | None = None, mentees: Rows | None = None) -> list[tuple[int, str]]:
    report = bring(build, mentors, mentees)
    assert report.is_clean, report
    return [place for part in report.sheets for place in said(part.warnings)]


def count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


# ---------------------------------------------------------------------------------------------------- all or nobody


def test_a_row_becomes_a_volunteer_with_all_that_it_says(build: Builder, session: Session) -> None:
    row = {
        **MENTOR,
        "phone": "+44 7700 900101",
        "travel km": "10 km",
        "availability": "Mon evening; Tue morning",
        "languages": "English, Polish",
        "lived experience": "Prison",
        "skills": "housing;recovery support",
        "interests": "FOOTBALL",
        "gender": "f",
        "why": "=because",
        "stage": "checks",
        "cleared level": "High",
        "cleared reason": "Panel of 1 May",
    }
    assert bring(build, [row]).is_clean
    volunteer = session.scalars(select(Volunteer)).one()
    assert (volunteer.person.name, volunteer.person.phone) == ("Ann Example", "+44 7700 900101")
    assert (volunteer.travel_km, volunteer.slots, volunteer.hours_per_week, volunteer.months) == (10, 0b1100, 4, 12)
    assert (volunteer.languages, volunteer.lived_experience) == (["en", "pl"], ["prison"])
    assert (volunteer.skills, volunteer.interests) == (["housing", "recovery support"], ["football"])
    assert (volunteer.gender.value, volunteer.why) == ("woman", "=because")
    assert (volunteer.cleared_rosh, volunteer.cleared_why) == (2, "Panel of 1 May")
    assert [move.after for move in volunteer.moves] == [Stage.APPLIED, Stage.SCREENING, Stage.INTERVIEW, Stage.CHECKS]
    assert volunteer.latitude is not None
    assert [grant.role for grant in session.scalars(select(RoleGrant))] == [Role.VOLUNTEER]


def test_a_row_becomes_a_person_with_risk_and_what_must_be_obeyed(build: Builder, session: Session) -> None:
    agency = build.agency("Probation Knowsley")
    row = {
        **MENTEE,
        "setting": "Prison",
        "release date": "27.3.2027",
        "needs": "education, skills and work; housing",
        "interpreter": "yes",
        "risk known adult": "very high",
        "gender needed": "woman",
        "gender reason": "Has asked for it",
        "exclusion areas": "L32 4 2km (former home); L5 1 1 mile",
        "contact bans": "Smith, John (victim); Jane Example",
        "agency": "probation knowsley",
        "stage": "waiting",
    }
    assert bring(build, mentees=[row]).is_clean
    mentee = session.scalars(select(Mentee)).one()
    assert (mentee.setting, str(mentee.release_on), mentee.stage) == (Setting.CUSTODY, "2027-03-27", CaseStage.WAITING)
    assert mentee.needs == ["accommodation", "education, skills and work"]
    assert {risk.group_at_risk: risk.level for risk in mentee.risks} == {RiskGroup.PUBLIC: 0, RiskGroup.KNOWN_ADULT: 3}
    assert (mentee.stated_gender, mentee.agency_id) == (StatedGender.WOMAN, agency.id)
    assert {area.label: area.radius_km for area in mentee.exclusion_areas} == {"L5 1": 1.609, "former home": 2.0}
    assert {ban.name: ban.why for ban in mentee.contact_bans} == {"Jane Example": "", "Smith, John": "victim"}


def test_one_faulty_row_on_either_sheet_keeps_everybody_out(app: Flask, db: Database, saved: Saved) -> None:
    with saved as build:
        build.scheme()
    bad = {**MENTEE, "risk date": "soon"}
    with app.app_context(), pytest.raises(importing.Undone) as undone, db.transaction() as session:
        by = Builder(session, at=NOW)
        by._schemes = build._schemes
        sheets = importing.read_sheets(files([MENTOR], [MENTEE, bad]))
        importing.import_people(session, sheets=sheets, by=by.portal(), at=NOW)
    assert [said(part.faults) for part in undone.value.report.sheets] == [[], [(3, "risk date"), (3, "name")]]
    with db.sessions() as session:
        assert (count(session, Person), count(session, Volunteer), count(session, Mentee)) == (0, 0, 0)


def test_a_rehearsal_keeps_nobody_though_all_is_in_order(app: Flask, db: Database, saved: Saved) -> None:
    with saved as build:
        by = build.portal()
    with app.app_context(), pytest.raises(importing.Undone) as undone, db.transaction() as session:
        sheets = importing.read_sheets(files([MENTOR], [MENTEE]))
        importing.import_people(session, sheets=sheets, by=by, at=NOW, is_rehearsal=True)
    assert (undone.value.report.is_clean, undone.value.report.people) == (True, 2)
    with db.sessions() as session:
        assert count(session, Person) == 0
        assert audit.verify(session) is None


def test_an_import_writes_no_letters_and_stands_in_the_audit_trail(build: Builder, session: Session) -> None:
    assert bring(build, [{**MENTOR, "stage": "training"}], [{**MENTEE, "stage": "waiting"}]).is_clean
    session.flush()
    assert count(session, Letter) == 0
    verbs = set(session.scalars(select(audit.AuditEntry.verb)))
    assert {"import_people", "apply", "move_volunteer", "refer", "move_case"} <= verbs
    assert audit.verify(session) is None


def test_only_who_may_import_imports(build: Builder) -> None:
    sheets = importing.read_sheets(files([MENTOR]))
    with pytest.raises(NotPermitted):
        importing.import_people(build.session, sheets=sheets, by=build.actor(Role.TRAINING_LEAD), at=NOW)


# ---------------------------------------------------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"name": ""}, "name"),
        ({"email": "ann@"}, "email"),
        ({"postcode": "L32 8X"}, "postcode"),
        ({"hours per week": "2"}, "hours per week"),
        ({"hours per week": "11"}, "hours per week"),
        ({"hours per week": "3-4"}, "hours per week"),
        ({"months": "6"}, "months"),
        ({"months": "61"}, "months"),
        ({"travel km": "0"}, "travel km"),
        ({"availability": "sometimes"}, "availability"),
        ({"languages": "English; Klingon"}, "languages"),
        ({"skills": "housing; flying"}, "skills"),
        ({"gender": "yes"}, "gender"),
        ({"stage": "ready"}, "stage"),
        ({"cleared level": "low"}, "cleared reason"),
        ({"cleared reason": "Panel"}, "cleared reason"),
        ({"why": "x" * 4001}, "why"),
    ],
)
def test_a_faulty_cell_of_a_mentor_is_named(build: Builder, change: Mapping[str, str], column: str) -> None:
    assert faults(build, [{**MENTOR, **change}]) == [(2, column)]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"setting": "custody"}, "release date"),
        ({"setting": "custody", "release date": "2026-11-15"}, "release date"),
        ({"setting": "elsewhere"}, "setting"),
        ({"postcode": ""}, "postcode"),
        ({"postcode": "12345"}, "postcode"),
        ({"risk public": ""}, "risk children"),
        ({"risk public": "some"}, "risk public"),
        ({"risk source": ""}, "risk source"),
        ({"risk date": "2026-11-17"}, "risk date"),
        ({"consent date": ""}, "consent date"),
        ({"consent date": "yes"}, "consent date"),
        ({"consent date": "17/11/2026"}, "consent date"),
        ({"gender needed": "woman"}, "gender reason"),
        ({"gender reason": "Has asked"}, "gender reason"),
        ({"exclusion areas": "L32 4"}, "exclusion areas"),
        ({"exclusion areas": "Nowhere at all 2km"}, "exclusion areas"),
        ({"exclusion areas": "L32 4 5m"}, "exclusion areas"),
        ({"exclusion areas": "L32 4 101 km"}, "exclusion areas"),
        ({"contact bans": "(victim)"}, "contact bans"),
        ({"agency": "Probation of nowhere"}, "agency"),
        ({"stage": "matched"}, "stage"),
        ({"interpreter": "perhaps"}, "interpreter"),
    ],
)
def test_a_faulty_cell_of_a_person_is_named(build: Builder, change: Mapping[str, str], column: str) -> None:
    assert faults(build, mentees=[{**MENTEE, **change}]) == [(2, column)]


def test_every_faulty_row_is_named_in_the_order_of_lines(build: Builder) -> None:
    rows = [{**MENTOR, "name": f"Ann {n}", "email": f"a{n}@mail.example", "months": str(n)} for n in range(8, 16)]
    assert faults(build, rows) == [(line, "months") for line in range(2, 6)]


def test_a_place_that_is_unknown_is_kept_with_a_warning_and_no_distance(build: Builder, session: Session) -> None:
    assert warnings(build, [{**MENTOR, "postcode": "L99 9ZZ"}], [{**MENTEE, "postcode": "Kirkby"}]) == [
        (2, "postcode"),
        (2, "postcode"),
    ]
    volunteer, mentee = session.scalars(select(Volunteer)).one(), session.scalars(select(Mentee)).one()
    assert (volunteer.area, volunteer.latitude) == ("L99 9ZZ", None)
    assert (mentee.area, mentee.longitude) == ("Kirkby", None)


def test_an_account_of_somebody_else_with_the_same_address_is_a_fault_of_that_row_alone(build: Builder) -> None:
    build.account(Role.COORDINATOR, email="ANN@mail.example")
    rows = [{**MENTOR, "stage": "screening"}, {**MENTOR, "name": "Bea", "email": "b@mail.example", "stage": "checks"}]
    assert faults(build, rows) == [(2, "")]


# ------------------------------------------------------------------------------------------------------ duplicates


def test_the_same_address_twice_on_a_sheet_is_refused_whatever_its_case(build: Builder) -> None:
    rows = [MENTOR, {**MENTOR, "name": "Another", "email": "ANN@mail.example"}]
    report = bring(build, rows)
    assert said(report.sheets[0].faults) == [(3, "email")]
    assert "line 2" in report.sheets[0].faults[0].reason


def test_the_same_name_and_place_twice_on_a_sheet_is_refused_however_it_is_spelt(build: Builder) -> None:
    rows = [{**MENTOR, "email": ""}, {**MENTOR, "email": "", "name": "ANN  exámple", "postcode": "l328xd"}]
    assert faults(build, rows) == [(3, "name")]
    assert faults(build, mentees=[MENTEE, {**MENTEE, "postcode": "l36 9yq"}]) == [(3, "name")]


def test_somebody_in_the_scheme_already_is_refused(build: Builder) -> None:
    build.volunteer(name="Ann Example", email="first@mail.example", area="L32 8XD")
    build.mentee(name="Sam Example", area="L36 9YQ")
    assert faults(build, [MENTOR], [MENTEE]) == [(2, "name"), (2, "name")]
    build.volunteer(name="Somebody else", email="ANN@mail.example", area="L1 1AA")
    assert faults(build, [{**MENTOR, "name": "New"}]) == [(2, "email")]


def test_the_same_name_with_no_place_is_a_warning(build: Builder) -> None:
    row = {**MENTOR, "email": "", "postcode": ""}
    assert (3, "name") in warnings(build, [row, row])


def test_people_of_another_scheme_are_nobody_s_double(build: Builder) -> None:
    build.volunteer(name="Ann Example", email="ann@mail.example", area="L32 8XD", slug="the-hague")
    assert warnings(build, [MENTOR]) == []


# --------------------------------------------------------------------------------------- templates and documentation


def test_the_rows_of_both_templates_import_as_they_stand(build: Builder, session: Session) -> None:
    sheets = importing.read_sheets({kind: template_of(columns) for kind, columns in importing.COLUMNS.items()})
    report = importing.import_people(session, sheets=sheets, by=build.portal(), at=NOW)
    assert [(part.people, part.warnings) for part in report.sheets] == [(2, ()), (2, ())]
    assert (count(session, Volunteer), count(session, Mentee)) == (2, 2)


def test_every_choice_that_the_documentation_names_is_understood() -> None:
    for columns in importing.COLUMNS.values():
        for column in columns:
            listed = str(column.accepts).partition("any of: ")[2].partition("; or one word")[0]
            for word in listed.replace(", ", "; ").split("; ") if ";" not in listed else listed.split("; "):
                assert not word or column.read(word), f"{column.name}: {word}"


def test_the_documentation_lists_the_columns_as_they_are() -> None:
    text = (ROOT / "docs" / "importing.md").read_text("utf-8")
    assert text.endswith(importing.documentation()), "run `flask import-people --columns` and put it at the end"


# ----------------------------------------------------------------------------------------------------------- command


def run(app: Flask, folder: Path, mentors: Rows | None, mentees: Rows | None, *options: str) -> Result:
    """Run the command on files."""
    arguments = ["import-people", "--scheme", "knowsley", *options]
    for kind, content in files(mentors, mentees).items():
        (folder / f"{kind}.csv").write_bytes(content)
        arguments += [f"--{kind}", str(folder / f"{kind}.csv")]
    return app.test_cli_runner().invoke(args=arguments)


def test_the_command_lists_every_fault_and_imports_nobody(
    app: Flask, db: Database, saved: Saved, tmp_path: Path
) -> None:
    with saved as build:
        build.scheme()
    result = run(app, tmp_path, [{**MENTOR, "months": "6"}], [{**MENTEE, "setting": "x"}], "--dry-run")
    assert result.exit_code == 1
    assert "FAULT: mentors, line 2, months: " in result.output
    assert "FAULT: mentees, line 2, setting: " in result.output
    with db.sessions() as session:
        assert count(session, Person) == 0


def test_the_command_rehearses_and_imports(app: Flask, db: Database, saved: Saved, tmp_path: Path) -> None:
    with saved as build:
        build.scheme()
    rehearsal = run(app, tmp_path, [MENTOR], [MENTEE], "--dry-run")
    assert (rehearsal.exit_code, "Nobody was imported" in rehearsal.output) == (0, True)
    with db.sessions() as session:
        assert count(session, Person) == 0
    assert "Imported 1 mentors and 1 mentees." in run(app, tmp_path, [MENTOR], [MENTEE]).output
    with db.sessions() as session:
        assert count(session, Person) == 2
    again = run(app, tmp_path, [MENTOR], [MENTEE])
    assert (again.exit_code, again.output.count("FAULT")) == (1, 2)


def test_the_command_names_the_schemes_and_the_columns(app: Flask, saved: Saved, tmp_path: Path) -> None:
    with saved as build:
        build.scheme()
    wrong = run(app, tmp_path, [MENTOR], None, "--scheme", "elsewhere")
    assert (wrong.exit_code, "knowsley" in wrong.output) == (2, True)
    assert run(app, tmp_path, None, None).exit_code == 2
    assert app.test_cli_runner().invoke(args=["import-people", "--columns"]).output == importing.documentation()


# ------------------------------------------------------------------------------------------------------------- pages


@pytest.fixture
def coordinator(client: PageClient, saved: Saved) -> PageClient:
    """A browser in which a coordinator has signed in."""
    with saved as build:
        build.account(Role.COORDINATOR, email="coordinator@mail.example")
        build.account(Role.TRAINING_LEAD, email="trainer@mail.example")
    client.sign_in("coordinator@mail.example", PASSWORD)
    return client


def check(client: PageClient, *, status: int = 200, **sheets: bytes) -> Page:
    """Send files to be checked, and read the page that comes back."""
    sent = {kind: (io.BytesIO(content), f"{kind}.csv") for kind, content in sheets.items()}
    return Page(client.fill("/import", {**sent, "act": "check"}, status=status), [])


def counts(db: Database) -> tuple[int, int]:
    """How many volunteers and people referred there are."""
    with db.sessions() as session:
        return count(session, Volunteer), count(session, Mentee)


def test_the_page_checks_first_and_imports_on_a_second_button(coordinator: PageClient, db: Database) -> None:
    page = check(coordinator, mentors=sheet([MENTOR]), mentees=sheet([MENTEE]))
    assert "Press the button to import all 2 people" in page.text
    assert counts(db) == (0, 0)
    confirmed = coordinator.send("/import", {**page.form(), "act": "import"})
    assert "2 people have been imported" in coordinator.follow(confirmed).text
    assert counts(db) == (1, 1)


def test_pressing_the_second_button_twice_imports_once(coordinator: PageClient, db: Database) -> None:
    sent = {**check(coordinator, mentors=sheet([MENTOR])).form(), "act": "import"}
    coordinator.send("/import", sent)
    coordinator.send("/import", sent)
    assert counts(db) == (1, 0)


def test_the_page_names_every_fault_and_offers_no_second_button(coordinator: PageClient, db: Database) -> None:
    rows = [{**MENTOR, "months": "6"}, {**MENTOR, "name": "<b>Bea</b>", "email": "<i>"}]
    page = check(coordinator, status=422, mentors=sheet(rows))
    assert "2 faults" in page.text
    assert "“<i>” is no email address" in page.text
    assert page.form()["carried"] == ""
    coordinator.send("/import", {**page.form(), "act": "import"}, status=422)
    assert counts(db) == (0, 0)


def test_what_changed_between_the_check_and_the_button_is_found(
    coordinator: PageClient, saved: Saved, db: Database
) -> None:
    page = check(coordinator, mentors=sheet([MENTOR]))
    with saved as build:
        build._schemes["knowsley"] = build.session.scalars(select(Scheme)).one()
        build.volunteer(email="ann@mail.example")
    response = coordinator.send("/import", {**page.form(), "act": "import"}, status=422)
    assert "in the scheme already" in Page(response, []).text
    assert counts(db) == (1, 0)


def test_a_sheet_that_another_person_checked_cannot_be_imported(coordinator: PageClient, saved: Saved) -> None:
    page = check(coordinator, mentors=sheet([MENTOR]))
    with saved as build:
        build._schemes["knowsley"] = build.session.scalars(select(Scheme)).one()
        build.account(Role.COORDINATOR, email="other@mail.example")
    coordinator.client.post("/sign-out", data={"csrf_token": page.form()["csrf_token"]})
    coordinator.sign_in("other@mail.example", PASSWORD)
    sent = {**coordinator.get("/import").form(), "carried": page.form()["carried"], "act": "import"}
    coordinator.send("/import", sent, status=422)
    assert coordinator.page is not None
    assert coordinator.page.errors == ["Choose at least one file."]


def test_no_file_an_empty_file_and_too_many_rows_are_told_in_words(
    coordinator: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check(coordinator, status=422).errors == ["Choose at least one file."]
    assert "The file is empty." in check(coordinator, status=422, mentors=b"").text
    monkeypatch.setattr(importing, "MOST_IN_PORTAL", 1)
    page = check(coordinator, status=422, mentors=sheet([MENTOR]), mentees=sheet([MENTEE]))
    assert "There are more than 1 rows" in page.errors[0]


def test_the_templates_can_be_downloaded(coordinator: PageClient) -> None:
    page = coordinator.get("/import")
    for kind, columns in importing.COLUMNS.items():
        assert f"/import/templates/{kind}.csv" in page.links()
        response = coordinator.raw(f"/import/templates/{kind}.csv")
        assert response.data == template_of(columns)
        assert response.headers["Content-Disposition"] == f"attachment; filename={kind}.csv"


def test_a_training_lead_neither_sees_nor_sends_the_page(coordinator: PageClient) -> None:
    form = coordinator.get("/import").form()
    coordinator.client.post("/sign-out", data={"csrf_token": form["csrf_token"]})
    coordinator.sign_in("trainer@mail.example", PASSWORD)
    for path in ("/import", "/import/templates/mentees.csv"):
        coordinator.get(path, status=403)


def test_checking_more_rows_reads_no_more_lists(build: Builder, db: Database) -> None:
    def statements(number: int) -> int:
        rows = [{**MENTOR, "name": f"{number} {n}", "email": f"{number}.{n}@mail.example"} for n in range(number)]
        with counted(db.engine) as sent:
            assert bring(build, rows).is_clean
        return sum(statement.startswith("SELECT") for statement in sent)

    statements(2)
    assert statements(50) == statements(1)
