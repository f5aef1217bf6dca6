import { element } from './dom.editor';

/** Tells in Node-RED's own way what went wrong; the sentence is text, whatever is in it. */
export function report(sentence: string): void {
  RED.notify($(element('p', {}, sentence)), 'error');
}
