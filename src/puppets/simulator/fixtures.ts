import { types } from 'wechaty-puppet';

/** The initial data of a contact. */
export interface ContactSeed {
  readonly id: string;
  readonly name: string;
  readonly alias?: string;
  readonly gender: types.ContactGender;
  readonly city?: string;
  readonly province?: string;
  readonly signature?: string;
  readonly handle: string;
  readonly phone?: string;
}

const { Male, Female, Unknown } = types.ContactGender;

/** The bot's own account. */
export const botSeed: ContactSeed = {
  id: 'wxid_bot',
  name: 'Bot',
  gender: Unknown,
  signature: 'I answer, therefore I am.',
  handle: 'simulated-bot',
};

/** The chat with oneself for file transfer, which every account has. It is no friend, and in no list of contacts. */
export const fileHelperSeed: ContactSeed = {
  id: 'filehelper',
  name: '文件传输助手',
  gender: Unknown,
  handle: 'filehelper',
};

/** The first friends. Two are called Chen Wei, as an example of an ambiguous name. */
export const friendSeeds: readonly ContactSeed[] = [
  {
    id: 'wxid_ming',
    name: 'Ming',
    alias: '小明',
    gender: Male,
    city: 'Haidian',
    province: 'Beijing',
    signature: '好好学习',
    handle: 'ming-88',
    phone: '13800000001',
  },
  {
    id: 'wxid_alice',
    name: 'Alice',
    gender: Female,
    city: 'Pudong',
    province: 'Shanghai',
    handle: 'alice-w',
    phone: '13800000002',
  },
  { id: 'wxid_bob', name: 'Bob', alias: '鲍勃', gender: Male, handle: 'bob-builder', phone: '13800000003' },
  {
    id: 'wxid_wangfang',
    name: '王芳',
    alias: 'Fang (sales)',
    gender: Female,
    city: '广州',
    province: '广东',
    handle: 'wangfang',
    phone: '13800000004',
  },
  { id: 'wxid_lilei', name: '李雷', gender: Male, signature: 'How do you do?', handle: 'lilei' },
  { id: 'wxid_hanmeimei', name: '韩梅梅', alias: 'Meimei', gender: Female, handle: 'hanmeimei' },
  {
    id: 'wxid_chenwei1',
    name: 'Chen Wei',
    gender: Male,
    city: '成都',
    province: '四川',
    handle: 'chenwei-cd',
  },
  { id: 'wxid_chenwei2', name: 'Chen Wei', alias: '陈伟（同学）', gender: Male, handle: 'chenwei-xm' },
];

/** Contacts that are not friends yet. */
export const nonFriendSeeds: readonly ContactSeed[] = [
  { id: 'wxid_grace', name: 'Grace', gender: Female, handle: 'grace-h', phone: '13900000001' },
  { id: 'wxid_zhaoqiang', name: '赵强', gender: Male, handle: 'zhaoqiang', phone: '13900000002' },
  { id: 'wxid_tom', name: 'Tom', gender: Male, handle: 'tom-cat', phone: '13900000003' },
];

const surnames = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨';
const givenNames = [
  '伟',
  '娜',
  '秀英',
  '敏',
  '静',
  '磊',
  '洋',
  '艳',
  '勇',
  '军',
  '杰',
  '娟',
  '涛',
  '明',
  '超',
  '霞',
];
const latinNames = [
  'Emma',
  'Liam',
  'Olivia',
  'Noah',
  'Ava',
  'Lucas',
  'Mia',
  'Leo',
  'Chloe',
  'Max',
  'Zoe',
  'Jack',
];
const latinSurnames = ['Li', 'Wang', 'Zhang', 'Smith', 'Chen', 'Garcia', 'Liu', 'Kim', 'Yang', 'Brown', 'Wu'];

/** A deterministic, collision-free 32-bit hash of `index`, so that ids look real. */
export function seededRandom(index: number): number {
  return Math.imul(index + 1, 0x9e3779b1) >>> 0;
}

/** The deterministic contact number `index`, with a unique name. */
export function generateContactSeed(index: number): ContactSeed {
  const pair = index >> 1;
  const [first, last, repeat] =
    index % 2 === 0
      ? [surnames[pair % 16] ?? '', givenNames[(pair >> 4) % 16] ?? '', pair >> 8]
      : [
          latinNames[pair % 12] ?? '',
          ` ${latinSurnames[Math.floor(pair / 12) % 11] ?? ''}`,
          Math.floor(pair / 132),
        ];
  const token = seededRandom(index).toString(36).padStart(7, '0');
  return {
    id: `wxid_${token}`,
    name: repeat === 0 ? `${first}${last}` : `${first}${last} ${repeat + 1}`,
    gender: index % 3 === 0 ? Female : Male,
    handle: `user-${token}`,
    phone: String(15_000_000_000 + index),
  };
}

/** The initial data of a room. */
export interface RoomSeed {
  readonly topic: string;
  readonly ownerId: string;
  readonly memberIds: readonly string[];
}

/** The first rooms; the bot owns the first one. */
export const roomSeeds: readonly RoomSeed[] = [
  { topic: 'Team', ownerId: 'wxid_bot', memberIds: ['wxid_bot', 'wxid_ming', 'wxid_alice', 'wxid_bob'] },
  {
    topic: '周末爬山',
    ownerId: 'wxid_wangfang',
    memberIds: ['wxid_wangfang', 'wxid_bot', 'wxid_lilei', 'wxid_hanmeimei', 'wxid_ming'],
  },
  {
    topic: 'Wechaty 开发者',
    ownerId: 'wxid_alice',
    memberIds: ['wxid_alice', 'wxid_bot', 'wxid_chenwei1', 'wxid_chenwei2', 'wxid_tom', 'wxid_bob'],
  },
];

/** The room without the bot. */
export const externalRoomSeed: RoomSeed = {
  topic: 'Secret Garden',
  ownerId: 'wxid_zhaoqiang',
  memberIds: ['wxid_zhaoqiang', 'wxid_grace', 'wxid_tom'],
};
