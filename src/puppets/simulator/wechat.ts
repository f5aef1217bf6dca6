import { CallCounter } from './calls';
import { Conversations } from './conversations';
import { Friendships } from './friendships';
import { LoginService } from './login';
import { Membership } from './membership';
import { MessageLog } from './messages';
import { Moments } from './moments';
import { type Faults, type SimulatorOptions, resolveOptions, type SimulationSettings } from './options';
import { Contacts } from './contacts';
import { Profiles } from './profiles';
import { Rooms } from './rooms';
import { Tags } from './tags';
import { ClientChannel } from './client-channel';

const NON_FRIENDS = 3;

/** The state and the rules of the simulated WeChat, behind both `Simulation` and the puppet. */
export class WeChat {
  readonly settings: SimulationSettings;
  readonly contacts: Contacts;
  readonly rooms: Rooms;
  readonly channel = new ClientChannel();
  readonly calls = new CallCounter();
  readonly login: LoginService;
  readonly profiles: Profiles;
  readonly tags: Tags;
  readonly conversations: Conversations;
  readonly membership: Membership;
  readonly friendships: Friendships;
  readonly moments: Moments;
  faults: Faults;

  constructor(options: SimulatorOptions) {
    this.settings = resolveOptions(options);
    const { contacts, rooms, membersPerRoom, history } = this.settings;
    const { channel } = this;
    this.faults = this.settings.faults;
    this.contacts = new Contacts(contacts, Math.max(contacts + NON_FRIENDS + 1, membersPerRoom ?? 0));
    this.rooms = new Rooms(rooms, membersPerRoom, this.contacts.ids());
    this.login = new LoginService(this.contacts.self.id, channel);
    this.profiles = new Profiles(this.contacts, channel);
    this.tags = new Tags(this.contacts);
    this.conversations = new Conversations(this.contacts, this.rooms, new MessageLog(history), channel);
    this.membership = new Membership(
      this.contacts,
      this.rooms,
      this.conversations,
      channel,
      () => this.faults,
    );
    this.friendships = new Friendships(this.contacts, this.profiles, channel);
    this.moments = new Moments(this.contacts, this.conversations, channel);
  }
}
