/**
 * Copies a text to the clipboard, also on pages without HTTPS, where `navigator.clipboard` is not available.
 * @param confirmation shown in a popover beside the button afterwards
 */
export function copyText(text: string, button: HTMLElement, confirmation: string): void {
  RED.clipboard.copyText(text, $(button), confirmation);
}
