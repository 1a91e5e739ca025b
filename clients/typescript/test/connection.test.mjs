// The connection and the sessions on it, with sockets and clocks in the hands of the tests.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { fiveAttempts, forever, GatewayClient } from '../dist/index.js';
import { end, FakeSocket, FakeWindow, settle, time, token } from './fake-socket.mjs';

let page;
let client;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  FakeSocket.all = [];
  page = new FakeWindow();
  client = make();
});

afterEach(() => {
  client.close();
  mock.timers.reset();
});

const make = options => new GatewayClient('http://gateway.test', { WebSocket: FakeSocket, window: page, ...options });
const states = connection => {
  const seen = [];
  connection.subscribe(() => seen.push(connection.getSnapshot().state));
  return seen;
};

// Watches a session on a connection that is open and subscribed; returns its seqs as they come.
const watch = async session => {
  const seqs = [];
  session.onEvent(event => seqs.push(event.seq));
  FakeSocket.last.accept();
  FakeSocket.last.ack('subscribe');
  await settle();
  return seqs;
};

test('the address is that of the WebSocket, and asks for nothing by itself', () => {
  for (const [given, expected] of [
    ['http://gateway.test', 'ws://gateway.test/ws?live=false'],
    ['https://gateway.test/app/', 'wss://gateway.test/app/ws?live=false'],
    ['wss://gateway.test/app/ws?x=1#y', 'wss://gateway.test/app/ws?x=1&live=false'],
  ]) {
    new GatewayClient(given, { WebSocket: FakeSocket }).connection.open();
    assert.equal(FakeSocket.last.address, expected);
  }
});

const waiting = (event, change, promptId = 'p', since = change) => ({
  event,
  timestamp: time(change),
  position: `store.${change}`,
  ...(event === 'inbox:reset' ? {} : { data: { session_id: 's', workflow_id: 'w', prompt_id: promptId, seq: 1, since: time(since), ...(event === 'prompt:opened' ? { prompt: { prompt_id: promptId, text: 'Good?' } } : { outcome: 'answered' }) } }),
});

test('the inbox goes on behind its last change, over a lost connection and for who comes again', async () => {
  const inbox = client.inbox({ assignee: 'ann', workflowId: 'w' });
  const changes = [];
  const leave = inbox.onChange(({ position }) => changes.push(position));
  assert.equal(FakeSocket.last.address, 'ws://gateway.test/ws?inbox=true&assignee=ann&workflow_id=w');
  FakeSocket.last.accept();
  [waiting('inbox:reset', 0), waiting('prompt:opened', 1, 'a', 5), waiting('prompt:opened', 2, 'b', 3)].forEach(frame => FakeSocket.last.hear(frame));
  assert.deepEqual(inbox.getSnapshot().prompts.map(({ prompt_id }) => prompt_id), ['b', 'a']);

  FakeSocket.last.drop();
  mock.timers.tick(3000);
  assert.equal(new URL(FakeSocket.last.address).searchParams.get('after'), 'store.2');
  FakeSocket.last.accept();
  FakeSocket.last.hear(waiting('prompt:closed', 3, 'b'));
  assert.deepEqual(inbox.getSnapshot().prompts.map(({ prompt_id }) => prompt_id), ['a']);
  const answered = inbox.answer(inbox.getSnapshot().prompts[0], { action: 'approve' });
  assert.deepEqual(FakeSocket.last.commands('user_input')[0].data, { session_id: 's', prompt_id: 'a', action: 'approve' });
  FakeSocket.last.ack('user_input', { seq: 7 });
  assert.equal(await answered, 7);

  leave();
  mock.timers.tick(1);
  assert.equal(FakeSocket.open.length, 0);
  inbox.subscribe(() => {});
  assert.equal(new URL(FakeSocket.last.address).searchParams.get('after'), 'store.3');
  FakeSocket.last.accept();
  FakeSocket.last.hear(waiting('inbox:reset', 4));
  assert.deepEqual(inbox.getSnapshot(), { prompts: [], position: 'store.4' });
  assert.deepEqual(changes, ['store.0', 'store.1', 'store.2', 'store.3']);
});

test('a refusal of the inbox is told, and nobody comes back', () => {
  const inbox = client.inbox({ after: 'nowhere' });
  inbox.subscribe(() => {});
  FakeSocket.last.accept();
  FakeSocket.last.hear({ event: 'error', timestamp: time(0), data: { error: 'No position.', code: 'invalid_data' } });
  FakeSocket.last.drop(1008, 'invalid_data');
  mock.timers.tick(60000);
  assert.deepEqual([inbox.getSnapshot().error.code, inbox.getSnapshot().error.message, FakeSocket.all.length], ['invalid_data', 'No position.', 1]);
});

