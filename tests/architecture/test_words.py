"""Every sentence people see can be said in both languages, and pages keep to the content policy."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u3400-\u9fff]")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted([*(ROOT / "static/pwa").rglob("*.js"), *(ROOT / "static/desk").rglob("*.js")])
STYLES = sorted([*(ROOT / "static/pwa").rglob("*.css"), *(ROOT / "static/desk").rglob("*.css")])
# Signs that are not words: the letters of number plates, and the name by which a language calls itself.
SIGNS = re.compile("[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼警学挂领港澳使]")
SIGN_FILES = {"plate.js", "plate_keyboard.js"}
OWN_NAME = re.compile("""lang="zh-CN">中文<|"中文"|\\[一-鿿\\]""")
# The lane's shell is kept by phones by its hash, so it is the same for everybody; its few words stand until the app speaks.
SAME_FOR_ALL = {"templates/lane/shell.html"}
# The rescue page stands alone, without the words' table: it says everything in both languages at once.
SAYS_BOTH = {"static/pwa/rescue.js"}
AGAINST_POLICY = re.compile(
    r"(?<![\w-])style=|data:(?=image|text|application)|\|\s*safe\b|\bMarkup\(|(?<=\s)on[a-z]+=(?=[\"'])"
    r"|unsafeHTML|\.innerHTML\b|\beval\(|new Function\(")


def _extractor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("extract", ROOT / "bin/extract.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


extract = _extractor()


def test_every_sentence_has_english() -> None:
    assert extract.untranslated(extract.merged()) == []


def test_a_sentence_without_english_would_be_noticed() -> None:
    catalogue = extract.merged()
    catalogue.add("这一句还没有英文")
    catalogue.add("还差 %(n)s 项", "Some are missing")

    assert extract.untranslated(catalogue) == ["这一句还没有英文", "还差 %(n)s 项"]


def test_the_file_is_what_the_sources_say() -> None:
    """Nothing said no more, nothing new left out: `python bin/extract.py` was run."""
    with extract.ENGLISH.open("rb") as file:
        kept = {message.id for message in extract.read_po(file, locale="en") if message.id}

    assert kept == {message.id for message in extract.gather() if message.id}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_templates_say_nothing_untranslated(path: Path) -> None:
    if path.relative_to(ROOT).as_posix() not in SAME_FOR_ALL:
        assert bare_in_template(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_phone_code_says_nothing_untranslated(path: Path) -> None:
    if path.relative_to(ROOT).as_posix() not in SAYS_BOTH:
        assert bare_in_script(path.read_text(encoding="utf-8"), signs=path.name in SIGN_FILES) == []


@pytest.mark.parametrize("path", [*TEMPLATES, *SCRIPTS, *STYLES], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_content_policy_is_kept(path: Path) -> None:
    assert against_policy(path.read_text(encoding="utf-8")) == []


def test_these_looks_do_bite() -> None:
    assert bare_in_template("<p>{{ _('好') }}</p>{# 说明 #}\n<p>坏</p>") == ["<p>坏</p>"]
    assert bare_in_script('// 说明\nconst a = t("好"); const b = "坏";') == ['const b = "坏";']
    assert bare_in_script('const P = "京津沪";', signs=True) == []
    assert against_policy('<p style="color:red"><img src="data:image/png;base64,AA">{{ x|safe }}<a onclick="f()">') == [
        "style=", "data:", "|safe", "onclick="]


def bare_in_template(text: str) -> list[str]:
    """Lines with Chinese outside expressions and comments, or in an expression but outside _()."""
    text = re.sub(r"\{#.*?#\}|<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"""\b(?:_|gettext|ngettext)\(\s*(?:"[^"]*"|'[^']*')""", "", text)
    text = OWN_NAME.sub("", text)
    text = re.sub(r"\{%-?\s*trans.*?endtrans\s*-?%\}", "", text, flags=re.S)
    return [line.strip() for line in text.splitlines() if CHINESE.search(line)]


def bare_in_script(text: str, *, signs: bool = False) -> list[str]:
    """Statements with Chinese that is neither in t() nor in a comment."""
    text = extract.JS_CALL.sub("", text)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"(?<![:\"'`\w])//.*", "", text)
    text = OWN_NAME.sub("", text)
    if signs:
        text = SIGNS.sub("", text)
    return [part.strip() for line in text.splitlines() if CHINESE.search(line) for part in re.split(r"(?<=;)", line)
            if CHINESE.search(part)]


def against_policy(text: str) -> list[str]:
    """Style attributes, data: pictures, trusted output, inline handlers, code made of text."""
    text = re.sub(r"\{#.*?#\}|/\*.*?\*/|<!--.*?-->|(?<![:\"'`\w])//[^\n]*", "", text, flags=re.S)
    return [" ".join(each.split()) for each in AGAINST_POLICY.findall(text)]
