import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { downloadFile } from '../../../../src/commands/content/download';
import { failure } from '../../../support/commanded-bot';
import { serve, serveBytes, type WebServer } from '../../../support/web-server';

describe('downloadFile', () => {
  const direct = { privateAddresses: 'direct', maxBytes: 1000 } as const;
  const quick = { idle: 60, overall: 10_000 };
  const servers: WebServer[] = [];

  const track = async (server: Promise<WebServer>): Promise<WebServer> => {
    servers.push(await server);
    return server;
  };

  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  const file: RequestListener = (_request, response) => {
    response.end('content');
  };

  it('returns the content, and the name in the URL', async () => {
    const { url } = await track(serve(file));
    const downloaded = await downloadFile(`${url}/files/%E6%8A%A5%E5%91%8A.pdf?token=1`, direct);
    assert.deepEqual(downloaded, { name: '报告.pdf', data: Buffer.from('content'), declared: '' });
  });

  const dispositions: Record<string, string> = {
    'attachment; filename="a b.txt"': 'a b.txt',
    'attachment; filename=plain.txt; size=3': 'plain.txt',
    "attachment; filename=x.txt; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf": '报告.pdf',
    'attachment; filename="../../etc/passwd"': 'passwd',
    'attachment; filename="C:\\\\temp\\\\x.doc"': 'x.doc',
    inline: 'download.php',
  };
  for (const [header, name] of Object.entries(dispositions)) {
    it(`returns the name ${name} for Content-Disposition ${header}`, async () => {
      const { url } = await track(
        serve((_request, response) => response.setHeader('content-disposition', header).end('x')),
      );
      assert.equal((await downloadFile(`${url}/download.php`, direct)).name, name);
    });
  }

  it('returns an empty name if neither the server nor the URL has one', async () => {
    const { url } = await track(serve(file));
    assert.equal((await downloadFile(url, direct)).name, '');
  });

  it('rejects URLs other than http and https', async () => {
    for (const url of [
      'ftp://example.com/x',
      'file:///etc/passwd',
      'gopher://x',
      'no url',
      '//example.com/x',
    ]) {
      await assert.rejects(downloadFile(url, direct), failure('INVALID_PARAMS', url), url);
    }
  });

  it('reports the HTTP status without credentials and query', async () => {
    const { port } = await track(serve((_request, response) => response.writeHead(404).end('not here')));
    await assert.rejects(
      downloadFile(`http://me:secret@127.0.0.1:${port}/x.png?key=hidden`, direct),
      (error) => {
        assert.ok(!/secret|hidden|not here/.test((error as Error).message));
        return failure('FAILED', '404', '/x.png')(error);
      },
    );
  });

  it('reports a refused connection', async () => {
    const server = await serve(file);
    const { url } = server;
    await server.close();
    await assert.rejects(downloadFile(url, direct), failure('FAILED', 'ECONNREFUSED'));
  });

  it('reports progress in percent', async () => {
    const { url } = await track(
      serve((_request, response) => {
        response.writeHead(200, { 'content-length': 10 });
        response.write('12345');
        setImmediate(() => response.end('67890'));
      }),
    );
    const percents: number[] = [];
    await downloadFile(url, direct, (percent) => percents.push(percent));
    assert.equal(percents.at(-1), 100);
    assert.deepEqual(
      percents,
      [...new Set(percents)].sort((a, b) => a - b),
    );
  });

  describe('from private addresses', () => {
    it('rejects private addresses in every notation', async () => {
      const { port } = await track(serve(file));
      const hosts = [
        '127.0.0.1',
        'localhost',
        '[::1]',
        '0.0.0.0',
        '2130706433',
        '0x7f.1',
        '[::ffff:127.0.0.1]',
      ];
      const never = ['10.0.0.1', '192.168.1.1', '169.254.169.254', '172.16.0.1', '[fe80::1]', '[fd00::1]'];
      for (const host of [...hosts, ...never]) {
        const url = `http://${host}:${port}/x`;
        const policy = { privateAddresses: 'refuse', maxBytes: 1000 } as const;
        await assert.rejects(
          downloadFile(url, policy, undefined, quick),
          failure('REFUSED', 'private'),
          host,
        );
      }
    });

    it('allows a private address that the URL names', async () => {
      const { port } = await track(serve(file));
      assert.equal(String((await downloadFile(`http://localhost:${port}/x`, direct)).data), 'content');
    });

    const redirectTo = (location: string, status = 302) =>
      track(serve((_request, response) => response.writeHead(status, { location }).end()));

    it('rejects a redirect to a private address', async () => {
      const inner = await track(serve(file));
      const first = await redirectTo(`http://localhost:${inner.port}/internal`);
      await assert.rejects(downloadFile(first.url, direct), failure('REFUSED', 'private'));
      const second = await redirectTo(first.url);
      await assert.rejects(downloadFile(second.url, direct), failure('REFUSED', 'private'));
      const free = { privateAddresses: 'allow', maxBytes: 1000 } as const;
      assert.equal(String((await downloadFile(second.url, free)).data), 'content');
    });

    it('allows a redirect within the same origin', async () => {
      const { url } = await track(
        serve((request, response) => {
          if (request.url === '/file.txt') response.end('moved');
          else response.writeHead(307, { location: '/file.txt' }).end();
        }),
      );
      assert.deepEqual(await downloadFile(`${url}/old`, direct), {
        name: 'file.txt',
        data: Buffer.from('moved'),
        declared: '',
      });
    });

    it('follows five redirects, not six, and none out of http', async () => {
      const { url } = await track(
        serve((request, response) => {
          const left = Number(request.url?.slice(1));
          if (left === 0) response.end('there');
          else response.writeHead(301, { location: `/${left - 1}` }).end();
        }),
      );
      assert.equal(String((await downloadFile(`${url}/5`, direct)).data), 'there');
      await assert.rejects(downloadFile(`${url}/6`, direct), failure('FAILED', 'redirects'));
      const toFile = await redirectTo('file:///etc/passwd');
      await assert.rejects(downloadFile(toFile.url, direct), failure('INVALID_PARAMS'));
    });
  });

  describe('from a misbehaving server', () => {
    it('rejects a declared size above the limit before it reads the body', async () => {
      const { url } = await track(
        serveBytes('HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n', () => undefined),
      );
      await assert.rejects(downloadFile(url, direct), failure('REFUSED', 'MB'));
    });

    it('aborts a body above the limit', async () => {
      let closed: (() => void) | undefined;
      const gone = new Promise<void>((resolve) => (closed = resolve));
      const { url } = await track(
        serve((_request, response) => {
          response.on('close', () => closed?.());
          const more = (): void => {
            while (!response.destroyed && response.write(Buffer.alloc(600)));
            if (!response.destroyed) response.once('drain', more);
          };
          more();
        }),
      );
      await assert.rejects(downloadFile(url, direct), failure('REFUSED', 'MB'));
      await gone;
    });

    it('fails when the body is shorter than declared', async () => {
      const { url } = await track(serveBytes('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort'));
      await assert.rejects(downloadFile(url, direct), failure('FAILED', url));
    });

    it('fails for a content encoding that was not requested', async () => {
      const { url } = await track(
        serve((_request, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('x')),
      );
      await assert.rejects(downloadFile(url, direct), failure('FAILED', 'br'));
    });

    it('fails for a response that is not HTTP', async () => {
      const { url } = await track(serveBytes('220 smtp.example.com ready\r\n'));
      await assert.rejects(downloadFile(url, direct), failure('FAILED', url));
    });
  });

  describe('from a server that hangs', () => {
    it('times out when there is no response', async () => {
      const { url } = await track(serve(() => undefined));
      await assert.rejects(downloadFile(url, direct, undefined, quick), failure('TIMEOUT', url));
    });

    it('times out when the body stalls', async () => {
      const half = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf';
      const { url } = await track(serveBytes(half, () => undefined));
      await assert.rejects(downloadFile(url, direct, undefined, quick), failure('TIMEOUT', url));
    });

    it('times out when the body trickles', async () => {
      const { url } = await track(
        serve((_request, response) => {
          const drip = setInterval(() => response.write('.'), 5);
          response.on('close', () => {
            clearInterval(drip);
          });
        }),
      );
      await assert.rejects(
        downloadFile(url, direct, undefined, { idle: 10_000, overall: 100 }),
        failure('TIMEOUT', url),
      );
    });
  });
});
