/** Labels, with the puppets that have tags. A label's id is its name. */
import Type from 'typebox';
import { type Context, done, everywhere, operation } from './operation';
import { contactIdIn } from '../../wechat/v1-code';

const Label = Type.Object({ id: Type.String(), name: Type.String() });

async function allLabels({ ask, labels }: Context): Promise<string[]> {
  return [...new Set([...(await ask<string[]>('tagFindAll')), ...labels.list()])];
}

const getLabelList = operation({
  names: everywhere('getLabelList'),
  summary: { 'en-US': 'lists all labels', 'zh-CN': '获取所有标签' },
  readOnly: true,
  params: Type.Object({}),
  result: Type.Object({ label: Type.Array(Label) }),
  run: async (context) => {
    const names = await allLabels(context);
    return done({ label: names.map((name) => ({ id: name, name })) });
  },
});

const addLabel = operation({
  names: everywhere('addLabel'),
  summary: {
    'en-US': 'adds a label, which comes into being when it is given to somebody',
    'zh-CN': '添加标签，设置给用户时才真正创建',
  },
  readOnly: false,
  params: Type.Object({ label: Type.String({ minLength: 1, maxLength: 256 }) }),
  run: async (context, { label }) => {
    // A puppet without tags says so now and not later.
    const known = await allLabels(context);
    if (!known.includes(label)) context.labels.add(label);
    return done();
  },
});

const deleteLabel = operation({
  names: everywhere('deleteLabel'),
  summary: { 'en-US': 'deletes a label', 'zh-CN': '删除标签' },
  readOnly: false,
  params: Type.Object({ labelId: Type.String({ minLength: 1 }) }),
  run: async ({ ask, labels }, { labelId }) => {
    if (!labels.take(labelId)) await ask('tagDelete', { tag: labelId });
    return done();
  },
});

const setLabel = operation({
  names: everywhere('setLabel'),
  summary: {
    'en-US': 'gives a contact these labels, separated by commas, and no others',
    'zh-CN': '设置用户的标签，多个以逗号分隔，其余移除',
  },
  readOnly: false,
  params: Type.Object({ userId: Type.String({ minLength: 1 }), labelId: Type.String() }),
  run: async ({ ask, labels }, { labelId, ...params }) => {
    const id = contactIdIn(params.userId, undefined);
    const wanted = labelId
      .split(',')
      .map((label) => label.trim())
      .filter(Boolean);
    const present = await ask<string[]>('tagFindAll', { id });
    for (const tag of wanted.filter((label) => !present.includes(label))) {
      await ask('tagAdd', { tag, id });
      labels.take(tag);
    }
    for (const tag of present.filter((label) => !wanted.includes(label))) await ask('tagRemove', { tag, id });
    return done();
  },
});

export const labelOperations = [getLabelList, addLabel, deleteLabel, setLabel];
