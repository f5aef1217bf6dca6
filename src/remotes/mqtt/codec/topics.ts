/** The topics of one bot on MQTT. */
import { WechatError } from '../../../bot/errors';

/** Topic templates with `{clientId}` and `{reqId}`; empty for the default. */
export interface TopicTemplates {
  readonly event?: string;
  readonly request?: string;
  readonly response?: string;
  readonly property?: string;
}

/** The topics of one bot. */
export interface Topics {
  readonly event: string;
  readonly request: string;
  readonly property: string;
  /** The response topic of a request. @param reqId must be a valid topic level. */
  response(reqId: string): string;
}

const defaultTemplates: Readonly<Required<TopicTemplates>> = {
  event: 'thing/chatbot/{clientId}/event/post',
  request: 'thing/chatbot/{clientId}/command/invoke',
  response: 'thing/chatbot/{clientId}/response/d2c/{reqId}',
  property: 'thing/chatbot/{clientId}/property/post',
};

/** Stands for the reqId in responses to requests without one. */
export const unknownReqId = 'unknown';

/**
 * A valid topic level. Control characters, surrogates and Unicode non-characters such as U+FFFF are characters at which
 * a broker may end the connection (MQTT 5, section 1.5.4).
 */
const levelPattern = /^[^#+/\p{Cc}\p{Cs}\p{NChar}]{1,128}$/u;

/** A valid topic name, which can be published to. */
const topicPattern = /^[^#+$\p{Cc}\p{Cs}\p{NChar}][^#+\p{Cc}\p{Cs}\p{NChar}]{0,511}$/u;

/** Mosquitto ends the connection beyond 201 levels, EMQX beyond 128. */
const maxLevels = 128;

/** Whether an untrusted text is a valid topic level. */
export function isTopicLevel(text: string): boolean {
  return levelPattern.test(text);
}

/** Whether a text is a valid topic name: without wildcards, and not one of the broker's `$` topics. */
export function isTopic(text: string): boolean {
  return topicPattern.test(text) && text.split('/').length <= maxLevels;
}

function isSet(template: string | undefined): template is string {
  return template !== undefined && template.trim() !== '';
}

/** Expands the topic templates of a bot. @throws WechatError INVALID_PARAMS when a topic is invalid. */
export function createTopics(clientId: string, templates: TopicTemplates = {}): Topics {
  if (!isTopicLevel(clientId)) throw new WechatError('INVALID_PARAMS', 'badClientId', { clientId });
  const expand = (template: string | undefined, defaultTemplate: string): string => {
    // A function, because `$&` has a meaning in a replacement string.
    const topic = (isSet(template) ? template.trim() : defaultTemplate).replaceAll(
      '{clientId}',
      () => clientId,
    );
    if (!isTopic(topic.replaceAll('{reqId}', unknownReqId))) {
      throw new WechatError('INVALID_PARAMS', 'badTopic', { topic });
    }
    return topic;
  };
  const responseTemplate = expand(templates.response, defaultTemplates.response);
  return {
    event: expand(templates.event, defaultTemplates.event),
    request: expand(templates.request, defaultTemplates.request),
    property: expand(templates.property, defaultTemplates.property),
    response: (reqId) => responseTemplate.replaceAll('{reqId}', () => reqId),
  };
}
