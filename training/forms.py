"""What is typed about courses, evenings and development plans."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import wtforms
from werkzeug.datastructures import MultiDict

from foundation.fields import (
    DateField,
    LineField,
    NumberField,
    RadioField,
    SelectField,
    TextField,
    TickField,
    required,
)
from foundation.forms import HouseForm
from foundation.language import _
from training.rules import (
    LONGEST_COURSE_MINUTES,
    LONGEST_EVENING_MINUTES,
    LONGEST_VALIDITY_MONTHS,
    MOST_PLACES,
    WHOLE_PERCENT,
    GoalState,
    Presence,
)


class CourseForm(HouseForm):
    """A course and what it asks."""

    name = LineField(_("Name"), [required(_("Enter the name of the course"))], longest=120)
    is_required = TickField(_("Every mentor must take this course"))
    required_minutes = NumberField(
        _("Minutes required"),
        [required(_("Enter how many minutes are required"))],
        description=_("For example 120 for one evening of two hours. 0 for a course that nobody must take."),
        least=0,
        most=LONGEST_COURSE_MINUTES,
    )
    valid_months = NumberField(
        _("Months until it must be refreshed (optional)"),
        description=_("Leave empty for a course that is taken once and for all."),
        least=1,
        most=LONGEST_VALIDITY_MONTHS,
    )
    position = NumberField(
        _("Place in the list"), [required(_("Enter its place in the list"))], least=0, most=MOST_PLACES
    )


class WhyForm(HouseForm):
    """A reason."""

    why = TextField(_("Why?"), [required(_("Say why this evening is taken back"))], longest=1000)


@dataclass(frozen=True)
class SheetGroup:
    """Some people on an attendance sheet who are asked about together.

    Attributes:
        key: Short name in the form, such as ``training``.
        title: Heading above the group.
        people: Ids and names, in the order of the sheet.
        offered: Answers that can be given for one person.
        asks_rest: Whether one answer can be given for everybody who is not marked.
    """

    key: str
    title: str
    people: Sequence[tuple[uuid.UUID, str]]
    offered: tuple[Presence, ...] = (Presence.PRESENT, Presence.ABSENT)
    asks_rest: bool = True


@dataclass(frozen=True)
class SheetLine:
    """One person on the sheet with their two fields."""

    volunteer_id: uuid.UUID
    name: str
    presence: RadioField
    minutes: NumberField


class EveningForm(HouseForm):
    """An attendance sheet: the evening, and everybody who was expected.

    Nothing is preselected. A sheet on which everybody starts as present would give hours to a funder that nobody has
    looked at, and one on which everybody starts as absent would lose hours; thirty clicks would keep nobody honest
    either. So the exceptions are marked one by one, and each group takes one answer for everybody left unmarked.
    """

    course = SelectField(_("Course"), [required(_("Choose the course"))])
    held_on = DateField(_("Date"), [required(_("Enter the date of the evening"))])
    duration_minutes = NumberField(
        _("How many minutes did it take?"),
        [required(_("Enter how many minutes it took"))],
        description=_("Two hours are 120 minutes."),
        least=1,
        most=LONGEST_EVENING_MINUTES,
    )
    is_second = TickField(_("This was a second evening of the same course on that day"))

    groups: Sequence[SheetGroup] = ()

    def lines(self, group: SheetGroup) -> list[SheetLine]:
        """Give the people of a group with their fields."""
        return [
            SheetLine(person, name, self[_presence(person)], self[_minutes(person)]) for person, name in group.people
        ]

    def rest(self, group: SheetGroup) -> RadioField | None:
        """Give the field that answers for everybody in a group who is not marked."""
        return self[_rest(group.key)] if group.asks_rest else None

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' own.
        """Check each field, and then each line of the sheet."""
        is_good = super().validate(extra_validators)
        if not any(group.people for group in self.groups):
            self.form_errors.append(str(_("There is nobody on the sheet. Load the page again.")))
        for group in self.groups:
            for line in self.lines(group):
                self._check_minutes(line)
            self._check_unmarked(group)
        return bool(is_good and not self.errors)

    def _check_minutes(self, line: SheetLine) -> None:
        """Check somebody's own minutes against what else was said of them."""
        if line.minutes.data is None:
            return
        if line.presence.data in {Presence.ABSENT, Presence.NOT_EXPECTED}:
            sentence = _("%(name)s has minutes but is not marked as present", name=line.name)
            line.minutes.errors = [*line.minutes.errors, str(sentence)]
        elif self.duration_minutes.data is not None and line.minutes.data > self.duration_minutes.data:
            sentence = _("%(name)s cannot be present for longer than the evening took", name=line.name)
            line.minutes.errors = [*line.minutes.errors, str(sentence)]

    def _check_unmarked(self, group: SheetGroup) -> None:
        """Insist on an answer for everybody."""
        unmarked = [line for line in self.lines(group) if _answer(line) is None and not line.minutes.errors]
        rest = self.rest(group)
        if not unmarked or (rest is not None and rest.data is not None):
            return
        names = ", ".join(line.name for line in unmarked[:3]) + (" …" if len(unmarked) > 3 else "")  # noqa: PLR2004 - enough names to understand.
        sentence = str(_("%(group)s: say who was present. Not marked: %(names)s", group=group.title, names=names))
        field = rest if rest is not None else unmarked[0].presence
        field.errors = [*field.errors, sentence]

    def attendance(self) -> dict[uuid.UUID, int | None]:
        """Give minutes by person, None for who was absent; who was not expected is left out. Once validated."""
        found: dict[uuid.UUID, int | None] = {}
        for group in self.groups:
            rest = self.rest(group)
            for line in self.lines(group):
                answer = _answer(line) or (rest.data if rest is not None else None)
                if answer is Presence.PRESENT:
                    found[line.volunteer_id] = line.minutes.data or self.duration_minutes.data
                elif answer is Presence.ABSENT:
                    found[line.volunteer_id] = None
        return found


