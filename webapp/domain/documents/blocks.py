"""From a signed document to the blocks it is drawn from: phone, desk page and PDF all draw this one list.

The twin is static/pwa/lib/blocks.js; golden files and 500 made documents hold them together. Every block has a `kind`:

    title    text, sub[]                                    terms    title, text, id, version, sha256
    fields   title?, rows[{label, text, strong?, private?}] note     text, tone plain|look
    rows     title, rows[{text, answer, status, note?}],    totals   rows[{label, text, strong?}]
             fine?, unseen? {label, items[]}                photos   title, photos[{photo, sha256, text?}]
    lines    title, rows[{kind, text, detail, tags[], amount}]       signature_space  label, name
    marks    title, empty?, rows[{mark, symbol, text, size, region, x, y, photos, tone, result?, note?}]

`private` rows (plate, VIN, mobile) are left out where the customer's link shows the document (evidence.md D2). Words
are words.json in the language of the document: what was signed is never translated later.
"""

from typing import Any

from webapp.domain.documents.pen import Pen, amount, decimal, plate_shown, thousands

Doc = dict[str, Any]
Block = dict[str, Any]


def doc_to_blocks(doc: Doc) -> list[Block]:
    """The blocks of a sound document, in the order people read them."""
    pen = Pen(doc)
    body = {"pre_inspection": _pre_inspection, "work_order": _work_order, "refusal_statement": _refusal,
            "handover": _handover}[doc["kind"]](pen, doc)
    blocks = [*_title(pen, doc), *body, _terms(pen, doc), _store(pen, doc), _space(pen, doc)]
    return [block for block in blocks if block is not None]


def _title(pen: Pen, doc: Doc) -> list[Block]:
    blocks: list[Block] = [{"kind": "title", "text": pen.say(doc["kind"]),
                            "sub": [pen.say("revision", n=doc["revision"]), pen.moment(doc["prepared_at"])]}]
    if differs := doc.get("differs"):
        rows = [{"text": line, "answer": "", "status": "told"} for line in differs["lines"]]
        blocks.append(_rows(pen.say("differs", n=differs["revision"]), rows))
        blocks.append({"kind": "note", "tone": "plain", "text": pen.say("replaces", n=differs["revision"])})
    return blocks


def _pre_inspection(pen: Pen, doc: Doc) -> list[Block | None]:
    told = [(pen.say("arrived_at"), pen.moment(doc["arrived_at"])),
            (pen.say("customer_joined"), pen.say("joined." + doc["customer_joined"])),
            (pen.say("mode"), pen.say("mode." + doc["mode"]))]
    return [
        _people(pen, doc, told),
        _concerns(pen, doc),
        _marks(pen, doc, "marks", "no_marks"),
        *_zones(pen, doc),
        _skips(pen, doc),
        _belongings(pen, doc),
        _photos(pen, doc),
    ]


def _work_order(pen: Pen, doc: Doc) -> list[Block | None]:
    told = [(pen.say("promised_at"), pen.moment(doc["promised_at"]))] if "promised_at" in doc else []
    told += [(pen.say(c["choice"]), c["text"]) for c in doc["choices"]]
    if "repair_category" in doc:
        told.append((pen.say("repair_category"), doc["repair_category"]["text"]))
    if "warranty" in doc:
        warranty = pen.say("warranty_text", km=thousands(doc["warranty"]["km"]), days=doc["warranty"]["days"])
        told.append((pen.say("warranty"), warranty))
    return [
        _people(pen, doc, told),
        _concerns(pen, doc),
        _lines(pen, "lines", doc["lines"]),
        _totals(pen, doc),
        _declined(pen, doc["declined"]),
    ]


def _refusal(pen: Pen, doc: Doc) -> list[Block | None]:
    return [_people(pen, doc, []), _declined(pen, doc["declined"])]


def _handover(pen: Pen, doc: Doc) -> list[Block | None]:
    told = [(pen.say(key), doc[key]) for key in ("checked_by", "ready_note", "received_by", "old_parts") if key in doc]
    if "total_fen" in doc:
        told.append((pen.say("signed_total"), "¥" + amount(doc["total_fen"])))
    if service := doc.get("next_service"):
        parts = [f"{thousands(service['km'])} km"] if "km" in service else []
        told.append((pen.say("next_service"), f" {pen.say('or')} ".join([*parts, *([service["on"]] if "on" in service else [])])))
    return [
        _people(pen, doc, told),
        _lines(pen, "jobs_done", doc["jobs"]),
        _marks(pen, doc, "marks_handover", "no_marks_handover"),
        *_zones(pen, doc),
        _belongings(pen, doc),
        _declined(pen, doc["declined"]),
        _photos(pen, doc),
    ]


