/** The node `wechat-on-event`: emits a msg for each event of a bot that matches its filter. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { OrderedDelivery } from '../../bot/events/ordered-delivery';
import type { MessageView } from '../../bot/views';
import type { TypedEvent } from '../../events/table';
import { activityLogOf } from '../runtime/activity-log';
import { type BotNode, configuredBot } from '../runtime/bot-registry';
import { onceFlowsStarted } from '../runtime/flows-started';
import { showBotState, toLocalizedError } from '../runtime/input';
import { readProperties } from '../runtime/read-properties';
import { errorStatus, progressStatus } from '../runtime/status';
import { type EventMsg, eventMsg } from './event-msg';
import { eventFilter } from './filter';
import { declaration, type OnEventValues, type } from './properties';
import { WholeNames } from './whole-names';

/** The types of messages with a file. */
const fileMessageTypes = new Set<MessageView['type']>(['Attachment', 'Image', 'Audio', 'Video', 'Emoticon']);

/** The ordering key of an event: downloads of different durations keep the order within a conversation. */
function conversationOf(event: TypedEvent): string {
  const room = 'room' in event ? event.room : null;
  const talker = 'talker' in event ? event.talker : null;
  return room?.id ?? talker?.id ?? '';
}

export = function (RED: NodeAPI): void {
  function OnEvent(this: Node, saved: NodeDef): void {
    RED.nodes.createNode(this, saved);
    let properties: OnEventValues;
    let botNode: BotNode;
    let wholeNames: WholeNames;
    let matches: ReturnType<typeof eventFilter>;
    try {
      properties = readProperties(saved, declaration);
      botNode = configuredBot(RED, properties.bot);
      wholeNames = new WholeNames(botNode.bot, { contacts: properties.from, rooms: properties.rooms });
      matches = eventFilter(properties, (kind, text) => wholeNames.has(kind, text));
    } catch (error) {
      this.status(errorStatus(RED, error));
      this.error(toLocalizedError(RED, error).message);
      return;
    }
    const showState = showBotState(RED, this, properties.bot);

    const downloadFile = async (event: TypedEvent): Promise<EventMsg> => {
      const msg = eventMsg(event);
      if (event.event !== 'message' || !fileMessageTypes.has(event.message.type)) return msg;
      const maxBytes = Math.floor(properties.maxFileMb * 1024 * 1024) || undefined;
      try {
        const params = { id: event.message.id, maxBytes };
        const { name, mimeType, size, data } = await botNode.run('messageFile', params, {
          nodeId: this.id,
          progress: (progress) => {
            this.status(progressStatus(RED, progress));
          },
        });
        return { ...msg, payload: data, filename: name, mimeType, size };
      } catch (error) {
        throw Object.assign(toLocalizedError(RED, error), { msg });
      } finally {
        showState();
      }
    };

    const order = new OrderedDelivery();
    let isStarted = false;
    const onEvent = (event: TypedEvent): void => {
      if (!matches(event) || (event.event === 'state' && !isStarted)) return;
      activityLogOf(botNode.id).markHandledBy(event, this.id);
      if (!properties.download) {
        this.send(eventMsg(event));
        return;
      }
      order.push(
        { conversation: conversationOf(event), read: () => downloadFile(event) },
        (msg) => {
          this.send(msg);
        },
        (error) => {
          // A Catch node receives the message together with the error.
          this.error(error, (error as { msg?: EventMsg }).msg ?? eventMsg(event));
        },
      );
    };
    const unsubscribe = botNode.onEvent(onEvent);
    const endLookUps = wholeNames.start();
    // The state may have changed before this node was deployed, and no msg arrives before all nodes are created.
    const cancel = onceFlowsStarted(RED, () => {
      isStarted = true;
      onEvent(botNode.stateEvent());
    });
    this.on('close', () => {
      unsubscribe();
      endLookUps();
      cancel();
    });
  }
  RED.nodes.registerType(type, OnEvent);
};
