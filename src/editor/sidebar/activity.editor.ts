/** The activity section: recent events and commands of a bot, with their JSON and the nodes involved. */
import type { ActivityEntry } from '../../admin/api-types';
import { fetchActivity, fetchBots } from '../api/admin-client.editor';
import { exactTime, fullTime } from '../ui/time-format.editor';
import { copyText } from '../ui/copy-text.editor';
import { element } from '../ui/dom.editor';
import { subscribeEvents } from '../api/event-stream-client.editor';
import { whileVisible } from '../ui/while-visible.editor';
import { createBotSelect } from './bot-select.editor';
import { translate } from './translate.editor';

const maxEntries = 500;

interface EntryRow {
  readonly entry: ActivityEntry;
  readonly root: HTMLElement;
  /** Lower-case text for the search. */
  readonly text: string;
}

/** Buttons that reveal the nodes which still exist in the flows. */
function revealButtons(ids: readonly string[]): HTMLElement[] {
  return ids.flatMap((id) => {
    const node = RED.nodes.node(id);
    if (!node) return [];
    const label = RED.utils.getNodeLabel(node, id);
    const button = element(
      'button',
      { type: 'button', class: 'red-ui-button red-ui-button-small', title: label },
      element('i', { class: 'fa fa-crosshairs', 'aria-hidden': 'true' }),
      ` ${translate('activity.reveal', { label })}`,
    );
    button.addEventListener('click', () => RED.view.reveal(id));
    return [button];
  });
}

/** The details of an entry, created when it is expanded. */
function createDetails({ body, node, nodes, error }: ActivityEntry): HTMLElement {
  const json = JSON.stringify(body, undefined, 2);
  const copy = element(
    'button',
    { type: 'button', class: 'red-ui-button red-ui-button-small' },
    element('i', { class: 'fa fa-clipboard', 'aria-hidden': 'true' }),
    ` ${translate('activity.copy')}`,
  );
  copy.addEventListener('click', () => copyText(json, copy, translate('login.copied')));
  const handlers = nodes ?? (node === undefined ? [] : [node]);
  return element(
    'div',
    { class: 'wechat-entry-details' },
    ...(error === undefined ? [] : [element('p', { class: 'wechat-problem' }, error)]),
    element('div', { class: 'wechat-card-buttons' }, ...revealButtons(handlers), copy),
    element('pre', { tabindex: 0, 'aria-label': translate('activity.json') }, json),
  );
}

function createRow(entry: ActivityEntry): EntryRow {
  const { kind, name, summary, ok, error, timestamp, body } = entry;
  const button = element(
    'button',
    { type: 'button', class: 'wechat-entry-head', 'aria-expanded': 'false' },
    element('i', {
      class: `fa ${kind === 'event' ? 'fa-bell-o' : 'fa-terminal'}`,
      role: 'img',
      'aria-label': translate(`activity.${kind}`),
      title: translate(`activity.${kind}`),
    }),
    element('span', { class: 'wechat-entry-name' }, name),
    element('time', { class: 'wechat-entry-time', title: fullTime(timestamp) }, exactTime(timestamp)),
    element('span', { class: 'wechat-entry-summary' }, ok === false ? (error ?? summary) : summary),
  );
  const root = element('li', { class: 'wechat-entry' }, button);
  if (ok === false) root.classList.add('wechat-entry-failed');
  let details: HTMLElement | undefined;
  button.addEventListener('click', () => {
    if (details) {
      details.remove();
      details = undefined;
    } else {
      details = createDetails(entry);
      root.append(details);
    }
    button.setAttribute('aria-expanded', String(details !== undefined));
  });
  return { entry, root, text: `${name}\n${summary}\n${error ?? ''}\n${JSON.stringify(body)}`.toLowerCase() };
}

/** Creates the section. */
export function createActivity(): HTMLElement {
  let rows: EntryRow[] = [];
  let cursor: string | undefined;
  let requestCount = 0;
  const botSelect = createBotSelect(translate('messenger.bot'), reset);
  const search = element('input', {
    type: 'search',
    class: 'wechat-search',
    placeholder: translate('activity.search'),
    'aria-label': translate('activity.search'),
  });
  const notice = element('div', { class: 'wechat-empty', role: 'status' });
  const list = element('ul', { class: 'wechat-entries', 'aria-label': translate('activity.label') });
  const root = element(
    'div',
    { class: 'wechat-activity' },
    element('div', { class: 'wechat-toolbar' }, botSelect.root, search),
    notice,
    list,
  );

  // A status that is written again is announced again by screen readers.
  function setNotice(text: string): void {
    if (notice.textContent !== text) notice.textContent = text;
  }

  function matches({ text }: EntryRow): boolean {
    return text.includes(search.value.trim().toLowerCase());
  }

  function filter(): void {
    let shown = 0;
    for (const row of rows) {
      row.root.hidden = !matches(row);
      if (!row.root.hidden) shown += 1;
    }
    if (botSelect.selected() === undefined) setNotice(translate('login.none'));
    else if (rows.length === 0) setNotice(translate('activity.none'));
    else setNotice(shown === 0 ? translate('activity.noneFits') : '');
  }

  /** Prepends new entries: the latest is on top. */
  function add(entries: readonly ActivityEntry[]): void {
    const last = rows[0]?.entry.seq ?? -1;
    const fresh = entries
      .filter(({ seq }) => seq > last)
      .map(createRow)
      .reverse();
    if (fresh.length > 0) {
      rows = [...fresh, ...rows];
      for (const { root: old } of rows.splice(maxEntries)) old.remove();
      list.prepend(...fresh.map((row) => row.root));
    }
    filter();
  }

  function reset(): void {
    rows = [];
    cursor = undefined;
    list.replaceChildren();
    refresh();
  }

  function refresh(): void {
    const bot = botSelect.selected();
    requestCount += 1;
    const current = requestCount;
    if (bot === undefined) {
      filter();
      return;
    }
    fetchActivity(bot, cursor).then(
      (page) => {
        if (current !== requestCount) return;
        cursor = page.cursor;
        add(page.entries);
      },
      (error: unknown) => setNotice(translate('login.unreachable', { error: (error as Error).message })),
    );
  }

  search.addEventListener('input', filter);
  whileVisible(root, () =>
    subscribeEvents({
      resync() {
        fetchBots().then(
          (bots) => {
            botSelect.setBots(bots);
            refresh();
          },
          (error: unknown) => setNotice(translate('login.unreachable', { error: (error as Error).message })),
        );
      },
      bots: (bots) => botSelect.setBots(bots),
      activity({ bot, entry }) {
        if (bot === botSelect.selected()) add([entry]);
      },
    }),
  );
  return root;
}
