/** Makes elements without ever reading a string as HTML: names from WeChat are written by strangers. */

/** An attribute's value; false leaves it out, true writes it without a value. */
type Attribute = string | number | boolean;

function setAttributes(made: Element, attributes: Readonly<Record<string, Attribute>>): void {
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(attribute, value === true ? '' : String(value));
  }
}

/** An HTML element; strings among the children become text. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/** An element of an SVG picture. */
export function drawing<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>>,
  ...children: (Node | string)[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/** The element a form must have. @throws Error when the form lacks it. */
export function formElement(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the form has no #${id}`);
  return found;
}

/** Shows or hides a row of a form. */
export function setShown(id: string, shown: boolean): void {
  formElement(id).style.display = shown ? '' : 'none';
}