test('events come in order and each once, over a lost connection too', async () => {
  const session = client.session('s');
  const seqs = await watch(session);
  [1, 2, 2, 1, 3].forEach(seq => FakeSocket.last.hear(token(seq)));

  FakeSocket.last.drop();
  mock.timers.tick(3000);
  FakeSocket.last.accept();
  assert.deepEqual(FakeSocket.last.commands('subscribe')[0].data, { session_id: 's', after_seq: 3 });
  FakeSocket.last.ack('subscribe');
  [4, 5].forEach(seq => FakeSocket.last.hear(token(seq)));
  FakeSocket.last.hear(end(6));

  assert.deepEqual(seqs, [1, 2, 3, 4, 5, 6]);
  assert.equal(session.getSnapshot().messages.messages[0].text, 't1 t2 t3 t4 t5 ');
  assert.equal((await session.completion()).output, 'done');
});

test('a missing event is asked for again, and what was still under way is passed over', async () => {
  const seqs = await watch(client.session('s'));
  FakeSocket.last.hear(token(1));
  FakeSocket.last.hear('{"event":"token_stream","se');
  FakeSocket.last.hear(token(3));
  assert.deepEqual(FakeSocket.last.commands('subscribe').map(({ data }) => data.after_seq), [1]);
  FakeSocket.last.hear(token(4));
  FakeSocket.last.ack('subscribe');
  FakeSocket.last.hear(token(5));
  [2, 3, 4, 5, 6].forEach(seq => FakeSocket.last.hear(token(seq)));

  assert.deepEqual(seqs, [1, 2, 3, 4, 5, 6]);
  assert.equal(FakeSocket.last.commands('subscribe').length, 0);
});

// A `null` once threw inside the handler of messages, which nobody hears of: what came after it in the same turn was lost.
test('frames that are no events are passed over, and what follows them is heard', async () => {
  const session = client.session('s');
  const seqs = await watch(session);
  const paused = session.pause();
  for (const text of ['null', '42', 'true', '"token_stream"', '[]', '[null]', '{}', '{"event":7}', '{"event":"error","data":null}', '{"event":"token_stream","seq":"first","data":[]}', 'no JSON', '']) {
    assert.doesNotThrow(() => FakeSocket.last.hear(text), text);
  }

  [1, 2].forEach(seq => FakeSocket.last.hear(token(seq)));
  FakeSocket.last.ack('pause_session', { seq: 2 });

  assert.deepEqual([seqs, await paused, client.connection.getSnapshot().state], [[1, 2], 2, 'connected']);
  assert.equal(session.getSnapshot().error, undefined);
});

test('an event that never comes ends the watching with a reason', async () => {
  const session = client.session('s');
  await watch(session);
  for (let tries = 0; tries <= 5; tries++) [1, 3].forEach(seq => FakeSocket.last.hear(token(seq)));

  assert.equal(session.getSnapshot().error.code, 'events_missing');
});

test('a merged event stands for its run', async () => {
  const seqs = await watch(client.session('s'));
  FakeSocket.last.hear(token(1));
  FakeSocket.last.hear({ ...token(7, 'all at once'), merged_from: 2 });
  FakeSocket.last.hear(token(8));

  assert.deepEqual(seqs, [1, 7, 8]);
});

test('events that this version does not know pass, and those after them are not missing', async () => {
  const seqs = await watch(client.session('s'));
  FakeSocket.last.hear(token(1));
  FakeSocket.last.hear({ event: 'node:sung', timestamp: 'later', seq: 2, extra: [], data: { session_id: 's', tune: 'x' } });
  FakeSocket.last.hear(token(3));

  assert.deepEqual(seqs, [1, 2, 3]);
});

test('five tries, after 3, 6, 9, 12 and 15 seconds, and then the end', async () => {
  const session = client.session('s');
  await watch(session);
  FakeSocket.last.drop();
  for (let attempt = 1; attempt <= 5; attempt++) {
    assert.deepEqual([client.connection.getSnapshot().state, FakeSocket.all.length], ['reconnecting', attempt]);
    mock.timers.tick(attempt * 3000 - 1);
    assert.equal(FakeSocket.all.length, attempt);
    mock.timers.tick(1);
    assert.equal(FakeSocket.all.length, attempt + 1);
    FakeSocket.last.drop();
  }

  const { state, error } = client.connection.getSnapshot();
  assert.deepEqual([state, error.message], ['closed', 'Max reconnection attempts reached']);
  assert.equal(session.getSnapshot().error, error);
  await assert.rejects(session.pause(), error);
  mock.timers.tick(3_600_000);
  assert.equal(FakeSocket.all.length, 6);
  assert.deepEqual([1, 5, 6].map(fiveAttempts), [3000, 15000, undefined]);
  assert.ok([1, 2, 50, 10_000].every(attempt => forever(attempt) <= 30_000));
});