def _people(pen: Pen, doc: Doc, told: list[tuple[str, str]]) -> Block:
    customer, vehicle = doc["customer"], doc["vehicle"]
    rows: list[Doc] = [{"label": pen.say("customer"), "text": customer["name"]},
                       {"label": pen.say("mobile"), "text": customer["mobile"], "private": True}]
    if customer["sender"] != "owner" or "sender_name" in customer:
        who = [customer["sender_name"]] if "sender_name" in customer else []
        rows.append({"label": pen.say("sender"), "text": " · ".join([*who, pen.say("sender." + customer["sender"])])})
    rows.append({"label": pen.say("plate"), "text": plate_shown(vehicle["plate"]) or pen.say("unplated"), "private": True})
    car = [vehicle[key] for key in ("model", "colour") if key in vehicle] + [pen.say(vehicle["powertrain"])]
    rows.append({"label": pen.say("vehicle"), "text": " · ".join(car)})
    if "vin" in vehicle:
        rows.append({"label": pen.say("vin"), "text": vehicle["vin"], "private": True})
    if "odometer_km" in vehicle:
        rows.append({"label": pen.say("odometer"), "text": f"{thousands(vehicle['odometer_km'])} km"})
    if "energy" in vehicle:
        rows.append({"label": pen.say("energy"), "text": vehicle["energy"]})
    rows += [{"label": label, "text": text} for label, text in told]
    rows.append({"label": pen.say("prepared_by"), "text": doc["prepared_by"]["name"]})
    for row in rows:
        if row["label"] == pen.say("promised_at"):
            row["strong"] = True
    return {"kind": "fields", "rows": rows}


def _concerns(pen: Pen, doc: Doc) -> Block | None:
    rows = [{"text": text, "answer": "", "status": "told"} for text in doc["concerns"]]
    return _rows(pen.say("concerns"), rows) if rows else None


def _marks(pen: Pen, doc: Doc, title: str, empty: str) -> Block:
    block: Block = {"kind": "marks", "title": pen.say(title), "rows": [_mark(pen, mark) for mark in doc["marks"]]}
    return block if block["rows"] else block | {"empty": pen.say(empty)}


def _mark(pen: Pen, mark: Doc) -> Doc:
    row = {"mark": mark["mark"], "symbol": mark["symbol"], "text": f"{mark['region_text']} {mark['kind_text']}",
           "size": mark["size_text"], "region": mark["region"], "x": mark["x"], "y": mark["y"], "photos": mark["photos"],
           "tone": "look" if mark.get("known") == "worse" or mark.get("now") == "not_same" else "plain"}
    if "now" in mark:
        row["result"] = pen.say("now." + mark["now"])
    elif "known" in mark:
        row["result"] = pen.say("mark." + mark["known"])
    return row | {"note": mark["note"]} if "note" in mark else row


def _zones(pen: Pen, doc: Doc) -> list[Block]:
    """One block per zone, findings first; what was fine and what was not checked stands in a line each."""
    blocks: dict[str, Block] = {}
    for row in doc["rows"]:
        block = blocks.setdefault(row["zone"], _rows(row["zone"], []))
        if row["status"] == "ok" and "note" not in row:
            _name(block, "fine", pen.say("fine"), row["text"])
        elif row["status"] == "unseen":
            _name(block, "unseen", pen.say("unseen"), row["text"])
        else:
            block["rows"].append({key: row[key] for key in ("text", "answer", "status", "note") if key in row})
    return list(blocks.values())


def _name(block: Block, key: str, label: str, text: str) -> None:
    block.setdefault(key, {"label": label, "items": []})["items"].append(text)


def _skips(pen: Pen, doc: Doc) -> Block | None:
    rows = [{"text": skip["text"], "answer": skip["reason"], "status": "unseen"} for skip in doc["skips"]]
    return _rows(pen.say("skips"), rows) if rows else None


