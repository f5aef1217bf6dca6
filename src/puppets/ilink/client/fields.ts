/** Reads fields of untrusted JSON. */
import { isObject } from '../../../util/is-object';
import type { WireObject } from './wire-types';

/** A text; empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** An object; empty for anything else. */
export function objectOf(value: unknown): WireObject {
  return isObject(value) ? value : {};
}

/** The objects in a list. */
export function objectsOf(value: unknown): WireObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** An id, which is a number as long as it is short; empty when there is none. */
export function idOf(value: unknown): string {
  if (typeof value === 'number' && value !== 0) return String(value);
  return value === '0' ? '' : textOf(value);
}

/** A number, also one written as text; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
