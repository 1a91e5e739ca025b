// The library against a gateway that really runs; its address is in GATEWAY.
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { afterEach, test } from 'node:test';
import { forever, GatewayClient } from '../dist/index.js';

const address = process.env.GATEWAY;
const clients = [];

// Counts the sockets that it makes.
const make = (where = address, options = {}) => {
  const sockets = [];
  const client = new GatewayClient(where, {
    reconnect: forever,
    WebSocket: class extends WebSocket {
      constructor(url) {
        super(url);
        sockets.push(this);
      }
    },
    ...options,
  });
  clients.push(client);
  return Object.assign(client, { sockets });
};

afterEach(() => clients.splice(0).forEach(client => client.close()));

const debate = { workflow_id: 'council-debate', subject: 'Should cities ban cars?' };

const record = session => {
  const events = [];
  session.onEvent(event => events.push(event));
  return events;
};

const whole = events => assert.deepEqual(events.map(event => event.seq), events.map((_, at) => at + 1));

// What a session looks like over HTTP, which is the engine's own fold.
const snapshot = async id => (await fetch(new URL(`/api/v1/sessions/${id}`, address))).json();

test('a debate is started, watched to its end, and shown as the gateway knows it', async () => {
  const client = make();
  const session = await client.start(debate);
  const events = record(session);

  const { status, output } = await session.completion();

  assert.equal(status, 'completed');
  whole(events);
  const { run, messages } = session.getSnapshot();
  const known = await snapshot(session.id);
  assert.deepEqual([run.status, run.output, run.totals, run.lastSeq], ['completed', output, known.totals, known.last_seq]);
  for (const [id, node] of Object.entries(known.nodes)) {
    assert.equal(messages.messages.find(message => message.nodeId === id && message.kind === 'agent')?.text ?? '', node.text);
  }
  assert.deepEqual(messages.groups.map(group => group.branches.length), [2, 3]);
});

test('own commands are seen when their seq is reached', async () => {
  const client = make();
  const session = await client.start({
    subject: 'Tea?',
    workflow: {
      agents: { a: { name: 'A', instructions: 'Answer at length.', model: 'slow' } },
      nodes: { start: { type: 'start', next: 'a' }, a: { type: 'agent', agent: 'a', next: 'end' }, end: { type: 'end' } },
    },
  });
  session.subscribe(() => {});

  await session.reached(await session.pause());
  assert.deepEqual([session.getSnapshot().run.status, session.getSnapshot().run.pauseReason], ['paused', 'user_requested']);
  await session.reached(await session.input('Think of the disabled.'));
  assert.ok(session.getSnapshot().messages.messages.some(message => message.isHeld));
  await session.reached(await session.resume());
  assert.ok(session.getSnapshot().messages.messages.some(message => message.kind === 'user' && !message.isHeld));
  await session.reached(await session.cancel());
  assert.equal(session.getSnapshot().run.status, 'cancelled');
});

test('a prompt is answered', async () => {
  const client = make();
  const session = await client.start({ workflow_id: 'reviewed-draft', subject: 'A letter' });
  const open = new Promise(resolve => {
    session.subscribe(() => {
      const { openPrompts, nodes } = session.getSnapshot().run;
      if (openPrompts.length > 0) resolve(nodes.find(node => node.id === openPrompts[0]).prompt);
    });
  });

  const prompt = await open;
  await session.input('fine', { promptId: prompt.prompt_id });
  assert.equal((await session.completion()).status, 'completed');
  await assert.rejects(session.input('again', { promptId: prompt.prompt_id }), { code: 'session_finished' });
});