def _belongings(pen: Pen, doc: Doc) -> Block:
    rows = []
    for thing in doc["belongings"]:
        row = {"text": thing["text"], "answer": pen.say("kept" if thing["kept_in_car"] else "taken"), "status": "told"}
        if "returned" in thing:
            row |= {"answer": pen.say("returned" if thing["returned"] else "not_returned"),
                    "status": "ok" if thing["returned"] else "attention"}
        rows.append(row | {"note": thing["note"]} if "note" in thing else row)
    if not rows:
        return {"kind": "note", "tone": "plain", "text": pen.say("no_belongings")}
    return _rows(pen.say("belongings"), rows)


def _photos(pen: Pen, doc: Doc) -> Block | None:
    photos = doc["photos"]
    return {"kind": "photos", "title": pen.say("photos", n=len(photos)), "photos": photos} if photos else None


def _lines(pen: Pen, title: str, lines: list[Doc]) -> Block | None:
    return {"kind": "lines", "title": pen.say(title), "rows": [_line(pen, line) for line in lines]} if lines else None


def _line(pen: Pen, line: Doc) -> Doc:
    tags = [pen.say("safety")] if line.get("safety") else []
    tags += [pen.say("high_voltage")] if line.get("high_voltage") else []
    tags += [pen.say("class." + line["part_class"])] if "part_class" in line else []
    tags += [_pays(pen, line["payer"])] if line["payer"] != "customer" else []
    detail = ""
    if "hours_centi" in line:
        detail = pen.say("hours", n=decimal(line["hours_centi"], 2))
    elif "quantity_milli" in line:
        unit = " " + line["unit"] if "unit" in line else ""
        detail = f"{decimal(line['quantity_milli'], 3)}{unit} × {amount(line['price_fen'])}"
    return {"kind": line["kind"], "text": line["text"], "detail": detail, "tags": tags, "amount": amount(line["amount_fen"])}


def _totals(pen: Pen, doc: Doc) -> Block:
    sums = doc["totals"]
    rows: list[Doc] = [{"label": pen.say("labour"), "text": amount(sums["labour_fen"])},
                       {"label": pen.say("parts"), "text": amount(sums["parts_fen"])}]
    if sums["discount_fen"]:
        rows.append({"label": pen.say("discount"), "text": "-" + amount(sums["discount_fen"])})
        if "discount_reason" in doc:
            rows.append({"label": pen.say("discount_reason"), "text": doc["discount_reason"]})
    rows.append({"label": pen.say("total"), "text": "¥" + amount(sums["total_fen"]), "strong": True})
    if [p["payer"] for p in sums["payers"]] not in ([], ["customer"]):
        rows += [{"label": _pays(pen, p["payer"]), "text": amount(p["amount_fen"])} for p in sums["payers"]]
    if "ceiling_fen" in doc:
        rows.append({"label": pen.say("ceiling"), "text": amount(doc["ceiling_fen"])})
    return {"kind": "totals", "rows": rows}


def _declined(pen: Pen, declined: list[Doc]) -> Block | None:
    rows = [_not_done(pen, item) for item in declined]
    return _rows(pen.say("declined"), rows) if rows else None


def _not_done(pen: Pen, item: Doc) -> Doc:
    row = {"text": item["text"], "answer": pen.say("reason", text=item["reason"]), "status": "told"}
    return row | {"status": "attention", "note": pen.say("declined_safety")} if item["safety"] else row


def _terms(pen: Pen, doc: Doc) -> Block:
    legal = doc["legal"]
    return {"kind": "terms", "title": pen.say("terms"), "text": legal["text"], "id": legal["id"], "version": legal["version"],
            "sha256": legal["sha256"]}


def _store(pen: Pen, doc: Doc) -> Block:
    store = doc["store"]
    keys = ("address", "service_phone", "rescue_phone", "complaint_phone", "uscc", "filing_no")
    rows = [{"label": pen.say("store"), "text": store["name"]}]
    return {"kind": "fields", "rows": rows + [{"label": pen.say(key), "text": store[key]} for key in keys if key in store]}


def _space(pen: Pen, doc: Doc) -> Block:
    return {"kind": "signature_space", "label": pen.say("sign_customer"),
            "name": doc["customer"].get("sender_name", doc["customer"]["name"])}


def _rows(title: str, rows: list[Doc]) -> Block:
    return {"kind": "rows", "title": title, "rows": rows}


def _pays(pen: Pen, payer: str) -> str:
    return pen.say("pays", payer=pen.say("payer." + payer))
