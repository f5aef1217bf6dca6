import { CallCounter } from './calls';
import { Conversations } from './conversations';
import { Friendships } from './friendships';
import { LoginDesk } from './login';
import { Membership } from './membership';
import { MessageLog } from './messages';
import { Moments } from './moments';
import { type Faults, type SimulatorOptions, worldSettings, type WorldSettings } from './options';
import { People } from './contacts';
import { Profiles } from './profiles';
import { Rooms } from './rooms';
import { Tags } from './tags';
import { Wire } from './client-channel';

const STRANGERS = 3;

/** The simulated service itself: all state, and what anybody can do in it. `World` and the puppet are ways to use it. */
export class WeChat {
  readonly settings: WorldSettings;
  readonly people: People;
  readonly rooms: Rooms;
  readonly wire = new Wire();
  readonly calls = new CallCounter();
  readonly login: LoginDesk;
  readonly profiles: Profiles;
  readonly tags: Tags;
  readonly conversations: Conversations;
  readonly membership: Membership;
  readonly friendships: Friendships;
  readonly moments: Moments;
  faults: Faults;

  constructor(options: SimulatorOptions) {
    this.settings = worldSettings(options);
    const { contacts, rooms, membersPerRoom, history } = this.settings;
    const { wire } = this;
    this.faults = this.settings.faults;
    this.people = new People(contacts, Math.max(contacts + STRANGERS + 1, membersPerRoom ?? 0));
    this.rooms = new Rooms(rooms, membersPerRoom, this.people.ids());
    this.login = new LoginDesk(this.people.self.id, wire);
    this.profiles = new Profiles(this.people, wire);
    this.tags = new Tags(this.people);
    this.conversations = new Conversations(this.people, this.rooms, new MessageLog(history), wire);
    this.membership = new Membership(this.people, this.rooms, this.conversations, wire, () => this.faults);
    this.friendships = new Friendships(this.people, this.profiles, wire);
    this.moments = new Moments(this.people, this.conversations, wire);
  }
}
