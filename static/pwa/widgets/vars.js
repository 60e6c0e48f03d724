// Changing sizes and colours are custom properties set through CSSOM; style attributes are forbidden (decisions.md 14).

import { Directive, directive, PartType } from "lit-html/directive.js";

/** `setVars(el, {"--p": 40})`: sets custom properties; null takes one away. */
export function setVars(element, values) {
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined) element.style.removeProperty(name);
    else element.style.setProperty(name, String(value));
  }
  return element;
}

/** The same inside a template: html`<i ${vars({"--p": 40})}></i>`. */
export const vars = directive(class extends Directive {
  constructor(part) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("vars() stands in the tag itself");
  }

  render() {}

  update(part, [values]) {
    setVars(part.element, values);
  }
});
