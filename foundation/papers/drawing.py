"""Drawing one sheet to frame. The library is read when the first sheet is drawn, since reading it takes a while."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from foundation.papers.joining import join_letters

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
_MARGIN = 24
_WIDTH = 210 - 2 * _MARGIN
_SMALLEST = 9
_DEEP, _SUN, _INK = (20, 90, 97), (240, 165, 0), (11, 12, 12)
"""Colours of the house, as in its style sheet."""


@dataclass(frozen=True)
class Sheet:
    """What stands on a sheet, from top to bottom, every sentence in the language of the sheet.

    Attributes:
        language: Of the sentences, such as ``en``.
        issuer: Who gives it.
        title: What it is.
        lead: What stands before the name.
        name: Whose it is.
        lines: What is certified, one sentence a line.
        figures: Labels with what they stand for.
        signed: What stands under the line to sign on.
        footer: The small print.
    """

    language: str
    issuer: str
    title: str
    lead: str
    name: str
    lines: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    signed: str
    footer: str


def draw(sheet: Sheet, at: datetime) -> bytes:
    """Draw a sheet of A4 paper; the same sheet at the same instant gives the same bytes."""
    pdf = _new_page(sheet, at)
    pdf.set_draw_color(*_DEEP)
    pdf.set_line_width(1.2)
    pdf.rect(10, 10, 190, 277)
    pdf.set_fill_color(*_SUN)
    pdf.rect(10, 10, 190, 4, style="F")
    _write(pdf, sheet.issuer, 13, after=18)
    _write(pdf, sheet.title, 26, bold=True, colour=_DEEP, after=14)
    _write(pdf, sheet.lead, 12, after=4)
    _write(pdf, sheet.name, 22, bold=True, after=8)
    for line in sheet.lines:
        _write(pdf, line, 12, after=2)
    pdf.ln(8)
    pdf.set_line_width(0.2)
    for label, value in sheet.figures:
        _figure(pdf, label, value)
    _sign(pdf, sheet)
    return bytes(pdf.output())


def _new_page(sheet: Sheet, at: datetime) -> "FPDF":
    """Begin a document with the fonts of the house."""
    from fpdf import FPDF  # noqa: PLC0415 - reading it takes a second, which no other page should wait for.

    pdf = FPDF(format="A4")
    pdf.set_creation_date(at)
    pdf.set_title(sheet.title)
    pdf.set_author(sheet.issuer)
    pdf.set_lang(sheet.language)
    pdf.add_font("house", "", FONTS / "DejaVuSans.ttf")
    pdf.add_font("house", "B", FONTS / "DejaVuSans-Bold.ttf")
    pdf.set_margins(_MARGIN, 34, _MARGIN)
    pdf.set_auto_page_break(auto=False)
    pdf.add_page()
    return pdf


def _write(
    pdf: "FPDF",
    text: str,
    size: int,
    *,
    bold: bool = False,
    colour: tuple[int, int, int] = _INK,
    after: int = 0,
) -> None:
    """Write a text in the middle, on as many lines as it needs, and smaller where it is very long."""
    drawn = _as_drawn(text)
    pdf.set_text_color(*colour)
    pdf.set_font("house", "B" if bold else "", size)
    while bold and size > _SMALLEST and pdf.get_string_width(drawn) > _WIDTH - 4:
        size -= 1
        pdf.set_font_size(size)
    pdf.multi_cell(_WIDTH, size * 0.55, drawn, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(after)


def _as_drawn(text: str) -> str:
    """Put a text into the order and the shapes in which it is drawn from left to right.

    What runs from right to left is turned round before lines are broken, so that such a text must fit on one line.
    """
    from fpdf.bidi import BidiParagraph  # noqa: PLC0415 - as above.

    return str(BidiParagraph(text=join_letters(text)).get_reordered_string())


def _figure(pdf: "FPDF", label: str, value: str) -> None:
    """Write a label with its figure, a thin line under both."""
    pdf.set_text_color(*_INK)
    pdf.set_font("house", "", 12)
    pdf.cell(_WIDTH * 0.6, 9, _as_drawn(label), border="B")
    pdf.set_font("house", "B", 12)
    pdf.cell(_WIDTH * 0.4, 9, _as_drawn(value), border="B", align="R", new_x="LMARGIN", new_y="NEXT")


def _sign(pdf: "FPDF", sheet: Sheet) -> None:
    """Leave room to sign, and write the small print under it."""
    pdf.set_y(236)
    pdf.set_draw_color(*_INK)
    pdf.set_line_width(0.3)
    pdf.line(_MARGIN, 236, _MARGIN + 80, 236)
    pdf.set_font("house", "", 10)
    pdf.multi_cell(_WIDTH, 6, _as_drawn(sheet.signed), new_x="LMARGIN", new_y="NEXT")
    pdf.set_y(262)
    pdf.set_font("house", "", 8)
    pdf.multi_cell(_WIDTH, 4.5, _as_drawn(sheet.footer), align="C")
