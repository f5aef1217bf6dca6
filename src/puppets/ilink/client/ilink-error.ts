/** An answer of iLink that says no. */
export class IlinkError extends Error {
  /** iLink's code: -14 dead token, -2 refused, -4 nothing received yet. */
  readonly ret: number;

  constructor(endpoint: string, ret: number, errmsg: string) {
    super(`${endpoint}: code ${ret}${errmsg ? `, ${errmsg.slice(0, 200)}` : ''}`);
    this.ret = ret;
  }

  /** Whether the token is dead: scanned elsewhere, or too old. */
  get isStale(): boolean {
    return this.ret === -14;
  }

  /** Whether a send was refused for its quota, its window, its pace or an argument; iLink does not say which. */
  get isRefusal(): boolean {
    return this.ret === -2;
  }
}