test('what waits is listed, watched over cut connections, and answered from the inbox', async () => {
  const proxy = await cuttable(new URL(address));
  const client = make(`http://127.0.0.1:${proxy.port}`, { reconnect: () => 5 });
  const workflow = { id: 'inbox-test', nodes: { start: { type: 'start', next: 'ask' }, ask: { type: 'human_review', prompt: 'Good?', next: 'end' }, end: { type: 'end' } } };
  const sessions = [await client.start({ subject: 'One', workflow }), await client.start({ subject: 'Two', workflow })];
  const inbox = client.inbox({ workflowId: 'inbox-test' });
  const frames = [];
  inbox.onChange(frame => frames.push(frame));
  const until = async (count, what) => {
    for (let i = 0; inbox.getSnapshot().prompts.length !== count; i++) {
      if (i > 1000) throw new Error(`Waited in vain for ${what}.`);
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  };
  const again = () =>
    new Promise(resolve => {
      const end = inbox.connection.subscribe(() => {
        if (inbox.connection.getSnapshot().state !== 'connected') return;
        end();
        resolve();
      });
      proxy.cut();
    });
  await until(2, 'both questions');
  const listed = [];
  for await (const prompt of client.prompts({ workflowId: 'inbox-test', pageSize: 1 })) listed.push(prompt);
  assert.deepEqual(listed, inbox.getSnapshot().prompts);
  assert.deepEqual(listed.map(prompt => prompt.session_id).sort(), sessions.map(session => session.id).sort());

  await again();
  await inbox.answer(listed[0], 'yes');
  await until(1, 'the answer');
  await again();
  sessions.push(await client.start({ subject: 'Three', workflow }));
  await until(2, 'the third question');
  await assert.rejects(inbox.answer(listed[0], 'yes'), ({ code }) => ['prompt_answered', 'session_finished'].includes(code));
  assert.equal((await client.session(listed[0].session_id).completion()).status, 'completed');
  assert.deepEqual(frames.map(({ event }) => event), ['inbox:reset', 'prompt:opened', 'prompt:opened', 'prompt:closed', 'prompt:opened']);

  for (const { session_id: id } of inbox.getSnapshot().prompts) await client.session(id).cancel();
  await until(0, 'the rest');
  await assert.rejects(client.prompts({ pageSize: 0 }).next(), { code: 'invalid_data' });
  proxy.close();
});

test('a session is forked, and a failed one is tried again', async () => {
  const client = make();
  const workflow = {
    agents: { a: { instructions: 'Answer.', model: 'scripted' } },
    nodes: {
      start: { type: 'start', next: 'b' },
      b: { type: 'agent', agent: 'a', next: 'a' },
      a: { type: 'agent', agent: 'a', prompt: '{{ input.missing }}', next: 'end' },
      end: { type: 'end' },
    },
  };
  const session = await client.start({ subject: 'Tea?', workflow });
  const events = record(session);
  assert.equal((await session.completion()).status, 'failed');
  const cut = events.find(({ data }) => data.node_id === 'b' && data.status === 'completed').seq;

  const fork = await session.fork({ afterSeq: cut, edits: { nodes: { a: { prompt: 'Say it shorter.' } } } });
  assert.equal((await fork.completion()).status, 'completed');
  assert.deepEqual((await snapshot(fork.id)).forked_from, { session_id: session.id, seq: cut });

  const again = await session.retry();
  const shared = record(again);
  assert.equal((await again.completion()).status, 'failed');
  whole(shared);
  assert.equal((await snapshot(again.id)).forked_from.session_id, session.id);
  await assert.rejects(fork.retry(), { code: 'session_not_failed' });
  await assert.rejects(session.fork({ afterSeq: 100000 }), { code: 'seq_out_of_range' });
});

test('connections that are cut in the middle cost no event and double none', async () => {
  const proxy = await cuttable(new URL(address));
  const client = make(`http://127.0.0.1:${proxy.port}`, { reconnect: () => 5 });
  const session = await client.start(debate);
  const events = record(session);
  let cuts = 0;
  session.onEvent(event => {
    if (event.seq % 40 !== 0) return;
    cuts++;
    proxy.cut();
  });

  await session.completion();

  whole(events);
  assert.ok(cuts > 2, `There were only ${cuts} cuts.`);
  const known = await snapshot(session.id);
  assert.deepEqual([session.getSnapshot().run.totals, session.getSnapshot().run.output], [known.totals, known.output]);
  proxy.close();
});

test('many parts of a page and a double mount share one connection', async () => {
  const client = make();
  const session = await client.start(debate);
  const parts = Array.from({ length: 5 }, () => session.subscribe(() => {}));
  const events = record(session);
  parts.forEach(leave => leave());
  session.subscribe(() => {});

  await session.completion();

  whole(events);
  assert.equal(client.sockets.length, 1);
});

test('a session that does not exist is told', async () => {
  const session = make().session('nobody');

  await assert.rejects(session.completion(), { code: 'unknown_session' });
});

// A way to the gateway that can be cut.
const cuttable = async target => {
  const open = new Set();
  const server = createServer(near => {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [[near, far], [far, near]]) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { port: server.address().port, cut: () => open.forEach(socket => socket.destroy()), close: () => server.close() };
};
