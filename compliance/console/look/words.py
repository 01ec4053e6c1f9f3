"""Flask-AppBuilder's phrases in our words, and its icons in ours."""

import re

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

#: What FAB says, by its English, and what we say. What is not here is said as FAB says it.
PHRASES: dict[str, LazyString | str] = {
    # the menu and the titles of pages
    "Security": _("Staff and access"),
    "List Users": _("Staff"),
    "Show User": _("Staff account"),
    "Add User": _("Add a staff account"),
    "Edit User": _("Edit details"),
    "List Roles": _("Roles"),
    "Show Role": _("Role"),
    "Add Role": _("Add a role"),
    "Edit Role": _("Edit the role"),
    "List Groups": _("Groups"),
    "Show Group": _("Group"),
    "Add Group": _("Add a group"),
    "Edit Group": _("Edit the group"),
    "User's Statistics": _("Sign-ins"),
    "User Statistics": _("Sign-ins"),
    "Login Count": _("Sign-ins"),
    "Failed Login Count": _("Failed sign-ins"),
    "Base Permissions": _("Actions"),
    "List Base Permissions": _("Actions"),
    "Views/Menus": _("Pages"),
    "List View Menus": _("Pages"),
    "Permission on Views/Menus": _("Permissions"),
    "List Permissions on Views/Menus": _("Permissions"),
    "User Registrations": _("Registrations"),
    "List of Registration Requests": _("Registrations"),
    "Reset Password Form": _("Set a new password"),
    "Reset Password": _("Set a new password"),
    "Reset my password": _("Change password"),
    "Edit User Information": _("Your details"),
    "Your user information": _("Your account"),
    "Sign In": _("Sign in"),
    "Copy Role": _("Copy"),
    # columns and groups of them
    "User info": _("Account"),
    "Personal Info": _("Person"),
    "Audit Info": _("History"),
    "First Name": _("First name"),
    "Last Name": _("Last name"),
    "Full Name": _("Name"),
    "User Name": _("User name"),
    "Username": _("User name"),
    "Email": _("E-mail"),
    "Is Active?": _("Active"),
    "Role": _("Roles"),
    "Last login": _("Last sign-in"),
    "Login count": _("Sign-ins"),
    "Failed login count": _("Failed sign-ins"),
    "Created on": _("Added"),
    "Created by": _("Added by"),
    "Changed on": _("Changed"),
    "Permission": _("Action"),
    "View/Menu": _("Page"),
    "Confirm Password": _("The password again"),
    # help below fields: what the label already says is left out
    "Write the user first name or names": "",
    "Write the user last name": "",
    "The user's password for authentication": "",
    "Please rewrite the user's password to confirm": "",
    "Please rewrite the password to confirm": "",
    "Username valid for authentication on DB or LDAP, unused for OID auth": _(
        "For signing in. It is not shown to people."
    ),
    "It's not a good policy to remove a user, just make it inactive": _(
        "Switch an account off instead of deleting it: the audit log goes on naming its owner."
    ),
    "The user's email, this will also be used for OID auth": "",
    "The user role on the application, this will associate with a list of permissions": _(
        "What this person may see and do."
    ),
    "The user group on the application, this will associate with a list of roles associated with the group": _(
        "A group brings its roles with it."
    ),
    "Please use a good password policy, this application does not check this for you": _(
        "Long beats complicated: a few words that have nothing to do with each other."
    ),
    # what happened
    "Added Row": _("Added."),
    "Changed Row": _("Saved."),
    "Deleted Row": _("Deleted."),
    "Password Changed": _("The new password holds from now on."),
    "User information changed": _("Saved."),
    "Access is Denied": _("That page is for staff with the right role. Sign in with such an account to see it."),
    "Invalid login. Please try again.": _("This user name and password do not belong together."),
    "Associated data exists, please delete them first": _("Something still refers to this. Delete that first."),
    "Integrity error, probably unique constraint": _("There is one like this already. Nothing was changed."),
    "General Error": _("The database did not take it. Nothing was changed."),
    "Database Error": _("The database did not take it. Nothing was changed."),
    "User(s) exists in the role, cannot delete": _("People still have this role. Take it from them first."),
    "User(s) exists in the group, cannot delete": _("People are still in this group. Take them out first."),
    # what is wrong with a field
    "This field is required.": _("This cannot be empty."),
    "Not a valid choice": _("Choose one from the list."),
    "Not a valid choice.": _("Choose one from the list."),
    "Already exists.": _("This is taken. Choose another."),
    "Passwords must match": _("The two passwords differ."),
    "Either select a role or a group": _("Choose a role or a group."),
    "Not a valid date value": _("Write a date as 2026-11-23."),
    "Not a valid date value.": _("Write a date as 2026-11-23."),
    "Not a valid datetime value.": _("Write a date and a time as 2026-11-23 14:40."),
    "Not a valid integer value.": _("Write a whole number."),
    "Not a valid decimal value.": _("Write a number."),
    "Not a valid float value.": _("Write a number."),
}

#: FAB's icons (Font Awesome's names) as Lucide's. Our own entries name Lucide's directly.
_ICONS = {
    "fa-user": "user",
    "fa-user-gear": "shield-check",
    "fa-group": "users",
    "fa-user-plus": "user-plus",
    "fa-bar-chart-o": "chart-column",
    "fa-lock": "key-round",
    "fa-list-alt": "panels-top-left",
    "fa-link": "list-checks",
    "fa-cogs": "settings",
    "fa-edit": "pencil",
    "fa-copy": "copy",
    "fa-trash": "trash-2",
}


_VERB = re.compile(r"^(List|Show) (?=[A-Z])")


def plainly(said: object) -> str:
    """A label of FAB's in our words and the page's language. For labels only, never for what people wrote."""
    english = _source(said)
    # Jinja's own _() would mark the result as safe HTML; this stays text. And gettext("") is the file's header.
    theirs = gettext(english) if english and isinstance(said, str) else str(said)
    if english not in PHRASES:
        return theirs
    ours = str(PHRASES[english])
    # Where ours is not translated (yet), FAB's translation is better than our English.
    return theirs if ours and ours == _source(PHRASES[english]) and theirs != english else ours


def titled(said: object) -> str:
    """The title of a page. FAB makes "List Book" and "Show Book" of a model's name; the verb says nothing."""
    return _VERB.sub("", plainly(said))


def _source(said: object) -> str:
    arguments = getattr(said, "_args", ()) if isinstance(said, LazyString) else ()
    return str(arguments[0]) if arguments else str(said)


def lucide(name: str | None, otherwise: str = "dot") -> str:
    """The Lucide icon meant by a name that may be Font Awesome's."""
    if not name:
        return otherwise
    return _ICONS.get(name, otherwise) if name.startswith("fa-") else name
