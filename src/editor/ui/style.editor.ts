/** Styles shared by forms and sidebar, in Node-RED's own colours. */

const id = 'wechat-editor-style';

const rules = `
.wechat-hint { margin: 4px 0 0 104px; max-width: 430px; font-size: 12px; line-height: 1.4; color: var(--red-ui-secondary-text-color); }
.wechat-hint:empty { display: none; }
.wechat-hint code { font-size: 11px; white-space: normal; overflow-wrap: anywhere; user-select: all; }
.wechat-check { display: flex; align-items: baseline; gap: 6px; margin: 0 0 6px 104px; }
.form-row .wechat-check label, .form-row .wechat-pick label { width: auto; margin: 0; }
.form-row .wechat-check input, .form-row .wechat-pick input[type=checkbox], .form-row .wechat-pick input[type=radio] {
  width: auto; margin: 0; flex: none; }
.wechat-section { margin: 18px 0 8px; padding-top: 12px; border-top: 1px solid var(--red-ui-secondary-border-color);
  color: var(--red-ui-secondary-text-color); font-weight: bold; }
.wechat-inline { display: inline-flex; gap: 6px; width: 70%; }
.form-row .wechat-inline > * { width: auto; min-width: 0; margin: 0; }
.wechat-beside { display: inline-block; vertical-align: top; width: 70%; }
.wechat-pick-filter { width: 100% !important; box-sizing: border-box; margin-bottom: 4px !important; }
.wechat-pick { max-height: 190px; overflow-y: auto; border: 1px solid var(--red-ui-form-input-border-color);
  border-radius: 5px; background: var(--red-ui-form-input-background); }
.wechat-pick-inline { display: grid; grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); max-height: none; padding: 4px; }
.form-row .wechat-pick label { display: flex; align-items: baseline; gap: 8px; padding: 4px 8px; cursor: pointer;
  color: var(--red-ui-form-text-color); }
.form-row .wechat-pick-inline label { padding: 2px 4px; }
.wechat-pick label:hover, .wechat-pick label:focus-within { background: var(--red-ui-list-item-background-hover); }
.wechat-pick label[hidden], .wechat-pick-none[hidden] { display: none; }
.wechat-pick-name { flex: none; font-weight: 600; }
.wechat-pick-inline .wechat-pick-name { font-weight: normal; }
.wechat-pick-summary, .wechat-pick-none { color: var(--red-ui-secondary-text-color); }
.wechat-pick-none { padding: 6px 8px; }
.wechat-params { margin-top: 6px; }
.wechat-params div { padding: 2px 0; }
.form-row .wechat-param { padding: 0 4px; line-height: 1.4; border: 1px solid var(--red-ui-secondary-border-color); border-radius: 3px; cursor: pointer;
  font: 11px monospace; background: var(--red-ui-secondary-background); color: var(--red-ui-primary-text-color); }
.form-row .wechat-param:hover, .form-row .wechat-param:focus { border-color: var(--red-ui-form-input-focus-color); }
.wechat-params .wechat-optional { color: var(--red-ui-secondary-text-color); }
.wechat-card { border: 1px solid var(--red-ui-secondary-border-color); border-radius: 8px; padding: 12px; margin-bottom: 10px;
  background: var(--red-ui-secondary-background); color: var(--red-ui-primary-text-color); }
.wechat-card-head { display: flex; align-items: center; gap: 10px; min-width: 0; }
.wechat-card-title { flex: 1; min-width: 0; }
.wechat-card .wechat-card-name { margin: 0; font: inherit; font-weight: 600; font-size: 15px; line-height: 1.3; overflow-wrap: anywhere; }
.wechat-card-user { font-size: 12px; line-height: 1.4; color: var(--red-ui-secondary-text-color); overflow-wrap: anywhere; }
.wechat-card-puppet { align-self: flex-start; padding: 1px 7px; border: 1px solid var(--red-ui-secondary-border-color); border-radius: 9px;
  font-size: 11px; line-height: 16px; color: var(--red-ui-secondary-text-color); overflow-wrap: anywhere; }
.wechat-card-state { display: flex; align-items: baseline; gap: 7px; margin: 10px 0 0; line-height: 1.4; }
.wechat-card-reason { min-width: 0; overflow-wrap: anywhere; }
.wechat-card-since { margin-left: auto; white-space: nowrap; font-size: 12px; color: var(--red-ui-secondary-text-color); }
.wechat-dot { flex: none; width: 9px; height: 9px; border-radius: 50%; background: var(--red-ui-node-status-colors-grey, #d3d3d3); }
.wechat-dot[data-tone=good] { background: var(--red-ui-node-status-colors-green, #5a8); }
.wechat-dot[data-tone=wait] { background: var(--red-ui-node-status-colors-yellow, #f9df31); }
.wechat-dot[data-tone=bad] { background: var(--red-ui-node-status-colors-red, #c00); }
.wechat-figures { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 6px; margin: 10px 0; }
.wechat-figure { padding: 5px 8px; border-radius: 5px; background: var(--red-ui-tertiary-background); }
.wechat-figure dt { font-weight: normal; font-size: 11px; line-height: 1.4; color: var(--red-ui-secondary-text-color);
  white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.wechat-figure dd { margin: 0; font-size: 16px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.wechat-card-buttons { display: flex; flex-wrap: wrap; gap: 6px; }
.wechat-card-buttons .red-ui-button { height: auto; padding: 2px 10px; font-size: 12px; line-height: 20px; }
.wechat-card-buttons .red-ui-button[disabled] { opacity: .45; cursor: default; }
.wechat-code { display: flex; flex-wrap: wrap; gap: 12px; margin: 0 0 12px; }
.wechat-code[hidden], .wechat-code [hidden] { display: none; }
.wechat-code-frame { position: relative; flex: none; width: 180px; max-width: 100%; }
.wechat-code-picture svg { display: block; width: 100%; border-radius: 5px; }
.wechat-code-scanned { position: absolute; inset: 0; display: flex; align-items: center; justify-content: center;
  border-radius: 5px; background: rgb(255 255 255 / 88%); color: #07994f; font-size: 56px; }
.wechat-code-side { flex: 1; min-width: 130px; }
.wechat-code-side p { margin: 0 0 6px; line-height: 1.4; }
.wechat-people[hidden], .wechat-people [hidden] { display: none; }
.wechat-people-list { margin: 6px 0; list-style: none; }
.wechat-people-list input { width: 110px; margin: 0 6px 4px 0; }
.wechat-code-digits input { width: 110px; margin: 0 6px 6px 0; }
.wechat-code-left, .wechat-invitation-left { font-size: 12px; color: var(--red-ui-secondary-text-color); font-variant-numeric: tabular-nums; }
.wechat-code-left:empty, .wechat-invitation-left:empty { display: none; }
.wechat-card-problem { margin: 8px 0 0; font-size: 12px; color: var(--red-ui-text-color-error); overflow-wrap: anywhere; }
.wechat-card-problem:empty { display: none; }
.wechat-avatar { flex: none; display: inline-flex; align-items: center; justify-content: center; width: 40px; height: 40px; overflow: hidden;
  border-radius: 6px; background: hsl(var(--wechat-hue) 42% 38%); color: #fff; font-size: 17px; font-weight: 600; line-height: 1; }
.wechat-avatar img { width: 100%; height: 100%; object-fit: cover; }
.wechat-options { position: fixed; z-index: 100; display: flex; flex-direction: column; overflow: hidden; box-sizing: border-box; font-size: 13px; line-height: 1.4;
  background: var(--red-ui-form-input-background); color: var(--red-ui-form-text-color);
  border: 1px solid var(--red-ui-form-input-border-color); border-radius: 5px; box-shadow: 0 4px 12px var(--red-ui-shadow); }
.wechat-options[hidden] { display: none; }
.wechat-options [role=listbox] { overflow-y: auto; }
.wechat-option { display: flex; align-items: baseline; gap: 8px; padding: 5px 10px; cursor: pointer; }
.wechat-option:hover { background: var(--red-ui-list-item-background-hover); }
.wechat-option[aria-selected=true] { background: var(--red-ui-list-item-background-selected); box-shadow: inset 3px 0 0 var(--red-ui-form-input-focus-color); }
.wechat-option .wechat-avatar { align-self: center; width: 22px; height: 22px; font-size: 11px; border-radius: 4px; }
.wechat-option-label { flex: 0 1 auto; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 65%; }
.wechat-option-detail { flex: 1 1 0; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; text-align: right;
  font-size: 12px; color: var(--red-ui-secondary-text-color); }
.wechat-options-group { padding: 6px 10px 2px; font-size: 11px; font-weight: 600; color: var(--red-ui-secondary-text-color); }
.wechat-options-notice { padding: 6px 10px; font-size: 12px; color: var(--red-ui-secondary-text-color); }
.wechat-options-notice:empty { display: none; }
.wechat-variable { display: inline-flex; align-items: center; gap: 6px; max-width: 100%; }
.form-row .wechat-variable input, .wechat-check .wechat-variable input { width: 200px; margin: 0; }
.wechat-empty { margin-bottom: 8px; color: var(--red-ui-secondary-text-color); line-height: 1.5; }
.wechat-empty:empty { display: none; }
`;

/** Adds the styles to the page, once. */
export function addStyle(): void {
  if (document.getElementById(id)) return;
  const style = document.createElement('style');
  style.id = id;
  style.textContent = rules;
  document.head.append(style);
}
