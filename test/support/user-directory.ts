import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { linkInstalledModules } from './package-install';

/** A node as in flows.json; `credentials` as in a deploy from the editor. */
export interface FlowNode {
  id: string;
  type: string;
  wires?: string[][];
  credentials?: Record<string, string>;
  [property: string]: unknown;
}

/**
 * Creates a flow with one tab: a node with `wires` gets a position on the tab; one without is a config node. Nodes
 * that already have a `z`, and tabs, are unchanged.
 */
export function flow(...nodes: FlowNode[]): FlowNode[] {
  const placed = nodes.map((node, index) =>
    node.wires === undefined || 'z' in node ? node : { ...node, z: 'tab', x: 200, y: 60 * (index + 1) },
  );
  return [{ id: 'tab', type: 'tab', label: 'Test' }, ...placed];
}

/** A fresh user directory: the packed tarball installed, and the test's own probe (see node-red-agent.ts). */
export function createUserDirectory(): string {
  const userDir = mkdtempSync(join(tmpdir(), 'node-red-'));
  linkInstalledModules(userDir);
  mkdirSync(join(userDir, 'nodes'));
  buildSync({
    entryPoints: [join(__dirname, 'node-red-agent.ts')],
    outfile: join(userDir, 'nodes', 'agent.js'),
    format: 'cjs',
    platform: 'node',
  });
  // Node-RED loads a local file as a node only if it has an HTML file.
  writeFileSync(
    join(userDir, 'nodes', 'agent.html'),
    `<script type="text/javascript">
       RED.nodes.registerType('test-sink', { category: 'test', defaults: {}, inputs: 1, outputs: 0 });
     </script>`,
  );
  return userDir;
}

/** Writes the initial flows. Node-RED encrypts the credentials at the first deploy. */
export function writeFlows(userDir: string, flows: FlowNode[]): void {
  const plain = flows.map(({ credentials, ...node }) => node);
  const credentials = flows.flatMap((node) =>
    node.credentials ? [[node.id, node.credentials] as const] : [],
  );
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(plain));
  if (credentials.length === 0) return;
  writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify(Object.fromEntries(credentials)));
}

/**
 * Writes settings.js: no network access, listens on loopback only.
 * @param port 0: a free port.
 * @param settings overrides; plain JSON.
 */
export function writeSettings(userDir: string, port: number, settings: object): void {
  const all = {
    uiHost: '127.0.0.1',
    uiPort: port,
    flowFile: 'flows.json',
    credentialSecret: 'the harness',
    lang: 'en-US',
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false, palette: { catalogues: [] } },
    externalModules: { palette: { allowInstall: false } },
    ...settings,
  };
  writeFileSync(join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(all)};`);
}
