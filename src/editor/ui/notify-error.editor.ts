import { element } from './dom.editor';

/** Shows an error as a Node-RED notification; the message is never parsed as HTML. */
export function notifyError(message: string): void {
  RED.notify($(element('p', {}, message)), 'error');
}
