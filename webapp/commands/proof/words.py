"""What was found, in two sentences: Chinese, and English for whoever reads it elsewhere. One per kind; facts are filled in.

They are printed together, whatever the language of the machine: a report goes to a customer, an insurer or a court.
"""

from typing import Any

from webapp.commands.proof.report import Finding, Word

VERDICTS = {
    Word.OK: ("OK 完好", "everything holds"),
    Word.TAMPERED: ("TAMPERED 已被改动", "something was changed"),
    Word.INCOMPLETE: ("INCOMPLETE 不完整", "sealed while photos were missing, and no later file was given"),
    Word.UNKNOWN_KEY: ("UNKNOWN-KEY 不认识签章的人", "it holds together, but the root is not one that is known here"),
    Word.REDACTED: ("REDACTED 个人信息已依规删除", "it holds, and personal data was lawfully erased"),
}

SENTENCES = {
    "file.unknown": ("这不是封存的 PDF、证据包或导出的压缩包", "neither a sealed PDF, a bundle nor an exported archive"),
    "file.sum": ("压缩包里的 %(file)s 与清单里的校验码不符", "%(file)s in the archive differs from its checksum"),
    "file.missing": ("压缩包里缺少清单中的 %(file)s", "%(file)s is listed, but not in the archive"),
    "file.extra": ("压缩包里多出清单没有的 %(file)s", "%(file)s is in the archive, but not listed"),
    "file.photo": ("压缩包里的照片 %(photo)s 与单据里的校验码不符", "photo %(photo)s differs from the hash in the signed paper"),
    "pdf.unreadable": ("PDF 已损坏，读不出来", "the PDF cannot be read"),
    "pdf.signatures": ("PDF 里的签章不是恰好一个", "the PDF has not exactly one signature"),
    "pdf.padding": ("PDF 签章后面的空位被改过", "the room behind the signature was changed"),
    "pdf.coverage": ("签章没有盖住整个文件，封存后又加了内容", "the signature does not cover the whole file: "
    "something was added later"),
    "pdf.docmdp": ("签章没有禁止改动", "the signature does not forbid changes"),
    "pdf.changed": ("PDF 的内容在封存后被改过", "the file's content was changed after it was sealed"),
    "pdf.signature": ("PDF 的签章无效", "the seal is not valid"),
    "pdf.attachment": ("PDF 里没有证据包，或不止一个附件", "the PDF has no bundle, or more than one attachment"),
    "seal.unknown": ("PDF 的签章不是由已知的根证书担保的，纸面内容无法证明出自本店",
                     "the seal is vouched for by no root that is known here: the drawn page proves nothing"),
    "root.unknown": ("根证书不认识（指纹 %(root)s）；请用 --root 写上门店公布的指纹",
                     "unknown root (fingerprint %(root)s); give the one that the store publishes with --root"),
    "bundle.unreadable": ("证据包读不出来", "the bundle cannot be read"),
    "bundle.not_canonical": ("证据包不是规定的写法，被重新写过", "the bundle is not in its canonical form: it was written anew"),
    "bundle.shape": ("证据包缺少字段或字段不对（%(why)s）", "the bundle has wrong or missing fields (%(why)s)"),
    "keys.bad": ("证据包里的证书读不出来，或账本签名证书不是由根证书签发的",
                 "a certificate in the bundle cannot be read, or the head's was not issued by the root"),
    "document.hash": ("单据正文与签字时的校验码不符", "the document differs from the hash that was signed"),
    "document.unreadable": ("单据正文读不出来", "the document cannot be read"),
    "document.other": ("单据正文说的是另一份单据", "the document names another document, visit or store"),
    "document.legal": ("单据里的约定与签字时同意的不符", "the terms are not those that were agreed to"),
    "device.key": ("手机 %(device)s 的公钥与它的编号不符", "the key of phone %(device)s does not match its short name"),
    "acts.count": ("操作与账本条目的数目不一致", "acts and entries differ in number"),
    "act.other": ("账本条目说的是另一条操作", "the entry is about another act"),
    "act.erased": ("这条操作的内容已依规删除，校验码还在", "the act's words were lawfully erased; its hash stays"),
    "act.hash": ("操作内容与账本里的校验码不符", "the act differs from its hash in the ledger"),
    "act.sig": ("操作的签名与账本里的不同", "the act's signature is another than the ledger's"),
    "act.unknown_key": ("账本说由某部手机签名，证据包里没有那把公钥", "the ledger names a key that is not in the bundle"),
    "act.signature": ("手机签名无效", "the phone's signature is INVALID"),
    "signing.differs": ("最后一条操作不是这份单据的这次签字", "the last act is not this signing of this document"),
    "entry.hash": ("账本条目与它的校验码不符", "the entry differs from its hash"),
    "entry.link": ("账本条目没有接在前一条后面，或属于另一次来店", "the entry does not follow the one before, or is "
    "of another visit"),
    "head.place": ("签名的账本节点不是最后一条", "the signed head is not that of the last entry"),
    "head.signature": ("账本节点的签名无效", "the head's signature is not valid"),
    "photos.differ": ("证据包列出的照片与单据里的不同", "the listed photos are not those of the document"),
    "photo.missing": ("照片 %(photo)s 封存时还没有传到", "photo %(photo)s was missing at sealing"),
    "held.inconsistent": ("有人保存的账本节点（第 %(index)s 条 %(hash)s）与这份文件里的账本不一致：账本被改写过",
                          "a head kept by somebody (index %(index)s, %(hash)s) contradicts this ledger: history was rewritten"),
    "held.foreign": ("给出的账本节点（第 %(index)s 条）不是这家店签的，不能说明什么",
                     "a given head (index %(index)s) was not signed by this house and says nothing"),
    "held.elsewhere": ("给出的账本节点（第 %(index)s 条）不在这份文件里，要用数据库才能比对",
                       "a given head (index %(index)s) lies outside this file; a database is needed to compare it"),
    "held.agree": ("给出的账本节点（第 %(index)s 条）一致", "a given head (index %(index)s) agrees"),
    "ledger.no_document": ("本店的数据库里没有这份单据", "the store's database does not know this document"),
    "ledger.rewritten": ("数据库账本第 %(index)s 条的 %(field)s 与封存的不同：封存文件“%(sealed)s”，数据库“%(found)s”",
                         "ledger entry %(index)s, %(field)s: sealed “%(sealed)s”, database “%(found)s”"),
    "ledger.field": ("改动：%(field)s　封存文件“%(sealed)s”　数据库“%(found)s”",
                     "changed: %(field)s  sealed “%(sealed)s”  database “%(found)s”"),
    "ledger.no_entry": ("数据库账本里没有第 %(index)s 条", "entry %(index)s is missing in the database"),
    "ledger.other_file": ("账本里没有这个文件的校验码 %(sha256)s：文件封存后被改过，或不是本店的那一份",
                          "the ledger has no file of this SHA-256 (%(sha256)s): it was changed after sealing, or is not ours"),
    "ledger.file": ("整个文件的校验码与账本第 %(index)s 条一致", "the SHA-256 of the whole file is that of "
    "ledger entry %(index)s"),
    "ledger.erased": ("这次来店的个人信息已从数据库依规删除，只比对了账本和校验码",
                      "this visit's personal data was erased from the database; hashes only were compared"),
    "ledger.taken_back": ("这份文件来自恢复备份以前的账本，恢复时退掉了第 %(index)s 条起的内容",
                          "this file is from before a backup was restored; entries from %(index)s were taken back"),
    "ledger.none": ("没有数据库可以比对：只核对了文件本身", "no database of this store at hand: only the file "
    "itself was checked"),
    "ledger.witnesses": ("账本在第 %(index)s 条及以后还由 %(phones)s 部手机保存着同样的节点",
                         "%(phones)s phones hold agreeing heads at or after entry %(index)s"),
    "row.field": ("%(table)s 表里 %(row)s 的 %(field)s 与当时的操作不符",
                  "table %(table)s, row %(row)s: %(field)s is not what the act says"),
    "row.loose": ("%(table)s 表里的 %(row)s 没有任何操作说过", "table %(table)s, row %(row)s: no act made it"),
    "row.missing": ("%(table)s 表里缺少 %(row)s", "table %(table)s: row %(row)s is missing"),
    "chain.entry.missing": ("账本缺了一条或多了一条，编号不连续",
                            "the ledger's numbers are not in order: an entry is missing or too many"),
    "chain.entry.store_link": ("账本条目没有接在本店前一条后面", "the entry does not follow the store's one before"),
    "chain.entry.visit_link": ("账本条目没有接在这次来店的前一条后面", "the entry does not follow the visit's one before"),
    "chain.entry.hash": ("账本条目与它的校验码不符", "the entry differs from its hash"),
    "chain.act.missing": ("账本条目旁边没有操作原文", "the entry has no act beside it"),
    "chain.act.differs": ("操作的列与账本不符（%(what)s）", "the act's columns differ from its entry (%(what)s)"),
    "chain.act.gone": ("操作内容没了，却没有删除记录（%(what)s）", "the act's words are gone without an erasure (%(what)s)"),
    "chain.act.hash": ("操作内容与账本里的校验码不符（%(what)s）", "the act differs from its hash in the ledger (%(what)s)"),
    "chain.act.loose": ("多出一条账本没有的操作（%(what)s）", "an act that no entry stands for (%(what)s)"),
    "chain.head.differs": ("账本末尾与记下的不符：最后几条被删去或加上", "the ledger does not end where the counter says"),
    "chain.document.loose": ("单据 %(what)s 没有签字的操作", "document %(what)s: no act signed it"),
    "chain.document.differs": ("单据 %(what)s 与签字时的不符", "document %(what)s differs from what was signed"),
    "chain.document.missing": ("单据 %(what)s 不见了", "document %(what)s is missing"),
    "chain.photo.loose": ("照片 %(what)s 没有拍照的操作", "photo %(what)s: no act announced it"),
    "chain.photo.differs": ("照片 %(what)s 与拍照时的不符", "photo %(what)s differs from what was announced"),
    "chain.photo.missing": ("照片 %(what)s 不见了", "photo %(what)s is missing"),
    "chain.redacted": ("%(n)s 条操作的内容已依规删除，校验码还在", "%(n)s acts were lawfully erased; their hashes stay"),
    "photo.gone": ("照片 %(photo)s 的文件不见了", "the file of photo %(photo)s is gone"),
    "photo.bytes": ("照片 %(photo)s 的文件被换过或改过", "the file of photo %(photo)s was changed"),
    "paper.gone": ("单据 %(document)s 封存的 PDF 不见了", "the sealed PDF of document %(document)s is gone"),
    "paper.bytes": ("单据 %(document)s 封存的 PDF 被改过", "the sealed PDF of document %(document)s was changed"),
    "held.differs": ("手机 %(phone)s 保存的账本节点（%(hash)s）与现在的账本不一致：账本被改写过",
                     "phone %(phone)s holds a head (%(hash)s) that contradicts this ledger: history was rewritten"),
    "audit.seen": ("核对了 %(entries)s 条账本", "%(entries)s ledger entries were checked"),
    "audit.phones": ("%(phones)s 部手机交回过 %(heads)s 个账本节点", "%(phones)s phones handed in %(heads)s heads"),
    "seal.stamped": ("签章带有时间戳，本页没有核对它", "the seal carries a time stamp, which was not checked here"),
    "bundle.alone": ("证据包没有签章：店名、照片是否到齐、时间戳和前一份文件的说法只在 PDF 里受保护",
                     "a bundle alone is not sealed: store name, photo state, time stamp and earlier file are "
                     "protected in the PDF only"),
}


def verdict(word: Word) -> tuple[str, str]:
    return VERDICTS[word]


def sentences(finding: Finding) -> tuple[str, str]:
    """Chinese and English."""
    facts = {name: _short(value) for name, value in finding.facts.items()}
    chinese, english = SENTENCES[finding.kind]
    return chinese % facts, english % facts


def place(facts: dict[str, Any]) -> str:
    """Where it is, as far as it is known."""
    told = []
    if facts.get("store"):
        told.append(f"门店 {facts['store']}")
    if facts.get("visit"):
        told.append(f"来店 {facts['visit']}")
    if facts.get("index") is not None:
        told.append(f"账本第 {facts['index']} 条" + (f"（{facts['command']}）" if facts.get("command") else ""))
    return " ".join(told)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 120 else text[:117] + "…"
