import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { fetchFile } from '../../../../src/commands/content/download';
import { failure } from '../../../support/commanded-bot';
import { serve, serveBytes, type WebServer } from '../../../support/web-server';

describe('fetching a file', () => {
  const direct = { privateAddresses: 'direct', maxBytes: 1000 } as const;
  const quick = { idle: 60, overall: 10_000 };
  const servers: WebServer[] = [];

  const open = async (server: Promise<WebServer>): Promise<WebServer> => {
    servers.push(await server);
    return server;
  };

  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  const file: RequestListener = (_request, response) => {
    response.end('content');
  };

  it('gives its content, and its name as the URL has it', async () => {
    const { url } = await open(serve(file));
    const fetched = await fetchFile(`${url}/files/%E6%8A%A5%E5%91%8A.pdf?token=1`, direct);
    assert.deepEqual(fetched, { name: '报告.pdf', data: Buffer.from('content') });
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
    it(`calls it ${name} for Content-Disposition ${header}`, async () => {
      const { url } = await open(
        serve((_request, response) => response.setHeader('content-disposition', header).end('x')),
      );
      assert.equal((await fetchFile(`${url}/download.php`, direct)).name, name);
    });
  }

  it('has no name where neither the server nor the URL has one', async () => {
    const { url } = await open(serve(file));
    assert.equal((await fetchFile(url, direct)).name, '');
  });

  it('takes http and https URLs only', async () => {
    for (const url of [
      'ftp://example.com/x',
      'file:///etc/passwd',
      'gopher://x',
      'no url',
      '//example.com/x',
    ]) {
      await assert.rejects(fetchFile(url, direct), failure('INVALID_PARAMS', url), url);
    }
  });

  it('tells what the server answered instead of the file, without the password and the query', async () => {
    const { port } = await open(serve((_request, response) => response.writeHead(404).end('not here')));
    await assert.rejects(
      fetchFile(`http://me:secret@127.0.0.1:${port}/x.png?key=hidden`, direct),
      (error) => {
        assert.ok(!/secret|hidden|not here/.test((error as Error).message));
        return failure('FAILED', '404', '/x.png')(error);
      },
    );
  });

  it('tells that nobody is there', async () => {
    const server = await serve(file);
    const { url } = server;
    await server.close();
    await assert.rejects(fetchFile(url, direct), failure('FAILED', 'ECONNREFUSED'));
  });

  it('tells the percentage while it comes', async () => {
    const { url } = await open(
      serve((_request, response) => {
        response.writeHead(200, { 'content-length': 10 });
        response.write('12345');
        setImmediate(() => response.end('67890'));
      }),
    );
    const percents: number[] = [];
    await fetchFile(url, direct, (percent) => percents.push(percent));
    assert.equal(percents.at(-1), 100);
    assert.deepEqual(
      percents,
      [...new Set(percents)].sort((one, other) => one - other),
    );
  });

  describe('from private addresses', () => {
    it('is refused by policy, whatever the address looks like', async () => {
      const { port } = await open(serve(file));
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
        await assert.rejects(fetchFile(url, policy, undefined, quick), failure('REFUSED', 'private'), host);
      }
    });

    it('is allowed where the URL itself names them', async () => {
      const { port } = await open(serve(file));
      assert.equal(String((await fetchFile(`http://localhost:${port}/x`, direct)).data), 'content');
    });

    const redirectTo = (location: string, status = 302) =>
      open(serve((_request, response) => response.writeHead(status, { location }).end()));

    it('is refused where a redirect leads there', async () => {
      const inner = await open(serve(file));
      const first = await redirectTo(`http://localhost:${inner.port}/internal`);
      await assert.rejects(fetchFile(first.url, direct), failure('REFUSED', 'private'));
      const second = await redirectTo(first.url);
      await assert.rejects(fetchFile(second.url, direct), failure('REFUSED', 'private'));
      const free = { privateAddresses: 'allow', maxBytes: 1000 } as const;
      assert.equal(String((await fetchFile(second.url, free)).data), 'content');
    });

    it('is allowed where a redirect stays at the server that was named', async () => {
      const { url } = await open(
        serve((request, response) => {
          if (request.url === '/file.txt') response.end('moved');
          else response.writeHead(307, { location: '/file.txt' }).end();
        }),
      );
      assert.deepEqual(await fetchFile(`${url}/old`, direct), {
        name: 'file.txt',
        data: Buffer.from('moved'),
      });
    });

    it('goes along with five redirects, not with six, and with none out of http', async () => {
      const { url } = await open(
        serve((request, response) => {
          const left = Number(request.url?.slice(1));
          if (left === 0) response.end('there');
          else response.writeHead(301, { location: `/${left - 1}` }).end();
        }),
      );
      assert.equal(String((await fetchFile(`${url}/5`, direct)).data), 'there');
      await assert.rejects(fetchFile(`${url}/6`, direct), failure('FAILED', 'redirects'));
      const toFile = await redirectTo('file:///etc/passwd');
      await assert.rejects(fetchFile(toFile.url, direct), failure('INVALID_PARAMS'));
    });
  });

  describe('from a server that lies', () => {
    it('is refused when too large a size is announced, before anything else is read', async () => {
      const { url } = await open(
        serveBytes('HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n', () => undefined),
      );
      await assert.rejects(fetchFile(url, direct), failure('REFUSED', 'MB'));
    });

    it('is ended when more comes than is allowed', async () => {
      let closed: (() => void) | undefined;
      const gone = new Promise<void>((resolve) => (closed = resolve));
      const { url } = await open(
        serve((_request, response) => {
          response.on('close', () => closed?.());
          const more = (): void => {
            while (!response.destroyed && response.write(Buffer.alloc(600)));
            if (!response.destroyed) response.once('drain', more);
          };
          more();
        }),
      );
      await assert.rejects(fetchFile(url, direct), failure('REFUSED', 'MB'));
      await gone;
    });

    it('fails when less comes than was announced', async () => {
      const { url } = await open(serveBytes('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort'));
      await assert.rejects(fetchFile(url, direct), failure('FAILED', url));
    });

    it('fails when it is encoded though that was not asked for', async () => {
      const { url } = await open(
        serve((_request, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('x')),
      );
      await assert.rejects(fetchFile(url, direct), failure('FAILED', 'br'));
    });

    it('fails when it is no web server', async () => {
      const { url } = await open(serveBytes('220 smtp.example.com ready\r\n'));
      await assert.rejects(fetchFile(url, direct), failure('FAILED', url));
    });
  });

  describe('from a server that hangs', () => {
    it('gives up when it never answers', async () => {
      const { url } = await open(serve(() => undefined));
      await assert.rejects(fetchFile(url, direct, undefined, quick), failure('TIMEOUT', url));
    });

    it('gives up when it stops in the middle', async () => {
      const half = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf';
      const { url } = await open(serveBytes(half, () => undefined));
      await assert.rejects(fetchFile(url, direct, undefined, quick), failure('TIMEOUT', url));
    });

    it('gives up when it drips for ever', async () => {
      const { url } = await open(
        serve((_request, response) => {
          const drip = setInterval(() => response.write('.'), 5);
          response.on('close', () => {
            clearInterval(drip);
          });
        }),
      );
      await assert.rejects(
        fetchFile(url, direct, undefined, { idle: 10_000, overall: 100 }),
        failure('TIMEOUT', url),
      );
    });
  });
});
