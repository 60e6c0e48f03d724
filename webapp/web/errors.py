"""Pages for what did not work: what happened, and what to do next. The API has its own (webapp/api/wire.py)."""

from typing import Any

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from webapp.adapters.images import NotLooked
from webapp.foundation.db import is_damage, is_disk_full
from webapp.foundation.refusal import N_, Refusal
from webapp.web.responses import page

log = structlog.get_logger()
TITLES = {
    400: N_("这个请求不完整"),
    401: N_("请先登录"),
    403: N_("这里不能进"),
    404: N_("没有这一页"),
    405: N_("这一页不能这样用"),
    413: N_("内容太大"),
    429: N_("太频繁了"),
    500: N_("服务器出了差错"),
    503: N_("服务器正忙"),
    507: N_("服务器的硬盘满了"),
}
SENTENCES = {
    400: N_("请回到上一页刷新后再做一次，没有任何改动。"),
    401: N_("登录后再打开这一页。"),
    403: N_("您的岗位不能看这一页，需要时请找服务经理。"),
    404: N_("地址可能抄错了，或这辆车不在本店。请回到今天的车里查找。"),
    405: N_("请回到上一页，用页面上的按钮再做一次。"),
    413: N_("请把内容分成几次，或换一张小一点的照片。"),
    429: N_("请过几分钟再试。"),
    500: N_("没有保存任何改动。请过一会儿再试，仍不行请告诉店里的管理员。"),
    503: N_("没有保存任何改动。请过几秒再试一次。"),
    507: N_("没有保存任何改动。请通知店里的管理员腾出空间，之后再试。"),
}


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, _web)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(NotLooked, lambda _fault: sorry(503, N_("照片暂时打不开，请过一会儿再看。")))
    app.register_error_handler(Exception, _fault)


def sorry(status: int, sentence: str | None = None, **facts: Any) -> Response:
    """The page for this status; never names what is inside the house."""
    known = status if status in TITLES else 500 if status >= 500 else 400
    return page("errors/show.html", status, title=TITLES[known], sentence=sentence or SENTENCES[known], facts=facts,
                signed_in=g.get("desk_user") is not None)


def _web(fault: HTTPException) -> Any:
    if isinstance(fault.description, Refusal):
        return sorry(fault.code or 400, fault.description.text, **fault.description.facts)
    if fault.code and 300 <= fault.code < 400:
        return fault
    response = sorry(fault.code or 500)
    if valid := getattr(fault, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(valid))
    return response


def _refused(no: Refusal) -> Response:
    return sorry(403, no.text, **no.facts)


def _database(fault: Exception) -> Response:
    log.error("web.database", kind=type(fault).__name__, what=str(getattr(fault, "orig", "")).partition("\n")[0][:200])
    if is_damage(fault):
        return sorry(503, N_("服务器的数据坏了，现在只能看、不能改，没有保存任何改动。请通知店里的管理员恢复备份。"))
    full = is_disk_full(fault)
    response = sorry(507 if full else 503)
    response.headers["Retry-After"] = "120" if full else "5"
    return response


def _fault(fault: Exception) -> Response:
    log.error("web.fault", path=request.path if not request.path.startswith("/s/") else "/s/", kind=type(fault).__name__,
              exc_info=fault)
    return sorry(500)
