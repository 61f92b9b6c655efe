"""Words for recruitment campaigns."""

from foundation.language import _, name_acts, name_members, name_records
from mentors.rules import CampaignKind

name_members(
    {
        CampaignKind.POSTER: _("Posters and leaflets"),
        CampaignKind.EVENT: _("Fair or event"),
        CampaignKind.PRESS: _("Newspaper or radio"),
        CampaignKind.SOCIAL_MEDIA: _("Social media"),
        CampaignKind.WEBSITE: _("Website or volunteer centre"),
        CampaignKind.UNIVERSITY: _("University or college"),
        CampaignKind.EMPLOYER: _("Employer"),
        CampaignKind.FAITH_GROUP: _("Faith group"),
        CampaignKind.PARTNER: _("Partner agency"),
        CampaignKind.WORD_OF_MOUTH: _("Told by a volunteer"),
        CampaignKind.FORMER_MENTEES: _("People we mentored"),
        CampaignKind.OTHER: _("Another way"),
    }
)

name_acts(
    {
        "begin_campaign": _("Began a campaign"),
        "change_campaign": _("Changed a campaign"),
    }
)
name_records({"campaign": _("Recruitment campaign")})
