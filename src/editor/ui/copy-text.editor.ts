/**
 * Puts a text into the clipboard, also where the page is not served by HTTPS and the browser's own way is closed.
 * @param told what a small bubble beside the button says then
 */
export function copyText(text: string, button: HTMLElement, told: string): void {
  // The types ask for an element; the popover, which the target is for, takes nothing but jQuery.
  RED.clipboard.copyText(text, $(button) as unknown as HTMLElement, told);
}
