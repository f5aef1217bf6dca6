/** The banner of the messenger, which offers the next step: start, scan, confirm, or remove faults. */
import type { BotSummary } from '../../../admin/api-types';
import { runBotAction } from '../../api/admin-client.editor';
import type { PerformAction, Simulation } from '../../api/simulation.editor';
import { element } from '../../ui/dom.editor';
import { translate } from '../translate.editor';

/** The banner, hidden while there is nothing to offer. */
export interface SimulatorBanner {
  readonly root: HTMLElement;
  show(bot: BotSummary | undefined, simulation: Simulation | undefined): void;
}

/** A step that the banner offers. */
interface Step {
  readonly text: string;
  readonly label: string;
  readonly run: () => Promise<unknown>;
}

/** Creates the banner; `onDone` is called after a step. */
export function createSimulatorBanner(performAction: PerformAction, onDone: () => void): SimulatorBanner {
  const root = element('div', { class: 'wechat-banner', role: 'status', hidden: true });

  function nextStep(bot: BotSummary | undefined, simulation: Simulation | undefined): Step | undefined {
    if (bot?.state === 'stopped' || bot?.state === 'failed') {
      const run = (): Promise<unknown> => runBotAction(bot.id, 'start');
      return { text: bot.reason, label: translate('login.start'), run };
    }
    if (!simulation) return undefined;
    const { login, faults } = simulation;
    if (login.scanned) {
      const run = (): Promise<void> => performAction('scan', {});
      return { text: translate('login.scanned'), label: translate('simulatorControls.confirm'), run };
    }
    if (login.waiting) {
      const run = (): Promise<void> => performAction('scan', { confirm: false });
      return { text: translate('messenger.waiting'), label: translate('simulatorControls.scan'), run };
    }
    if (faults.offline || faults.sendsFail || faults.slow > 0) {
      const run = (): Promise<void> => performAction('faults', { offline: false, sendsFail: false, slow: 0 });
      return { text: translate('messenger.faulty'), label: translate('messenger.mend'), run };
    }
    return undefined;
  }

  return {
    root,
    show(bot, simulation) {
      const step = nextStep(bot, simulation);
      root.replaceChildren();
      root.hidden = step === undefined;
      if (!step) return;
      const button = element(
        'button',
        { type: 'button', class: 'red-ui-button red-ui-button-small' },
        step.label,
      );
      button.addEventListener('click', () => {
        button.disabled = true;
        step.run().then(onDone, (error: unknown) => {
          root.replaceChildren(element('span', {}, (error as Error).message));
        });
      });
      root.append(element('span', {}, step.text), button);
    },
  };
}
