/** Creates elements without ever parsing a string as HTML: names from WeChat are untrusted. */

/** An attribute's value; false omits it, true writes it without a value. */
type Attribute = string | number | boolean;

function setAttributes(created: Element, attributes: Readonly<Record<string, Attribute>>): void {
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== false) created.setAttribute(attribute, value === true ? '' : String(value));
  }
}

/** Creates an HTML element; strings among the children become text. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const created = document.createElement(tag);
  setAttributes(created, attributes);
  created.append(...children);
  return created;
}

/** Creates an SVG element. */
export function svgElement<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>>,
  ...children: (Node | string)[]
): SVGElementTagNameMap[Tag] {
  const created = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(created, attributes);
  created.append(...children);
  return created;
}

/** A required element of the form. @throws Error when the form lacks it. */
export function formElement(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the form has no #${id}`);
  return found;
}

/** Shows or hides a row of a form. */
export function setVisible(id: string, isVisible: boolean): void {
  formElement(id).style.display = isVisible ? '' : 'none';
}