test('the network coming back undoes that end, and nothing has been missed', async () => {
  const session = client.session('s');
  const seqs = await watch(session);
  FakeSocket.last.hear(token(1));
  FakeSocket.last.drop();
  for (let attempt = 1; attempt <= 5; attempt++) {
    mock.timers.tick(attempt * 3000);
    FakeSocket.last.drop();
  }

  page.tell('online');
  FakeSocket.last.accept();
  assert.equal(session.getSnapshot().error, undefined);
  assert.equal(FakeSocket.last.commands('subscribe')[0].data.after_seq, 1);
  FakeSocket.last.hear(token(2));
  FakeSocket.last.hear(end(3));

  assert.deepEqual(seqs, [1, 2, 3]);
});

test('a connection that lasted makes the next loss a first one', async () => {
  await watch(client.session('s'));
  for (let night = 0; night < 20; night++) {
    mock.timers.tick(5000);
    FakeSocket.last.drop();
    assert.equal(client.connection.getSnapshot().attempt, 1);
    mock.timers.tick(3000);
    FakeSocket.last.accept();
  }
});

test('one that is dropped at once does not', async () => {
  await watch(client.session('s'));
  for (let attempt = 1; attempt <= 5; attempt++) {
    FakeSocket.last.drop();
    mock.timers.tick(attempt * 3000);
    FakeSocket.last.accept();
  }

  FakeSocket.last.drop();
  assert.equal(client.connection.getSnapshot().state, 'closed');
});

for (const code of [1002, 1003, 1007, 1008, 1009]) {
  test(`a close with ${code} is obeyed`, async () => {
    const session = client.session('s');
    await watch(session);
    FakeSocket.last.drop(code, 'no more');

    assert.equal(session.getSnapshot().error.code, 'connection_refused');
    page.tell('online');
    mock.timers.tick(3_600_000);
    assert.equal(FakeSocket.all.length, 1);
  });
}

test('a ping without any answer is a lost connection', async () => {
  const seen = states(client.connection);
  await watch(client.session('s'));
  mock.timers.tick(30_000);
  assert.equal(FakeSocket.last.commands('ping').length, 1);
  FakeSocket.last.hear({ event: 'pong', timestamp: 'now', data: {} });
  mock.timers.tick(30_000);
  mock.timers.tick(14_999);
  assert.equal(client.connection.getSnapshot().state, 'connected');
  mock.timers.tick(1);

  assert.deepEqual(seen, ['connecting', 'connected', 'reconnecting']);
});

test('whatever comes is an answer', async () => {
  await watch(client.session('s'));
  mock.timers.tick(30_000);
  FakeSocket.last.hear(token(1));
  mock.timers.tick(15_000);

  assert.equal(client.connection.getSnapshot().state, 'connected');
});

test('a socket that does not open is given up', () => {
  client.connection.open();
  mock.timers.tick(15_000);

  assert.equal(client.connection.getSnapshot().state, 'reconnecting');
});

test('a page that slept asks at once whether its connection lives', async () => {
  const session = client.session('s');
  const seqs = await watch(session);
  FakeSocket.last.hear(token(1));
  const dead = FakeSocket.last;

  page.show();
  assert.equal(dead.commands('ping').length, 1);
  mock.timers.tick(5000);
  mock.timers.tick(3000);
  FakeSocket.last.accept();
  dead.hear(token(2, 'a voice from the grave'));
  FakeSocket.last.hear(token(2));

  assert.deepEqual(seqs, [1, 2]);
  assert.equal(session.getSnapshot().messages.messages[0].text, 't1 t2 ');
  assert.equal(FakeSocket.open.length, 1);
});

test('without a network no try is wasted, and its return is one connection', async () => {
  await watch(client.session('s'));
  page.navigator.onLine = false;
  FakeSocket.last.drop();
  mock.timers.tick(3_600_000);
  assert.equal(FakeSocket.all.length, 1);

  page.navigator.onLine = true;
  page.tell('online');
  page.show();
  page.tell('pageshow');
  assert.equal(FakeSocket.all.length, 2);
});

test('a wait for the next try ends when the page wakes', async () => {
  await watch(client.session('s'));
  FakeSocket.last.drop();
  page.tell('online');

  assert.equal(FakeSocket.all.length, 2);
  mock.timers.tick(3000);
  assert.equal(FakeSocket.all.length, 2);
});

