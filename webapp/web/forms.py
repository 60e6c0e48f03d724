"""Forms of the desk (Flask-WTF): they read, the command checks. Labels are Chinese sentences, translated when shown."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.commands.permission import ROLES
from webapp.commands.sign_in import LONGEST
from webapp.foundation.ids import is_id, new_id
from webapp.web.csrf import SessionCSRF

L_ = lazy_gettext
NEEDED = InputRequired(L_("请填写"))
ROLE_CHOICES = [SelectChoice(role, L_(name)) for role, name in ROLES.items()]


class DeskForm(FlaskForm):  # type: ignore[misc]
    """A form of ours: its token is the session's (csrf.py)."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = True
        csrf_class = SessionCSRF
        csrf_context = None


class ActForm(DeskForm):
    """A form that becomes an act: the act's id is made with it, so that a double click is a duplicate."""

    act = HiddenField(default=new_id, validators=[Regexp(r"^[0-9a-f-]{36}$", message=L_("这个页面不完整，请刷新后再做一次"))])
    base = HiddenField()

    def act_id(self) -> str:
        return self.act.data if is_id(self.act.data) else new_id()

    def base_no(self) -> int | None:
        return int(self.base.data) if (self.base.data or "").isdecimal() and len(self.base.data) < 16 else None

    def fresh(self) -> None:
        """A refused form goes out again as a new act."""
        self.act.data = new_id()

    def args(self) -> dict[str, Any]:
        """What was filled in, without what was left empty."""
        own = {name: field.data for name, field in self._fields.items() if name not in ("csrf_token", "act", "base")}
        return {name: value for name, value in own.items() if value not in (None, "")}


class SignInForm(DeskForm):
    store = StringField(L_("门店"), [NEEDED, Length(max=20)])
    login = StringField(L_("工号"), [NEEDED, Length(max=20)])
    password = PasswordField(L_("密码"), [NEEDED, Length(max=LONGEST)])
    back = HiddenField()


class PasswordForm(DeskForm):
    old = PasswordField(L_("现在的密码"), [NEEDED, Length(max=LONGEST)])
    new = PasswordField(L_("新密码"), [NEEDED, Length(min=10, max=LONGEST, message=L_("新密码至少 10 位"))])
    again = PasswordField(L_("再写一遍新密码"), [NEEDED])


class RolesField(SelectMultipleField):  # type: ignore[misc]
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PersonForm(ActForm):
    """Adding a member of staff."""

    staff = StringField(L_("工号"), [NEEDED, Regexp(r"^[A-Za-z0-9]{2,20}$", message=L_("工号用 2 到 20 位字母或数字"))])
    name = StringField(L_("姓名"), [NEEDED, Length(max=40)])
    phone = StringField(L_("电话"), [Length(max=20)])
    roles = RolesField(L_("岗位"), [InputRequired(L_("请至少选一个岗位"))], choices=ROLE_CHOICES)


class RolesForm(ActForm):
    name = StringField(L_("姓名"), [NEEDED, Length(max=40)])
    roles = RolesField(L_("岗位"), [InputRequired(L_("请至少选一个岗位"))], choices=ROLE_CHOICES)


class ReasonForm(ActForm):
    reason = StringField(L_("原因"), [NEEDED, Length(max=300)])


class ConfirmForm(ActForm):
    """Nothing to fill in: the button is the act."""
