/** WeChat's chat with oneself for file transfer (文件传输助手). Every account has it, but not every puppet lists it. */
import { type payloads, types } from 'wechaty-puppet';

/** The id, the same for every account. */
export const fileHelperId = 'filehelper';

/** The contact where the puppet does not have it. No friend: lists of friends do not contain it. */
export const fileHelper: payloads.Contact = {
  id: fileHelperId,
  name: '文件传输助手',
  type: types.Contact.Unknown,
  gender: types.ContactGender.Unknown,
  avatar: '',
  friend: false,
  phone: [],
};
