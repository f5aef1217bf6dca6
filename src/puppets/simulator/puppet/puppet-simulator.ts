import { FileBox } from 'file-box';
import { type filters, payloads, types } from 'wechaty-puppet';

import type { Content } from '../content';
import type { PostMetadata } from '../moments';
import { SimulatedFriendships } from './friendships';

/** A Wechaty puppet on a simulated WeChat in memory; `simulation` controls it. This class has the methods of posts. */
export class PuppetSimulator extends SimulatedFriendships {
  override messageSendPost(conversationId: string, post: payloads.Post): Promise<string | undefined> {
    return this.send('messageSendPost', async () => {
      const contents = await this.#contents(post);
      return this.wechat.moments.send(this.currentUserId, conversationId, contents, metadataOf(post));
    });
  }

  override postPublish(post: payloads.Post): Promise<string | undefined> {
    return this.send('postPublish', async () => {
      const contents = await this.#contents(post);
      return this.wechat.moments.publish(this.currentUserId, contents, metadataOf(post));
    });
  }

  override postSearch(
    filter: filters.Post,
    pagination?: filters.PaginationRequest,
  ): Promise<filters.PaginationResponse<string[]>> {
    return this.perform('postSearch', () => this.wechat.moments.search(filter, pagination));
  }

  override postRawPayload(postId: string): Promise<payloads.PostServer> {
    return this.perform('postRawPayload', () => this.wechat.moments.payload(postId));
  }

  override postRawPayloadParser(rawPayload: payloads.PostServer): Promise<payloads.Post> {
    return Promise.resolve(this.payload(rawPayload));
  }

  override tap(postId: string, _type?: types.Tap, tap?: boolean): Promise<boolean | undefined> {
    return this.perform('tap', () => {
      if (tap === undefined) {
        return this.wechat.moments.likes(postId, this.currentUserId);
      }
      this.wechat.moments.like(postId, this.currentUserId, tap);
      return undefined;
    });
  }

  override tapSearch(postId: string, query?: filters.Tap): Promise<filters.PaginationResponse<payloads.Tap>> {
    return this.perform('tapSearch', () => ({ response: this.wechat.moments.taps(postId, query) }));
  }

  async #contents(post: payloads.Post): Promise<Content[]> {
    if (payloads.isPostServer(post)) {
      return post.sayableList.map((id) => this.visibleMessage(id).content);
    }
    return Promise.all(post.sayableList.map((sayable) => this.#contentOf(sayable)));
  }

  async #contentOf(sayable: payloads.Sayable): Promise<Content> {
    switch (sayable.type) {
      case types.Sayable.Text:
        return { kind: 'text', text: sayable.payload.text };
      case types.Sayable.Url:
        return { kind: 'url', url: sayable.payload };
      case types.Sayable.MiniProgram:
        return { kind: 'mini-program', miniProgram: sayable.payload };
      case types.Sayable.Location:
        return { kind: 'location', location: sayable.payload };
      case types.Sayable.Contact:
        return { kind: 'card', contactId: this.wechat.contacts.get(sayable.payload.contactId).id };
      case types.Sayable.Post:
        throw new Error('a post cannot hold another post');
      default: {
        const { filebox } = sayable.payload;
        return this.readUpload(typeof filebox === 'string' ? FileBox.fromJSON(filebox) : filebox);
      }
    }
  }
}

function metadataOf({ type, parentId, rootId }: payloads.Post): PostMetadata {
  return { type: type ?? types.Post.Moment, parentId, rootId };
}
