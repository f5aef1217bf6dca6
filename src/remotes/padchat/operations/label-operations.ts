/** Operations on labels, for puppets with tags. A label's id is a number derived from its name. */
import Type from 'typebox';
import { WechatError } from '../../../bot/errors';
import { type OperationContext, ok, allVersions, operation } from './operation';
import { resolveContactId } from '../../wechat/v1-code';
import { labelIdOf } from '../derived-ids';

const Label = Type.Object({ id: Type.Integer(), name: Type.String() });

/** A label's id as a number or a text, or its name. */
const labelId = Type.Union([Type.Integer(), Type.String({ minLength: 1 })]);

/** The name of a label. @throws WechatError NOT_FOUND for a number that is no label's. */
function labelNameOf(idOrName: number | string, known: readonly string[]): string {
  const given = String(idOrName).trim();
  const found = known.find((name) => String(labelIdOf(name)) === given);
  if (found === undefined && typeof idOrName === 'number') {
    throw new WechatError('NOT_FOUND', 'labelNotFound', { id: given });
  }
  return found ?? given;
}

function withPending(tags: readonly string[], { pendingLabels }: OperationContext): string[] {
  return [...new Set([...tags, ...pendingLabels.list()])];
}

const getLabelList = operation({
  names: allVersions('getLabelList'),
  summary: { 'en-US': 'lists all labels', 'zh-CN': '获取所有标签' },
  readOnly: true,
  commands: ['tagFindAll'],
  params: Type.Object({}),
  result: Type.Object({ label: Type.Array(Label) }),
  handle: async (context) => {
    const names = withPending(await context.run('tagFindAll', {}), context);
    return ok({ label: names.map((name) => ({ id: labelIdOf(name), name })) });
  },
});

const addLabel = operation({
  names: allVersions('addLabel'),
  summary: {
    'en-US': 'adds a label, which is created when a contact gets it',
    'zh-CN': '添加标签，设置给用户时才真正创建',
  },
  readOnly: false,
  params: Type.Object({ label: Type.String({ minLength: 1, maxLength: 256 }) }),
  handle: async (context, { label }) => {
    // Fails now if the puppet has no tags.
    const known = withPending(await context.query('tagFindAll', {}), context);
    if (!known.includes(label)) context.pendingLabels.add(label);
    return ok();
  },
});

const deleteLabel = operation({
  names: allVersions('deleteLabel'),
  summary: { 'en-US': 'deletes a label', 'zh-CN': '删除标签' },
  readOnly: false,
  optionalCommands: ['tagDelete'],
  params: Type.Object({ labelId }),
  handle: async (context, params) => {
    const { run, query, pendingLabels } = context;
    const tag = labelNameOf(params.labelId, withPending(await query('tagFindAll', {}), context));
    if (!pendingLabels.delete(tag)) await run('tagDelete', { tag });
    return ok();
  },
});

const setLabel = operation({
  names: allVersions('setLabel'),
  summary: {
    'en-US': 'gives a contact these labels, separated by commas, and no others',
    'zh-CN': '设置用户的标签，多个以逗号分隔，其余移除',
  },
  readOnly: false,
  commands: ['tagAdd', 'tagRemove'],
  params: Type.Object({
    userId: Type.String({ minLength: 1 }),
    labelId: Type.Union([Type.Integer(), Type.String()]),
  }),
  handle: async (context, params) => {
    const { run, query, pendingLabels } = context;
    const id = resolveContactId(params.userId);
    const known = withPending(await query('tagFindAll', {}), context);
    const ids = typeof params.labelId === 'number' ? [params.labelId] : params.labelId.split(',');
    const wanted = ids.map((one) => labelNameOf(one, known)).filter(Boolean);
    const present = await query('tagFindAll', { id });
    for (const tag of wanted.filter((label) => !present.includes(label))) {
      await run('tagAdd', { tag, id });
      pendingLabels.delete(tag);
    }
    for (const tag of present.filter((label) => !wanted.includes(label))) await run('tagRemove', { tag, id });
    return ok();
  },
});

export const labelOperations = [getLabelList, addLabel, deleteLabel, setLabel];
