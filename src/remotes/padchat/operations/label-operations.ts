/** Operations on labels, for puppets with tags. A label's id is its name. */
import Type from 'typebox';
import { type OperationContext, ok, allVersions, operation } from './operation';
import { resolveContactId } from '../../wechat/v1-code';

const Label = Type.Object({ id: Type.String(), name: Type.String() });

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
    return ok({ label: names.map((name) => ({ id: name, name })) });
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
  params: Type.Object({ labelId: Type.String({ minLength: 1 }) }),
  handle: async ({ run, pendingLabels }, { labelId }) => {
    if (!pendingLabels.delete(labelId)) await run('tagDelete', { tag: labelId });
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
  params: Type.Object({ userId: Type.String({ minLength: 1 }), labelId: Type.String() }),
  handle: async ({ run, query, pendingLabels }, { labelId, ...params }) => {
    const id = resolveContactId(params.userId);
    const wanted = labelId
      .split(',')
      .map((label) => label.trim())
      .filter(Boolean);
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
