/**
 * Styles of the sidebar, in Node-RED's own colours; the green is WeChat's. All rules are nested in that of the sidebar,
 * so that they override Node-RED's rules for lists, labels and fields.
 */

const id = 'wechat-sidebar-style';

const rules = `
.wechat-sidebar { --wechat-green: #07a35a; --wechat-mine: color-mix(in srgb, #9eea6a 78%, var(--red-ui-primary-background)); --wechat-mine-text: #10240a;
  display: flex; flex-direction: column; height: 100%; min-width: 0; box-sizing: border-box; container-type: inline-size;
  background: var(--red-ui-primary-background); color: var(--red-ui-primary-text-color); font-size: 14px; line-height: 1.4;
[hidden] { display: none !important; }
select, input[type=text], input[type=search], textarea {
  box-sizing: border-box; width: 100%; height: 30px; margin: 0; padding: 4px 8px; border: 1px solid var(--red-ui-form-input-border-color);
  border-radius: 5px; background-color: var(--red-ui-form-input-background); color: var(--red-ui-form-text-color); font-size: 13px; line-height: 20px; }
::placeholder { color: var(--red-ui-secondary-text-color); opacity: 1; }
.red-ui-button[disabled] { opacity: .45; cursor: default; }
:is(button, select, input, textarea, [tabindex="0"]):focus-visible {
  outline: 2px solid var(--red-ui-form-input-focus-color, #339); outline-offset: 1px; }
.wechat-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.wechat-bar { display: flex; align-items: center; flex: none; padding: 0 4px 0 0; border-bottom: 1px solid var(--red-ui-secondary-border-color); }
.wechat-tabs { display: flex; flex: 1; min-width: 0; }
.wechat-tab { flex: 1; min-width: 0; display: flex; align-items: center; justify-content: center; gap: 6px; height: 38px; padding: 0 4px;
  border: 0; border-bottom: 2px solid transparent; background: none; color: var(--red-ui-secondary-text-color); font: inherit; font-size: 13px; cursor: pointer; }
.wechat-tab span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.wechat-tab:hover { color: var(--red-ui-primary-text-color); }
.wechat-tab[aria-selected=true] { border-bottom-color: var(--wechat-green); color: var(--red-ui-primary-text-color); font-weight: 600; }
.wechat-icon-button { flex: none; width: 30px; height: 30px; padding: 0; border: 0; border-radius: 5px; background: none;
  color: var(--red-ui-secondary-text-color); font-size: 15px; line-height: 30px; cursor: pointer; }
.wechat-icon-button:hover { background: var(--red-ui-list-item-background-hover); color: var(--red-ui-primary-text-color); }
.wechat-banner { display: flex; align-items: center; gap: 8px; flex: none; padding: 6px 8px 6px 10px; font-size: 13px;
  border-bottom: 1px solid var(--red-ui-secondary-border-color); background: var(--red-ui-secondary-background); }
.wechat-banner span { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.wechat-banner .red-ui-button { flex: none; }
.wechat-panel { flex: 1; min-height: 0; overflow: hidden; }
.wechat-panel-accounts { overflow-y: auto; padding: 10px; }
.wechat-cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); gap: 10px; align-items: start; }
.wechat-cards .wechat-card { margin: 0; }
.wechat-toolbar { display: flex; align-items: center; gap: 6px; flex: none; padding: 8px; border-bottom: 1px solid var(--red-ui-secondary-border-color); }
.wechat-toolbar > * { flex: 1; min-width: 0; }
.wechat-toolbar .wechat-phone-button { flex: none; height: 30px; line-height: 28px; padding: 0 10px; font-size: 13px; }
.red-ui-button-small { font-size: 12px; }
.wechat-messenger, .wechat-activity { display: flex; flex-direction: column; height: 100%; }
/* Node-RED 5 gives a sidebar half of the height: what has no room there is scrolled to. */
.wechat-messenger { overflow-y: auto; }
.wechat-messenger > * { flex: none; }
.wechat-messenger > .wechat-empty, .wechat-activity > .wechat-empty { margin: 12px; }
.wechat-problem { padding: 6px 12px; font-size: 12px; color: var(--red-ui-text-color-error); overflow-wrap: anywhere; }
.wechat-result { padding: 6px 12px; font-size: 12px; overflow-wrap: anywhere; }
.wechat-problem:empty, .wechat-result:empty { display: none; }
.wechat-messenger > .wechat-main { position: relative; flex: 1 0 0px; min-height: 220px; display: flex; }
.wechat-conversations { flex: 1; min-width: 0; display: flex; flex-direction: column; }
.wechat-conversations .wechat-search { flex: none; width: calc(100% - 16px); margin: 8px; }
.wechat-chat, .wechat-placeholder { display: none; }
.wechat-in-chat .wechat-conversations { display: none; }
.wechat-in-chat .wechat-chat { display: flex; }
@container (min-width: 560px) {
  .wechat-conversations, .wechat-in-chat .wechat-conversations { display: flex; flex: 0 0 232px; border-right: 1px solid var(--red-ui-secondary-border-color); }
  .wechat-has-chat .wechat-chat { display: flex; }
  .wechat-messenger:not(.wechat-has-chat) .wechat-placeholder { display: flex; }
  .wechat-back { display: none; }
}
@container (max-width: 290px) {
  .wechat-tab .fa, .wechat-figure .fa { display: none; }
  .wechat-card-head { flex-wrap: wrap; }
  .wechat-card-title { flex-basis: calc(100% - 60px); }
  .wechat-message .wechat-column { max-width: calc(100% - 48px); }
}
.wechat-placeholder { flex: 1; flex-direction: column; align-items: center; justify-content: center; gap: 10px; padding: 20px;
  text-align: center; color: var(--red-ui-secondary-text-color); }
.wechat-placeholder .fa { font-size: 46px; opacity: .5; }
.wechat-row-window { position: relative; flex: 1; min-height: 0; display: flex; flex-direction: column; }
.wechat-row-list { flex: 1; min-height: 0; overflow-y: auto; }
.wechat-row-list:focus-visible { outline-offset: -2px; }
.wechat-rows { position: relative; }
.wechat-none { padding: 8px 12px; color: var(--red-ui-secondary-text-color); }
.wechat-conversation { position: absolute; left: 0; right: 0; display: flex; align-items: center; gap: 10px; height: 60px; padding: 0 10px; box-sizing: border-box; cursor: pointer; }
.wechat-conversation:hover { background: var(--red-ui-list-item-background-hover); }
.wechat-conversation[aria-selected=true] { background: var(--red-ui-list-item-background-selected); }
.wechat-row-list:focus-visible .wechat-row-active { box-shadow: inset 3px 0 0 var(--wechat-green); }
.wechat-row-words { flex: 1; min-width: 0; }
.wechat-row-top { display: flex; align-items: center; gap: 6px; min-height: 20px; }
.wechat-row-name, .wechat-row-last { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.wechat-row-name { font-weight: 600; }
.wechat-row-last, .wechat-row-time { font-size: 12px; color: var(--red-ui-secondary-text-color); }
.wechat-row-time { flex: none; }
.wechat-badge { flex: none; min-width: 18px; padding: 0 5px; box-sizing: border-box; border-radius: 9px; background: #d33a3a; color: #fff;
  font-size: 11px; font-weight: 600; line-height: 18px; text-align: center; }
.wechat-chat { flex: 1; min-width: 0; flex-direction: column; background: var(--red-ui-tertiary-background); }
.wechat-chat-head { display: flex; align-items: center; gap: 6px; flex: none; min-height: 46px; padding: 0 8px; box-sizing: border-box;
  background: var(--red-ui-primary-background); border-bottom: 1px solid var(--red-ui-secondary-border-color); }
.wechat-chat-title { flex: 1; min-width: 0; padding-left: 4px; }
.wechat-chat .wechat-chat-name { margin: 0; font: inherit; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.wechat-chat-sub { font-size: 12px; line-height: 1.2; color: var(--red-ui-secondary-text-color); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.wechat-chat-sub:empty { display: none; }
.wechat-log-frame { position: relative; flex: 1; min-height: 0; }
.wechat-log { position: absolute; inset: 0; overflow-y: auto; overflow-anchor: none; }
.wechat-log:focus-visible { outline-offset: -2px; }
.wechat-messages { padding: 10px 10px 4px; }
.wechat-silence, .wechat-notice { margin: 10px 0; text-align: center; font-size: 12px; color: var(--red-ui-secondary-text-color); overflow-wrap: anywhere; }
.wechat-message { margin-bottom: 10px; }
.wechat-line { display: flex; gap: 8px; align-items: flex-start; }
.wechat-message[data-side=right] .wechat-line { flex-direction: row-reverse; }
.wechat-line > .wechat-avatar { width: 34px; height: 34px; font-size: 15px; }
.wechat-by-bot .wechat-line > .wechat-avatar { background: var(--wechat-green); }
.wechat-column { position: relative; display: flex; flex-direction: column; align-items: flex-start; min-width: 0; max-width: calc(100% - 84px); }
.wechat-message[data-side=right] .wechat-column { align-items: flex-end; }
.wechat-talker { font-size: 12px; color: var(--red-ui-secondary-text-color); overflow-wrap: anywhere; }
.wechat-bubble { max-width: 100%; padding: 7px 11px; box-sizing: border-box; border-radius: 7px; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--red-ui-form-input-background); color: var(--red-ui-primary-text-color); box-shadow: 0 1px 1px rgb(0 0 0 / 8%); }
.wechat-message[data-side=right] .wechat-bubble { background: var(--wechat-mine); color: var(--wechat-mine-text); }
.wechat-foot { display: flex; gap: 8px; align-items: baseline; margin-top: 2px; font-size: 11px; line-height: 16px; color: var(--red-ui-secondary-text-color); }
.wechat-message[data-side=right] .wechat-foot { flex-direction: row-reverse; }
.wechat-foot .wechat-recall { padding: 0; border: 0; background: none; color: var(--red-ui-text-color-link); font: inherit; font-size: 11px; line-height: 16px; cursor: pointer; opacity: 0; }
.wechat-message:hover .wechat-recall, .wechat-recall:focus-visible { opacity: 1; text-decoration: underline; }
.wechat-file { display: flex; align-items: center; gap: 10px; max-width: 100%; min-width: 0; padding: 9px 12px; box-sizing: border-box; text-align: left;
  border: 1px solid var(--red-ui-secondary-border-color); border-radius: 7px; background: var(--red-ui-form-input-background);
  color: var(--red-ui-primary-text-color); font: inherit; font-size: 13px; }
button.wechat-file, .wechat-picture { cursor: pointer; }
button.wechat-file:hover { border-color: var(--red-ui-form-input-focus-color); }
.wechat-file-icon { flex: none; font-size: 22px; color: var(--red-ui-secondary-text-color); }
.wechat-file-words { min-width: 0; display: flex; flex-direction: column; }
.wechat-file-name { overflow-wrap: anywhere; }
.wechat-file-detail { font-size: 11px; color: var(--red-ui-secondary-text-color); }
.wechat-picture { min-width: 48px; min-height: 48px; max-width: 100%; padding: 0; border: 0; border-radius: 7px; overflow: hidden; background: var(--red-ui-secondary-background); }
.wechat-picture img { display: block; max-width: min(100%, 240px); max-height: 240px; }
.wechat-newer { position: absolute; right: 12px; bottom: 10px; padding: 4px 12px; border: 0; border-radius: 14px; background: var(--wechat-green); color: #fff;
  font: inherit; font-size: 12px; box-shadow: 0 2px 6px rgb(0 0 0 / 25%); cursor: pointer; }
.wechat-composer { flex: none; padding: 6px 8px 8px; background: var(--red-ui-primary-background); border-top: 1px solid var(--red-ui-secondary-border-color); }
.wechat-composer .wechat-problem { padding: 2px 4px 6px; }
.wechat-blocked { padding: 6px 4px; font-size: 13px; color: var(--red-ui-secondary-text-color); }
.wechat-speaker { min-width: 0; display: flex; align-items: center; gap: 6px; margin: 0 2px 6px; font-size: 12px; color: var(--red-ui-secondary-text-color); }
.wechat-speaker span { flex: none; font-size: 12px; }
.wechat-speaker select { width: auto; flex: 1; max-width: 220px; height: 26px; padding: 0 6px; font-size: 12px; }
.wechat-write { display: flex; align-items: flex-end; gap: 2px; }
.wechat-write .wechat-icon-button { height: 34px; }
.wechat-write .wechat-text { flex: 1; min-width: 0; height: 34px; min-height: 34px; margin: 0 4px; padding: 6px 10px; resize: none; }
.wechat-send { flex: none; width: 40px; height: 34px; padding: 0; border: 0; border-radius: 5px; background: var(--wechat-green); color: #fff; font-size: 15px; cursor: pointer; }
.wechat-send:hover { filter: brightness(1.08); }
.wechat-contact-field { flex: 1; min-width: 0; }
.wechat-options { font-size: inherit; }
.wechat-option { align-items: center; padding: 5px 8px; }
.wechat-option .wechat-avatar, .wechat-member-list .wechat-avatar { width: 26px; height: 26px; font-size: 12px; border-radius: 4px; }
.wechat-option-detail { text-align: left; }
.wechat-members { flex: none; max-height: 45%; overflow-y: auto; padding: 8px 10px; background: var(--red-ui-primary-background); border-bottom: 1px solid var(--red-ui-secondary-border-color); }
.wechat-form-line { display: flex; align-items: center; gap: 6px; margin-bottom: 6px; }
.wechat-form-line .red-ui-button { flex: none; height: 30px; line-height: 28px; padding: 0 10px; }
.wechat-member-list { margin: 0; padding: 0; list-style: none; }
.wechat-member-list li { display: flex; align-items: center; gap: 8px; padding: 3px 0; }
.wechat-member-name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.wechat-member-name small { color: var(--red-ui-secondary-text-color); }
.wechat-phone { flex: none; max-height: 62%; overflow-y: auto; padding: 4px 0; border-bottom: 1px solid var(--red-ui-secondary-border-color); background: var(--red-ui-secondary-background); }
.wechat-part { margin: 0; padding: 4px 12px 8px; border: 0; }
.wechat-part legend { width: auto; margin: 0 0 6px; padding: 0; border: 0; font-size: 12px; font-weight: 600; line-height: 18px; color: var(--red-ui-secondary-text-color); }
.wechat-switch { display: flex; align-items: center; gap: 7px; margin: 0 0 5px; font-size: 13px; color: inherit; cursor: pointer; }
.wechat-switch input[type=checkbox] { width: auto; margin: 0; flex: none; }
.wechat-switch select { width: auto; flex: 1; max-width: 200px; height: 28px; padding: 2px 6px; }
.wechat-entries { flex: 1; min-height: 0; margin: 0; padding: 0; overflow-y: auto; list-style: none; }
.wechat-entry { border-bottom: 1px solid var(--red-ui-secondary-border-color); line-height: 1.4; }
.wechat-entry-head { display: grid; grid-template-columns: 20px minmax(0, 1fr) auto; gap: 0 6px; width: 100%; padding: 6px 10px; border: 0; background: none;
  color: inherit; font: inherit; text-align: left; cursor: pointer; }
.wechat-entry-head:focus-visible { outline-offset: -2px; }
.wechat-entry-head:hover { background: var(--red-ui-list-item-background-hover); }
.wechat-entry-head .fa { line-height: inherit; color: var(--red-ui-secondary-text-color); }
.wechat-entry-name { font-weight: 600; font-size: 13px; overflow-wrap: anywhere; }
.wechat-entry-time { font-size: 12px; color: var(--red-ui-secondary-text-color); font-variant-numeric: tabular-nums; }
.wechat-entry-summary { grid-column: 2 / -1; min-width: 0; font-size: 12px; color: var(--red-ui-secondary-text-color); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.wechat-entry-failed .wechat-entry-head .fa, .wechat-entry-failed .wechat-entry-summary { color: var(--red-ui-text-color-error); }
.wechat-entry-details { padding: 0 10px 10px 36px; }
.wechat-entry-details .wechat-problem { margin: 0 0 6px; padding: 0; }
.wechat-entry-details pre { max-height: 320px; margin: 6px 0 0; padding: 8px; overflow: auto; border: 1px solid var(--red-ui-secondary-border-color); border-radius: 5px;
  background: var(--red-ui-tertiary-background); color: inherit; font-family: var(--red-ui-monospace-font, monospace); font-size: 12px; line-height: 1.45;
  white-space: pre-wrap; overflow-wrap: anywhere; }
}
`;

/** Puts the rules into the page. */
export function addSidebarStyle(): void {
  const style = document.createElement('style');
  style.id = id;
  style.textContent = rules;
  document.head.append(style);
}
