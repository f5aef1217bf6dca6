/** What a bot told and was told lately, as a list to search, with the JSON of each and the node that did it. */
import { type ActivityEntry, fetchActivity, fetchBots } from '../api/admin-client.editor';
import { exactTime, fullTime } from '../ui/time-format.editor';
import { copyText } from '../ui/copy-text.editor';
import { element } from '../ui/dom.editor';
import { listenLive } from '../api/event-stream-client.editor';
import { whileSeen } from '../ui/while-visible.editor';
import { botChoice } from './bot-choice.editor';
import { translate } from './translate.editor';

const most = 500;

interface Row {
  readonly entry: ActivityEntry;
  readonly root: HTMLElement;
  /** All of it in small letters, to be searched. */
  readonly text: string;
}

/** Buttons that show the nodes, of those that still are in the flows. */
function revealButtons(ids: readonly string[]): HTMLElement[] {
  return ids.flatMap((id) => {
    const node = RED.nodes.node(id) as Parameters<typeof RED.utils.getNodeLabel>[0] | null;
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

/** The JSON of an entry, made only when somebody wants to see it. */
function detailsOf({ body, node, nodes, error }: ActivityEntry): HTMLElement {
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

function rowOf(entry: ActivityEntry): Row {
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
      details = detailsOf(entry);
      root.append(details);
    }
    button.setAttribute('aria-expanded', String(details !== undefined));
  });
  return { entry, root, text: `${name}\n${summary}\n${error ?? ''}\n${JSON.stringify(body)}`.toLowerCase() };
}

/** Makes the section. */
export function makeActivity(): HTMLElement {
  let rows: Row[] = [];
  let cursor: string | undefined;
  let looks = 0;
  const choice = botChoice(translate('messenger.bot'), begin);
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
    element('div', { class: 'wechat-toolbar' }, choice.root, search),
    notice,
    list,
  );

  function say(words: string): void {
    if (notice.textContent !== words) notice.textContent = words;
  }

  function fits({ text }: Row): boolean {
    return text.includes(search.value.trim().toLowerCase());
  }

  function filter(): void {
    let shown = 0;
    for (const row of rows) {
      row.root.hidden = !fits(row);
      if (!row.root.hidden) shown += 1;
    }
    if (choice.chosen() === undefined) say(translate('login.none'));
    else if (rows.length === 0) say(translate('activity.none'));
    else say(shown === 0 ? translate('activity.noneFits') : '');
  }

  /** The latest is on top. */
  function add(entries: readonly ActivityEntry[]): void {
    const last = rows[0]?.entry.seq ?? -1;
    const fresh = entries
      .filter(({ seq }) => seq > last)
      .map(rowOf)
      .reverse();
    if (fresh.length > 0) {
      rows = [...fresh, ...rows];
      for (const { root: old } of rows.splice(most)) old.remove();
      list.prepend(...fresh.map((row) => row.root));
    }
    filter();
  }

  function begin(): void {
    rows = [];
    cursor = undefined;
    list.replaceChildren();
    look();
  }

  function look(): void {
    const bot = choice.chosen();
    looks += 1;
    const current = looks;
    if (bot === undefined) {
      filter();
      return;
    }
    fetchActivity(bot, cursor).then(
      (answer) => {
        if (current !== looks) return;
        cursor = answer.cursor;
        add(answer.entries);
      },
      (error: unknown) => say(translate('login.unreachable', { error: (error as Error).message })),
    );
  }

  search.addEventListener('input', filter);
  whileSeen(root, () =>
    listenLive({
      catchUp() {
        fetchBots().then(
          (bots) => {
            choice.offer(bots);
            look();
          },
          (error: unknown) => say(translate('login.unreachable', { error: (error as Error).message })),
        );
      },
      bots: (bots) => choice.offer(bots),
      activity({ bot, entry }) {
        if (bot === choice.chosen()) add([entry]);
      },
    }),
  );
  return root;
}
