/** The people who have joined a bot by scanning its QR code: names, what may be sent to each, and invitations. */
import type { PersonSummary } from '../../admin/api-types';
import { canControlBots, createInvitation, fetchPeople, setPersonAlias } from '../api/admin-client.editor';
import { element } from '../ui/dom.editor';
import { createQrCode } from '../ui/qr-code.editor';
import { countdown } from '../ui/time-format.editor';
import type { Translate } from '../ui/translate.editor';

/** How often the list is read while it is open, in ms. */
const refreshMs = 3000;

/** The puppets that people join. */
export const joinablePuppets: readonly string[] = ['ilink'];

const hourMs = 3_600_000;

/** The time until a moment of the server's clock, in ms. */
function msUntil(at: number): number {
  // eslint-disable-next-line no-restricted-syntax -- both are times of day
  return at - Date.now();
}

/** Creates the section; it reads nothing while it is closed. */
export function createPeople(bot: string, translate: Translate): HTMLElement {
  const list = element('ul', { class: 'wechat-people-list' });
  const problem = element('p', { class: 'wechat-card-problem', role: 'alert' });
  const code = element('div', { class: 'wechat-code-frame', hidden: true });
  const remaining = element('p', { class: 'wechat-invitation-left', role: 'status' });
  const add = element(
    'button',
    { type: 'button', class: 'red-ui-button red-ui-button-small' },
    translate('people.add'),
  );
  const root = element(
    'details',
    { class: 'wechat-people' },
    element('summary', {}, translate('people.title')),
    list,
    add,
    code,
    remaining,
    problem,
  );
  let expiresAt = 0;
  let timer: number | undefined;
  add.disabled = !canControlBots();

  const onError = (error: unknown): void => {
    problem.textContent = translate('login.problem', { error: (error as Error).message });
  };

  function quotaText({ left, of, until, held }: PersonSummary): string {
    const hours = Math.max(0, Math.ceil(msUntil(until) / hourMs));
    const quota =
      until === 0
        ? translate('people.closed')
        : translate('people.quota', { left: `${left}`, of: `${of}`, hours: `${hours}` });
    return held === 0 ? quota : `${quota} ${translate('people.held', { count: `${held}` })}`;
  }

  function row(person: PersonSummary): HTMLElement {
    const name = element('input', {
      type: 'text',
      value: person.alias,
      placeholder: person.id.slice(0, 10),
      title: person.id,
      'aria-label': translate('people.name'),
      maxlength: '100',
      disabled: !canControlBots(),
    });
    name.addEventListener('change', () => {
      setPersonAlias(bot, person.id, name.value).catch(onError);
    });
    return element('li', {}, name, ' ', element('span', {}, quotaText(person)));
  }

  function show(people: readonly PersonSummary[]): void {
    // Whoever types a name keeps the field.
    if (list.contains(document.activeElement)) return;
    list.replaceChildren(...people.map(row));
  }

  function showRemaining(): void {
    const ms = msUntil(expiresAt);
    code.hidden = ms <= 0;
    remaining.textContent = ms > 0 ? translate('login.expires', { time: countdown(ms) }) : '';
  }

  function refresh(): void {
    window.clearTimeout(timer);
    if (!root.open || !root.isConnected) return;
    fetchPeople(bot)
      .then((people) => {
        problem.textContent = '';
        show(people);
      }, onError)
      .finally(() => {
        showRemaining();
        timer = window.setTimeout(refresh, refreshMs);
      });
  }

  add.addEventListener('click', () => {
    problem.textContent = '';
    createInvitation(bot).then((invitation) => {
      expiresAt = invitation.expiresAt;
      code.replaceChildren(createQrCode(invitation.url, translate('people.qr')));
      showRemaining();
    }, onError);
  });
  root.addEventListener('toggle', refresh);
  return root;
}
