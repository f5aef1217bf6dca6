/** Styles of the forms, in Node-RED's own colours. */
import { addStyle } from '../ui/style.editor';

const id = 'wechat-form-style';

const rules = `
.wechat-who { font-style: italic; }
.wechat-wrong { margin: 4px 0 12px 104px; max-width: 430px; font-size: 12px; line-height: 1.4; color: var(--red-ui-text-color-error); overflow-wrap: anywhere; }
.wechat-wrong:empty { display: none; }
.wechat-fields:empty { display: none; }
.wechat-fields { margin-bottom: 12px; }
.form-row.wechat-field > label { font-size: 12px; overflow-wrap: anywhere; }
.wechat-required { margin-left: 3px; color: var(--red-ui-text-color-error); }
.red-ui-typedInput-value-label .wechat-yes-no { width: auto !important; margin: 10px 8px !important; vertical-align: top; }
.red-ui-typedInput-value-label .wechat-choice { width: 100% !important; height: 32px; margin: 0 !important; border: none !important; border-radius: 0; }
.wechat-list { margin: 6px 0 0 104px; width: 70%; box-sizing: border-box; }
.form-row .wechat-list-lines { margin: 0; padding: 0; }
.wechat-list[hidden] { display: none; }
.wechat-list-lines { list-style: none; margin: 0; padding: 0; }
.wechat-list-lines li { list-style: none; margin: 0; }
.wechat-list-line { display: flex; align-items: stretch; gap: 6px; margin-bottom: 4px; }
.form-row .wechat-list .red-ui-button { width: auto; height: auto; line-height: 22px; padding: 0 10px; }
.form-row .wechat-list-line .wechat-list-text { flex: 1; width: auto; min-width: 0; margin: 0; }
.wechat-wide { width: calc(100% - 110px); }
.wechat-puppets { max-height: 300px; }
.form-row .wechat-puppets label { align-items: flex-start; padding: 7px 8px; }
.form-row .wechat-puppets label + label { border-top: 1px solid var(--red-ui-secondary-border-color); }
.form-row .wechat-puppets label:has(:checked) { background: var(--red-ui-list-item-background-selected); }
.wechat-puppet { flex: 1; min-width: 0; line-height: 1.35; }
.wechat-puppet-about { display: block; font-size: 12px; color: var(--red-ui-secondary-text-color); }
.wechat-badge { margin-left: 8px; padding: 0 6px; border: 1px solid var(--red-ui-secondary-border-color); border-radius: 8px; font-size: 11px;
  color: var(--red-ui-secondary-text-color); }
#wechat-option-list summary { cursor: pointer; }
#wechat-preview { margin-left: 104px; width: 70%; }
#wechat-preview-status { margin: 6px 0; font-size: 12px; color: var(--red-ui-secondary-text-color); }
#wechat-preview-status:empty, #wechat-preview-list:empty { display: none; }
#wechat-preview-list { list-style: none; margin: 0; padding: 0; max-height: 200px; overflow-y: auto; font-size: 12px;
  border: 1px solid var(--red-ui-form-input-border-color); border-radius: 5px; background: var(--red-ui-form-input-background); }
.wechat-tried { display: flex; align-items: baseline; gap: 8px; padding: 4px 8px; line-height: 1.4; color: var(--red-ui-secondary-text-color); }
.wechat-tried + .wechat-tried { border-top: 1px solid var(--red-ui-secondary-border-color); }
.wechat-tried[data-matches=true] { color: var(--red-ui-form-text-color); }
.wechat-tried-mark { flex: none; width: 14px; }
.wechat-tried[data-matches=true] .wechat-tried-mark { color: var(--red-ui-text-color-success); }
.wechat-tried-who { flex: 0 1 auto; max-width: 40%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; }
.wechat-tried-text { flex: 1 1 0; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.wechat-tried time { flex: none; }
.wechat-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.wechat-list .wechat-hint { margin: 0 0 6px; }
`;

/** Adds the styles of the forms to the page, once, and those they share with the sidebar. */
export function addFormStyle(): void {
  addStyle();
  if (document.getElementById(id)) return;
  const style = document.createElement('style');
  style.id = id;
  style.textContent = rules;
  document.head.append(style);
}
