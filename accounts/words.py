"""The words that people read for roles and permissions."""

from accounts.rules import Ceremony, Factor, GlassState, Permission, Role, device_parts
from foundation.language import _, name_acts, name_members, name_records


def device_words(user_agent: str) -> str:
    """Say in words what somebody signed in with, such as “Chrome on Android”."""
    browser, system = device_parts(user_agent)
    if browser and system:
        return str(_("%(browser)s on %(system)s", browser=browser, system=system))
    return browser or system or str(_("An unknown device"))


name_members(
    {
        Role.VOLUNTEER: _("Volunteer"),
        Role.MENTOR: _("Mentor"),
        Role.COORDINATOR: _("Coordinator"),
        Role.SENIOR: _("Senior coordinator"),
        Role.TRAINING_LEAD: _("Training lead"),
        Role.PARTNER_OFFICER: _("Partner officer"),
        Role.EVALUATOR: _("Evaluator"),
        Role.ADMINISTRATOR: _("Administrator"),
        Factor.APP: _("Authenticator app"),
        Factor.PASSKEY: _("Passkey"),
        Ceremony.REGISTERING: _("Adding a passkey"),
        Ceremony.CONFIRMING: _("Confirming by a passkey"),
        Ceremony.SIGNING_IN: _("Signing in with a passkey"),
        Permission.OWN_RECORD_READ: _("Read their own record"),
        Permission.MENTORING_LOG: _("Log sessions with the person they mentor"),
        Permission.VOLUNTEERS_READ: _("Read volunteers"),
        Permission.VOLUNTEERS_DECIDE: _("Decide about volunteers"),
        Permission.TRAINING_READ: _("Read training hours"),
        Permission.TRAINING_LOG: _("Log training hours"),
        Permission.PLANS_REVIEW: _("Review development plans"),
        Permission.REFERRALS_MAKE: _("Refer people"),
        Permission.MENTEES_READ: _("Read people referred"),
        Permission.MENTEES_DECIDE: _("Decide about people referred"),
        Permission.MATCHING_READ: _("Read matching rounds"),
        Permission.MATCHING_DECIDE: _("Run rounds and decide on proposals"),
        Permission.VETO_LIFT: _("Lift a rule of the matching for one pair"),
        Permission.MATCHES_READ: _("Read matches"),
        Permission.FIGURES_READ: _("Read figures"),
        Permission.PEOPLE_IMPORT: _("Import people from a spreadsheet"),
        Permission.ACCOUNTS_MANAGE: _("Manage accounts"),
        Permission.AUDIT_READ: _("Read the audit trail"),
        Permission.LETTERS_READ: _("Read letters of a trial portal"),
        Permission.PRIVACY_MANAGE: _("Answer requests, complaints and wishes to be forgotten"),
        Permission.PRIVACY_CONFIRM: _("Confirm that data goes for good"),
        Permission.RECORDS_UNSEAL: _("Ask for emergency access to one record"),
        Permission.UNSEALING_DECIDE: _("Decide about emergency access"),
        GlassState.ASKED: _("Waits for a decision"),
        GlassState.OPEN: _("Open"),
        GlassState.REFUSED: _("Refused"),
        GlassState.OVER: _("Over"),
    }
)

name_acts(
    {
        "accept_invitation": _("Chose a password by an invitation"),
        "add_agency": _("Added an agency"),
        "name_establishment": _("Added an establishment to the list"),
        "add_passkey": _("Added a passkey"),
        "add_person": _("Added a person"),
        "ask_break_glass": _("Asked for emergency access"),
        "begin_app": _("Began to set up an app"),
        "begin_sign_in": _("Signed in"),
        "confirm_app": _("Set up an app"),
        "decide_break_glass": _("Decided about emergency access"),
        "disable_account": _("Disabled an account"),
        "enable_account": _("Let somebody sign in again"),
        "end_break_glass": _("Closed a record again"),
        "end_role": _("Took a role back"),
        "end_sign_in": _("Ended a sign-in"),
        "found_scheme": _("Founded the scheme"),
        "grant_role": _("Gave a role"),
        "invite": _("Invited somebody"),
        "look_under_break_glass": _("Opened a page by emergency access"),
        "open_account": _("Opened an account"),
        "pass_factor": _("Showed a second factor"),
        "put_off_factor": _("Put a second factor off"),
        "remove_factor": _("Removed a second factor"),
        "renew_recovery_codes": _("Made new recovery codes"),
        "renew_token": _("Went on with a new sign-in"),
        "replace_app": _("Took another app"),
        "reset_factors": _("Reset somebody's second factor"),
        "send_reset": _("Sent a link for a new password"),
        "set_password": _("Set a password"),
        "upgrade_hash": _("Stored a password more safely"),
        "use_recovery_code": _("Used a recovery code"),
    }
)

name_records(
    {
        "scheme": _("Scheme"),
        "agency": _("Agency"),
        "establishment": _("Establishment"),
        "person": _("Person"),
        "account": _("Account"),
        "role_grant": _("Role"),
        "sign_in": _("Sign-in"),
        "sign_in_guess": _("Failed try to sign in"),
        "password_reset": _("Wish for a new password"),
        "invitation": _("Invitation"),
        "break_glass": _("Emergency access"),
        "app_factor": _("Authenticator app"),
        "recovery_code": _("Recovery code"),
        "passkey": _("Passkey"),
        "passkey_challenge": _("Question to a passkey"),
        "factor_guess": _("Wrong code"),
    }
)