test('a double mount is one connection and one subscription', async () => {
  const session = client.session('s');
  const first = session.subscribe(() => {});
  FakeSocket.last.accept();
  first();
  first();
  const second = session.subscribe(() => {});
  mock.timers.tick(1000);
  assert.equal(FakeSocket.all.length, 1);
  assert.equal(FakeSocket.last.commands('subscribe').length, 1);
  assert.equal(FakeSocket.last.commands('unsubscribe').length, 0);
  FakeSocket.last.ack('subscribe');
  await settle();

  second();
  mock.timers.tick(1);
  await settle();
  assert.equal(FakeSocket.last.commands('unsubscribe').length, 1);
  FakeSocket.last.ack('unsubscribe');
  await settle();
  mock.timers.tick(1);
  assert.deepEqual([client.connection.getSnapshot().state, FakeSocket.open.length], ['idle', 0]);
});

test('the snapshot of a store stays the same object until it changes', async () => {
  const session = client.session('s');
  await watch(session);
  const before = session.getSnapshot();
  assert.equal(session.getSnapshot(), before);
  FakeSocket.last.hear(token(1));
  assert.notEqual(session.getSnapshot(), before);
  assert.equal(before.run.lastSeq, 0);
});

test('commands wait for a connection, say when they took effect, and are seen then', async () => {
  const session = client.session('s');
  const pausing = session.pause();
  FakeSocket.last.accept();
  session.subscribe(() => {});
  FakeSocket.last.ack('pause_session', { seq: 2 });
  const seq = await pausing;
  assert.equal(seq, 2);

  let reached = false;
  const reaching = session.reached(seq).then(() => (reached = true));
  FakeSocket.last.hear(token(1));
  await settle();
  assert.equal(reached, false);
  FakeSocket.last.hear(token(2));
  await reaching;
});

test('a command whose answer was lost is repeated only where that is harmless', async () => {
  client.connection.open();
  FakeSocket.last.accept();
  const pausing = client.session('s').pause();
  const cancelling = client.session('s').cancel();
  const starting = client.start({ workflow_id: 'w', subject: 'x' });
  const { data } = FakeSocket.last.commands('start_session')[0];
  assert.match(data.session_id, /^s-[0-9a-f]{32}$/);
  FakeSocket.last.drop();
  await assert.rejects(pausing, { code: 'connection_lost' });
  mock.timers.tick(3000);
  FakeSocket.last.accept();

  assert.deepEqual(FakeSocket.last.sent.map(({ cmd }) => cmd), ['cancel_session', 'start_session']);
  assert.equal(FakeSocket.last.commands('start_session')[0].data.session_id, data.session_id);
  FakeSocket.last.ack('cancel_session', { seq: 9 });
  FakeSocket.last.ack('start_session', { seq: 3 });
  assert.equal(await cancelling, 9);
  assert.equal((await starting).id, data.session_id);
});

test('a refusal that passes is waited for, and one that does not is told', async () => {
  const session = client.session('s');
  session.subscribe(() => {});
  FakeSocket.last.accept();
  FakeSocket.last.refuse('subscribe', 'limit_exceeded');
  await settle();
  assert.equal(session.getSnapshot().error, undefined);
  mock.timers.tick(500);
  FakeSocket.last.refuse('subscribe', 'too_many_subscriptions');
  await settle();

  assert.deepEqual([session.getSnapshot().error.code, session.getSnapshot().error.message], ['too_many_subscriptions', 'No.']);
});

test('a subscription that the gateway ends is told why', async () => {
  const session = client.session('s');
  await watch(session);
  FakeSocket.last.hear({ event: 'error', timestamp: 'now', data: { session_id: 's', code: 'log_damaged', error: 'Row 7 cannot be read.' } });

  assert.equal(session.getSnapshot().error.code, 'log_damaged');
});

test('a snapshot comes first where it is asked for', async () => {
  const session = client.session('s', { snapshot: true });
  const seqs = await watch(session);
  FakeSocket.last.hear(token(3));
  FakeSocket.last.hear({
    event: 'snapshot',
    timestamp: 'now',
    seq: 40,
    data: { session_id: 's', workflow_id: 'w', status: 'running', last_seq: 40, created_at: 'then', nodes: { n: { status: 'running', text: 'so far ' } }, user_messages: [], held_inputs: [], totals: { input_tokens: 1, output_tokens: 2, estimated_cost_usd: 0 } },
  });
  FakeSocket.last.hear(token(41, 'and on'));

  assert.deepEqual(seqs, [41]);
  assert.equal(FakeSocket.last.commands('subscribe').length, 0);
  assert.equal(session.getSnapshot().messages.messages[0].text, 'so far and on');
});