def _answer(line: SheetLine) -> Presence | None:
    """Tell what was said of one person; whoever has minutes was there."""
    if line.presence.data is not None:
        return Presence(line.presence.data)
    return Presence.PRESENT if line.minutes.data is not None else None


def _presence(person: uuid.UUID) -> str:
    return f"presence-{person.hex}"


def _minutes(person: uuid.UUID) -> str:
    return f"minutes-{person.hex}"


def _rest(key: str) -> str:
    return f"rest-{key}"


def evening_form(groups: Sequence[SheetGroup], courses: Sequence[tuple[str, str]], **options: Any) -> EveningForm:  # noqa: ANN401 - WTForms' own.
    """Make an attendance sheet for these people.

    Args:
        groups: Who is on it.
        courses: Ids and names to choose from.
        options: What WTForms takes, such as ``data`` by the names that ``sheet_data`` gives.
    """
    form = type("EveningFormOfPeople", (EveningForm,), dict(_sheet_fields(groups)))(**options)
    form.groups = groups
    form.course.choices = [("", str(_("Choose"))), *courses]
    assert isinstance(form, EveningForm)  # noqa: S101 - tells the type checker what was just made.
    return form


def _sheet_fields(groups: Sequence[SheetGroup]) -> Iterator[tuple[str, wtforms.Field]]:
    """Make the fields of every person and every group."""
    for group in groups:
        if group.asks_rest:
            yield _rest(group.key), RadioField(_("Everybody else in this group was"), members=Presence)
        for person, name in group.people:
            yield _presence(person), RadioField(name, members=group.offered)
            yield (
                _minutes(person),
                NumberField(
                    _("Minutes of %(name)s, if not the whole evening", name=name),
                    least=1,
                    most=LONGEST_EVENING_MINUTES,
                ),
            )


def sheet_data(
    attendance: Mapping[uuid.UUID, int | None], duration_minutes: int, others: Mapping[str, Presence]
) -> dict[str, Any]:
    """Fill in a sheet from what is stored.

    Args:
        attendance: Minutes by person, None for who was absent.
        duration_minutes: Of the evening; whoever was there for all of it gets no minutes of their own.
        others: Answers for whole groups, by key.
    """
    data: dict[str, Any] = {_rest(key): answer for key, answer in others.items()}
    for person, minutes in attendance.items():
        data[_presence(person)] = Presence.ABSENT if minutes is None else Presence.PRESENT
        data[_minutes(person)] = None if minutes in {None, duration_minutes} else minutes
    return data


def listed_ids(sent: MultiDict[str, str], key: str) -> list[uuid.UUID]:
    """Read who stood in a group of the sheet that was sent.

    Whoever has joined since was not seen by the person at the page, so that one answer for everybody else must not
    reach them; whoever has left since was on the sheet all the same.
    """
    found = []
    for text in sent.getlist(f"listed-{key}"):
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


class BeginPlanForm(HouseForm):
    """The day of the first review."""

    next_review_on = DateField(_("First review"), [required(_("Enter the date of the first review"))])


class GoalForm(HouseForm):
    """A goal, how it is measured, and by when."""

    what = LineField(
        _("Goal"),
        [required(_("Write what shall be reached"))],
        description=_("For example: be at ease with keeping boundaries."),
    )
    measure = LineField(
        _("How will you both know that it is reached?"),
        [required(_("Write how it is measured"))],
        description=_("For example: two supervision talks in which a boundary case is worked through."),
    )
    due_on = DateField(_("By when?"), [required(_("Enter the date by which it shall be reached"))])


class ProgressForm(HouseForm):
    """How far a goal is."""

    progress_percent = NumberField(
        _("How far is it, in percent?"),
        [required(_("Enter how far it is"))],
        description=_("0 is not begun, 50 is half-way, 100 is done."),
        least=0,
        most=WHOLE_PERCENT,
    )
    note = TextField(_("What has happened? (optional)"), longest=2000)


class GoalStateForm(HouseForm):
    """Where a goal goes from here."""

    to = RadioField(_("What shall become of it?"), [required(_("Choose what shall become of it"))])
    note = TextField(_("Note (optional)"), longest=2000)

    def offer(self, states: Sequence[tuple[str, str]]) -> None:
        """Offer the moves that the goal may make."""
        self.to.choices = list(states)

    @property
    def state(self) -> GoalState:
        """The chosen state, once validated."""
        return GoalState(self.to.data)


class ReviewForm(HouseForm):
    """A review of a plan."""

    held_on = DateField(_("When did you meet?"), [required(_("Enter the date of the review"))])
    notes = TextField(_("What did you find together?"), [required(_("Write what you found"))])
    next_review_on = DateField(_("When is the next review?"), [required(_("Enter the date of the next review"))])
