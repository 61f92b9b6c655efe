"""What is typed to write a document, to accept it, and to enter an acceptance from paper."""

from foundation.fields import DateField, LineField, RadioField, TextField, required
from foundation.forms import HouseForm
from foundation.language import _
from mentors.rules import LONGEST_DOCUMENT, Asks


class DocumentForm(HouseForm):
    """A version of a document."""

    title = LineField(_("Title"), [required(_("Enter a title"))], longest=120)
    text = TextField(
        _("Text"),
        [required(_("Enter the text"))],
        longest=LONGEST_DOCUMENT,
        description=_(
            "An empty line begins a new paragraph. Begin a heading with “# ” and a point of a list with “- ”."
        ),
        render_kw={"rows": 18},
    )
    changes = LineField(
        _("What is new in this version?"),
        longest=300,
        description=_("One sentence for those who know the last version. Leave it empty in the first."),
    )
    effective_on = DateField(_("Holds from"), [required(_("Enter the day from which it holds"))])
    asks = RadioField(_("Who must accept it?"), [required(_("Choose who must accept it"))], members=Asks)


class AcceptForm(HouseForm):
    """A volunteer's word to a document."""

    typed_name = LineField(
        _("Your full name"),
        [required(_("Type your name"))],
        longest=200,
        description=_("By typing your name you say that you have read this and agree to it."),
        render_kw={"autocomplete": "name", "spellcheck": "false"},
    )


class PaperForm(HouseForm):
    """A signature on paper."""

    accepted_on = DateField(_("Signed on"), [required(_("Enter the day on which it was signed"))])
    why = LineField(
        _("Why on paper?"),
        [required(_("Say why; it stays in the record"))],
        longest=500,
        description=_("For example, “Signed with us in the office; she has no smartphone.”"),
    )
