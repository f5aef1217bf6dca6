/**
 * Runs one step of Tencent's own client against a service: `node client.mjs <package> <service> <step> <params>`, where
 * params is JSON. Writes the result as JSON to the standard output, on a line of its own.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, service, step, json] = process.argv.slice(2);
const { baseUrl, cdnUrl } = JSON.parse(service);
const params = JSON.parse(json);
const load = (path) => import(pathToFileURL(join(folder, 'dist', 'src', path)).href);

// The host of QR codes is fixed in the client.
const realFetch = globalThis.fetch;
globalThis.fetch = (url, options) =>
  realFetch(String(url).replace('https://ilinkai.weixin.qq.com', baseUrl), options);

const api = await load('api/api.js');
const steps = {
  async login() {
    const { startWeixinLoginWithQr, waitForWeixinLogin } = await load('auth/login-qr.js');
    const { qrcodeUrl, sessionKey } = await startWeixinLoginWithQr({ apiBaseUrl: baseUrl });
    report({ qrcodeUrl });
    return waitForWeixinLogin({ sessionKey, apiBaseUrl: baseUrl, timeoutMs: 60_000 });
  },
  poll: ({ token, cursor }) => api.getUpdates({ baseUrl, token, get_updates_buf: cursor }),
  send: ({ token, msg }) => api.sendMessage({ baseUrl, token, body: { msg } }),
  config: ({ token, ...rest }) => api.getConfig({ baseUrl, token, ...rest }),
  typing: ({ token, body }) => api.sendTyping({ baseUrl, token, body }),
  notify: async ({ token }) => [
    await api.notifyStart({ baseUrl, token }),
    await api.notifyStop({ baseUrl, token }),
  ],
  async upload({ token, toUserId, filePath, kind }) {
    const upload = await load('cdn/upload.js');
    const options = { filePath, fileName: 'f', toUserId, opts: { baseUrl, token }, cdnBaseUrl: cdnUrl };
    if (kind === 'image') return upload.uploadFileToWeixin(options);
    if (kind === 'video') return upload.uploadVideoToWeixin(options);
    return upload.uploadFileAttachmentToWeixin(options);
  },
  async download({ item, saveAs }) {
    const { downloadMediaFromItem } = await load('media/media-download.js');
    const saveMedia = (buffer) => {
      writeFileSync(saveAs, buffer);
      return Promise.resolve({ path: saveAs });
    };
    const problems = [];
    const errLog = (problem) => problems.push(problem);
    await downloadMediaFromItem(item, { cdnBaseUrl: cdnUrl, saveMedia, log() {}, errLog, label: 'test' });
    return { problems };
  },
};

function report(result) {
  process.stdout.write(`\n${JSON.stringify({ result })}\n`);
}

try {
  report((await steps[step](params)) ?? {});
} catch (error) {
  report({ error: String(error) });
}
process.exit();
