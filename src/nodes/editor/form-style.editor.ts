/** The looks of what only forms have, in Node-RED's own colours. */
import { addStyle } from './style.editor';

const id = 'wechat-form-style';

const rules = `
.wechat-options { position: fixed; z-index: 100; overflow-y: auto; box-sizing: border-box; font-size: 13px; line-height: 1.4;
  background: var(--red-ui-form-input-background); color: var(--red-ui-form-text-color);
  border: 1px solid var(--red-ui-form-input-border-color); border-radius: 5px; box-shadow: 0 4px 12px var(--red-ui-shadow); }
.wechat-options[hidden] { display: none; }
.wechat-option { display: flex; align-items: baseline; gap: 8px; padding: 5px 10px; cursor: pointer; }
.wechat-option:hover { background: var(--red-ui-list-item-background-hover); }
.wechat-option[aria-selected=true] { background: var(--red-ui-list-item-background-selected); box-shadow: inset 3px 0 0 var(--red-ui-form-input-focus-color); }
.wechat-option img { flex: none; align-self: center; border-radius: 3px; }
.wechat-option-label { flex: 0 1 auto; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 65%; }
.wechat-option-detail { flex: 1 1 0; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; text-align: right;
  font-size: 12px; color: var(--red-ui-secondary-text-color); }
.wechat-options-group { padding: 6px 10px 2px; font-size: 11px; font-weight: 600; color: var(--red-ui-secondary-text-color); }
.wechat-options-notice { padding: 6px 10px; font-size: 12px; color: var(--red-ui-secondary-text-color); }
.wechat-options-notice:empty { display: none; }
`;

/** Puts the rules into the page, once however many nodes ask for it, and those that forms share with the sidebar. */
export function addFormStyle(): void {
  addStyle();
  if (document.getElementById(id)) return;
  const style = document.createElement('style');
  style.id = id;
  style.textContent = rules;
  document.head.append(style);
}
