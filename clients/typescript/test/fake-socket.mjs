// A WebSocket in the hands of a test.
export class FakeSocket {
  static all = [];
  readyState = 0;
  sent = [];

  constructor(address) {
    this.address = address;
    FakeSocket.all.push(this);
  }

  static get last() {
    return FakeSocket.all.at(-1);
  }

  static get open() {
    return FakeSocket.all.filter(socket => socket.readyState === 1);
  }

  accept() {
    this.readyState = 1;
    this.onopen?.();
  }

  send(text) {
    if (this.readyState !== 1) throw new Error('The socket is not open.');
    this.sent.push(JSON.parse(text));
  }

  hear(frame) {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  // Answers the oldest command of a kind that has not been answered.
  ack(cmd, data = {}) {
    const at = this.sent.findIndex(frame => frame.cmd === cmd);
    if (at < 0) throw new Error(`No ${cmd} was sent: ${JSON.stringify(this.sent)}`);
    const [{ id, data: asked }] = this.sent.splice(at, 1);
    this.hear({ event: 'ack', id, timestamp: time(0), data: { session_id: asked?.session_id, ...data } });
  }

  refuse(cmd, code) {
    const at = this.sent.findIndex(frame => frame.cmd === cmd);
    const [{ id }] = this.sent.splice(at, 1);
    this.hear({ event: 'error', id, timestamp: time(0), data: { code, error: 'No.', cmd } });
  }

  commands(cmd) {
    return this.sent.filter(frame => frame.cmd === cmd);
  }

  // Ends from the other side; 1006 is a connection that broke.
  drop(code = 1006, reason = '') {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }

  close() {
    this.readyState = 3;
  }
}

// What a page has to tell that it wakes.
export class FakeWindow extends EventTarget {
  document = Object.assign(new EventTarget(), { hidden: false });
  navigator = { onLine: true };

  tell(name) {
    this.dispatchEvent(new Event(name));
  }

  show() {
    this.document.hidden = false;
    this.document.dispatchEvent(new Event('visibilitychange'));
  }
}

export const time = seq => new Date(Date.UTC(2026, 10, 22, 10, 0, seq)).toISOString().replace('Z', '0000Z');

const frame = (event, seq, data, node_id) => ({ event, timestamp: time(seq), ...(node_id ? { node_id } : {}), seq, data: { session_id: 's', ...(node_id ? { node_id } : {}), ...data } });

export const token = (seq, chunk = `t${seq} `) => frame('token_stream', seq, { agent_id: 'a', chunk, is_thinking: false }, 'n');

export const end = seq => frame('execution:completed', seq, { status: 'completed', output: 'done', totals: { input_tokens: 0, output_tokens: 0, estimated_cost_usd: 0 } });

// Lets promises settle.
export const settle = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};
