/** The node `wechat-on-event`: brings what happens in WeChat into a flow. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { ConversationOrder } from '../../bot/events/ordered-delivery';
import type { BotEvent } from '../../bot/events';
import type { ContactView, MessageView, RoomView } from '../../bot/views';
import { activityOf } from '../runtime/activity-log';
import { type BotNode, chosenBot } from '../runtime/bot-registry';
import { followState, inNodeRedsLanguage } from '../runtime/input';
import { errorStatus, progressStatus } from '../runtime/status';
import { type EventMsg, eventMsg } from './event-msg';
import { eventFilter } from './filter';
import { defaults, type OnEventProperties, type } from './properties';

/** The messages that come with a file. */
const withFile = new Set<MessageView['type']>(['Attachment', 'Image', 'Audio', 'Video', 'Emoticon']);

/** What the command `messageFile` answers. */
interface ReceivedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly size: number;
  readonly data: Buffer;
}

/** Where a message belongs, so that downloads of different lengths do not change the order. */
function conversationOf(event: BotEvent): string {
  const { room, talker } = event as { room?: RoomView | null; talker?: ContactView | null };
  return room?.id ?? talker?.id ?? '';
}

export = function (RED: NodeAPI): void {
  function OnEvent(this: Node, saved: NodeDef & OnEventProperties): void {
    RED.nodes.createNode(this, saved);
    const properties: OnEventProperties = { ...defaults, ...saved };
    let chosen: BotNode;
    let matches: ReturnType<typeof eventFilter>;
    try {
      chosen = chosenBot(RED, properties.bot);
      matches = eventFilter(properties);
    } catch (error) {
      this.status(errorStatus(RED, error));
      this.error(inNodeRedsLanguage(RED, error).message);
      return;
    }
    const showState = followState(RED, this, properties.bot);

    const withDownload = async (event: BotEvent): Promise<EventMsg> => {
      const msg = eventMsg(event);
      const { message } = event as { message?: MessageView };
      if (!message || !withFile.has(message.type)) return msg;
      const maxBytes = Math.floor(Number(properties.maxFileMb) * 1024 * 1024) || undefined;
      try {
        const file = (await chosen.run(
          'messageFile',
          { id: message.id, maxBytes },
          (progress) => {
            this.status(progressStatus(RED, progress));
          },
          this.id,
        )) as ReceivedFile;
        const { name, mimeType, size, data } = file;
        return { ...msg, payload: data, filename: name, mimeType, size };
      } catch (error) {
        throw Object.assign(inNodeRedsLanguage(RED, error), { msg });
      } finally {
        showState();
      }
    };

    const order = new ConversationOrder();
    const unlisten = chosen.bot.on('event', (event) => {
      if (!matches(event)) return;
      activityOf(chosen.id).handled(event, this.id);
      if (!properties.download) {
        this.send(eventMsg(event));
        return;
      }
      order.push(
        { conversation: conversationOf(event), read: () => withDownload(event) },
        (msg) => {
          this.send(msg);
        },
        (error) => {
          // The message itself is not lost: a Catch node gets it together with the reason.
          this.error(error, (error as { msg?: EventMsg }).msg ?? eventMsg(event));
        },
      );
    });
    this.on('close', unlisten);
  }
  RED.nodes.registerType(type, OnEvent);
};
