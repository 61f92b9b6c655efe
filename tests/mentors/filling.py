"""Fills in an application as a person does, page by page."""

from typing import Any

from tests.pages import PageClient

ANSWERS: dict[str, dict[str, Any]] = {
    "promise": {"hours_per_week": "4", "months": "12"},
    "contact": {"name": "Jo Mercer", "email": "jo@mail.example", "phone": "0151 496 0000"},
    "where": {"area": "l324xx"},
    "travel": {"travel_km": "12"},
    "week": {"slots": ["0", "5"]},
    "languages": {"languages": ["en", "pl"]},
    "background": {"lived_experience": ["prison"], "gender": "woman"},
    "skills": {"skills": ["work", "money"], "interests": []},
    "why": {"why": "Somebody stayed with me once."},
}

START = "/apply/knowsley"


def answer(client: PageClient, step: str, **changed: Any) -> None:  # noqa: ANN401 - answers of any field.
    """Answer one page."""
    client.fill(f"{START}/{step}", {**ANSWERS[step], **changed})


def answer_all(client: PageClient, *, but: tuple[str, ...] = ()) -> None:
    """Answer all pages, or all but some."""
    for step in ANSWERS:
        if step not in but:
            answer(client, step)
