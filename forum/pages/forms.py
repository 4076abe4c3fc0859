"""Forms as browsers send them. What makes a value good is for the rooms to say; here it is only read."""

from __future__ import annotations

from datetime import UTC, datetime

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from forum.foundation.errors import Refused
from forum.moderation import rules
from forum.posts.models import CHECKED, CLOSED, OPEN
from forum.text import language


class PageForm(FlaskForm):
    """A form whose token web/security has checked already, under one name for all doors."""

    class Meta:
        csrf = False

    def refuse(self, refusal: Refused) -> None:
        """Show a room's refusal at the field it concerns, or above the form."""
        name = refusal.field if refusal.field in self._fields else None
        if name is None:
            self.form_errors.append(refusal.sentence)
        else:
            field = self._fields[name]
            field.errors = [*field.errors, refusal.sentence]

    @property
    def has_problems(self) -> bool:
        return bool(self.errors)


def _needed(sentence: str) -> list:
    return [InputRequired(sentence)]


class JoinForm(PageForm):
    name = StringField(lazy_gettext("Your name"))
    username = StringField(lazy_gettext("Username"))
    email = EmailField(lazy_gettext("E-mail address"))
    password = PasswordField(lazy_gettext("Password"))
    kept = HiddenField()


class SignInForm(PageForm):
    email = EmailField(lazy_gettext("E-mail address"), _needed(lazy_gettext("Enter your e-mail address")))
    password = PasswordField(lazy_gettext("Password"), _needed(lazy_gettext("Enter your password")))
    keep = BooleanField(lazy_gettext("Keep me signed in on this device"))
    kept = HiddenField()
    next = HiddenField()


class CodeForm(PageForm):
    code = StringField(lazy_gettext("6-digit code"), _needed(lazy_gettext("Enter the code from the e-mail")))


class ForgotForm(PageForm):
    email = EmailField(lazy_gettext("E-mail address"), _needed(lazy_gettext("Enter your e-mail address")))


class ResetForm(PageForm):
    password = PasswordField(lazy_gettext("New password"), _needed(lazy_gettext("Enter a new password")))


class PasswordForm(PageForm):
    current = PasswordField(lazy_gettext("Present password"), _needed(lazy_gettext("Enter your present password")))
    password = PasswordField(lazy_gettext("New password"), _needed(lazy_gettext("Enter a new password")))


class FlagForm(PageForm):
    reason = RadioField(lazy_gettext("What is wrong with it?"), validate_choice=False)
    details = TextAreaField(lazy_gettext("In your words"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = list(rules.reasons().items())


class ReportForm(PageForm):
    law = StringField(lazy_gettext("Which law does it break, in your view?"))
    words = TextAreaField(lazy_gettext("Why is it illegal?"))
    name = StringField(lazy_gettext("Your name"))
    email = EmailField(lazy_gettext("Your e-mail address"))
    good_faith = BooleanField(lazy_gettext("I believe in good faith that what I report is true and complete."))


class RemoveForm(PageForm):
    reason = SelectField(
        lazy_gettext("Reason (the writer sees it)"), validate_choice=False, render_kw={"required": True}
    )
    message = TextAreaField(lazy_gettext("Message to the writer"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [("", lazy_gettext("Choose a reason")), *rules.reasons().items()]


class ProfileForm(PageForm):
    name = StringField(lazy_gettext("Your name"))
    role = StringField(lazy_gettext("Role"))
    organisation = StringField(lazy_gettext("Organisation"))
    bio = TextAreaField(lazy_gettext("About you"))


class ReadingForm(PageForm):
    uses_keys = BooleanField(lazy_gettext("One-letter keys"))
    order = RadioField(lazy_gettext("Order of the comments"), validate_choice=False)
    theme = RadioField(lazy_gettext("Light or dark"), validate_choice=False)


class QueueMailForm(PageForm):
    queue_mail = RadioField(lazy_gettext("Letters about the queue"), validate_choice=False)


class AvatarForm(PageForm):
    picture = FileField(lazy_gettext("Your picture"))


class AuthorLineForm(Form):
    name = StringField(lazy_gettext("Name"))
    role = StringField(lazy_gettext("Role"))
    organisation = StringField(lazy_gettext("Organisation"))


class PostForm(PageForm):
    title = StringField(lazy_gettext("Title"))
    slug = StringField(lazy_gettext("Address"))
    standfirst = TextAreaField(lazy_gettext("Standfirst"))
    body = TextAreaField(lazy_gettext("Text"))
    question = TextAreaField(lazy_gettext("Closing question"))
    lang = SelectField(lazy_gettext("Language"), choices=list(language.LANGUAGES.items()))
    series = StringField(lazy_gettext("Name of the series"))
    part = IntegerField(lazy_gettext("Part"), [Optional()])
    total = IntegerField(lazy_gettext("Parts planned"), [Optional()])
    tags = StringField(lazy_gettext("Tags"))
    policy = SelectField(
        lazy_gettext("Who may write below it"),
        choices=[
            (OPEN, lazy_gettext("Open: members write at once")),
            (CHECKED, lazy_gettext("Checked first: a moderator reads each comment before others do")),
            (CLOSED, lazy_gettext("Closed: everybody reads, nobody writes")),
        ],
    )
    authors_moderate = BooleanField(lazy_gettext("Its authors may decide on comments that wait below it"))
    closes_at = DateTimeLocalField(lazy_gettext("Closes at (UTC)"), [Optional()], format=["%Y-%m-%dT%H:%M"])
    state = SelectField(
        lazy_gettext("State"),
        choices=[("draft", lazy_gettext("Draft: readers do not see it")), ("published", lazy_gettext("Published"))],
    )
    authors = FieldList(FormField(AuthorLineForm), min_entries=1, max_entries=12)
    version = HiddenField()

    def tag_names(self) -> list[str]:
        return [name for name in (self.tags.data or "").split(",") if name.strip()]

    def closing_time(self) -> datetime | None:
        return self.closes_at.data.replace(tzinfo=UTC) if self.closes_at.data else None


def number(text: str | None) -> int:
    """A whole number from a hidden field; 0 for anything else, which matches no version."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def choose(options: list[tuple[str, str]], current: str, everything: str) -> list[tuple[str, str, bool]]:
    """Options of a filter, with the one for no filter first."""
    return [("", everything, not current), *((value, label, value == current) for value, label in options)]
