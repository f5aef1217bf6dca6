/** The topics of one bot on MQTT. */
import { WechatError } from '../../../bot/errors';

/** Topics that differ from the usual ones, as templates with `{clientId}` and `{reqId}`; empty for the usual. */
export interface TopicTemplates {
  readonly event?: string;
  readonly request?: string;
  readonly response?: string;
  readonly property?: string;
}

/** Where a bot tells, listens and answers. */
export interface Topics {
  readonly event: string;
  readonly request: string;
  readonly property: string;
  /** Where the answer to a request goes; its id must be a good one. */
  response(reqId: string): string;
}

const usual: Readonly<Required<TopicTemplates>> = {
  event: 'thing/chatbot/{clientId}/event/post',
  request: 'thing/chatbot/{clientId}/command/invoke',
  response: 'thing/chatbot/{clientId}/response/d2c/{reqId}',
  property: 'thing/chatbot/{clientId}/property/post',
};

/** Where answers go when nobody knows what they answer. */
export const unknownReqId = 'unknown';

/** What may stand between two slashes of a topic. */
const level = /^[^#+/\p{Cc}\p{Cs}]{1,128}$/u;

/** A topic that can be published to. */
const name = /^[^#+$\p{Cc}\p{Cs}][^#+\p{Cc}\p{Cs}]{0,511}$/u;

/** Whether a text can be one level of a topic, whoever made it up. */
export function isLevel(text: string): boolean {
  return level.test(text);
}

/** Whether a text names one topic, without wildcards and not one of the broker's own. */
export function isTopic(text: string): boolean {
  return name.test(text);
}

function isGiven(template: string | undefined): template is string {
  return template !== undefined && template.trim() !== '';
}

/** Makes the topics of a bot. @throws WechatError INVALID_PARAMS when a topic would not be one. */
export function topicsOf(clientId: string, templates: TopicTemplates = {}): Topics {
  if (!isLevel(clientId)) throw new WechatError('INVALID_PARAMS', 'badClientId', { clientId });
  const fill = (template: string | undefined, standard: string): string => {
    // A function, because in a text $& and its like would mean something.
    const topic = (isGiven(template) ? template.trim() : standard).replaceAll('{clientId}', () => clientId);
    if (!isTopic(topic.replaceAll('{reqId}', unknownReqId))) {
      throw new WechatError('INVALID_PARAMS', 'badTopic', { topic });
    }
    return topic;
  };
  const answers = fill(templates.response, usual.response);
  return {
    event: fill(templates.event, usual.event),
    request: fill(templates.request, usual.request),
    property: fill(templates.property, usual.property),
    response: (reqId) => answers.replaceAll('{reqId}', () => reqId),
  };
}
