// How this phone likes to look: theme, large type, language. Trifles, so they live in localStorage; a phone that
// refuses it (private mode) simply follows the system.

const KEY = "cw-look";
const PLAIN = { theme: "system", elder: false, locale: "zh-CN" };

/** {theme: system|light|dark, elder: bool, locale: zh-CN|en} */
export function look() {
  try {
    return { ...PLAIN, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...PLAIN };
  }
}

/** Changes part of it and shows it at once. */
export function setLook(changes) {
  const next = { ...look(), ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // the choice then lasts until the page is closed
  }
  applyLook(next);
  return next;
}

export function applyLook({ theme, elder, locale } = look()) {
  const root = document.documentElement;
  root.lang = locale;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  root.toggleAttribute("data-elder", elder);
}
