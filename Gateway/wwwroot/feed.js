// One session's events over /ws, in order and each once, across lost connections.
import { call } from './api.js';

const pingEvery = 30000;
const pongWithin = 15000;
const openWithin = 15000;
// After the page slept or the network changed, an open connection has to prove itself sooner.
const proofWithin = 5000;
const firstDelay = 1000;
const longestDelay = 20000;
// A connection that lasted this long was a good one: the next loss is a first one again.
const goodAfter = 5000;
// A longer session is read in pages first: over the connection each event is a task of its own for the browser.
const longAfter = 2000;
const pageOf = 10000;
// What the gateway means by a close frame: do not come back as you are. All other codes come from a proxy that restarts
// or is tired of waiting, and are taken for a lost connection.
const finalCodes = [1002, 1003, 1007, 1008, 1009];

export class Feed {
  // onFrame gets each event once; onConnection a sentence, and whether there is something to connect by hand.
  constructor(sessionId, onFrame, onConnection) {
    Object.assign(this, { sessionId, onFrame, onConnection, lastSeq: 0, losses: 0, stopped: false });
    this.wake = () => this.prove();
    this.seen = () => { if (!document.hidden) this.prove(); };
  }

  // written: the seq of the session's last event, as far as is known.
  start(written) {
    addEventListener('online', this.wake);
    addEventListener('pageshow', this.wake);
    document.addEventListener('visibilitychange', this.seen);
    if (written > longAfter) this.read();
    else this.connect();
  }

  // Reads what is written already. Where that fails the connection brings the rest, and tells what is wrong.
  async read() {
    this.onConnection('reading', false);
    this.reading = new AbortController();
    const { signal } = this.reading;
    try {
      for (let last = Infinity; this.lastSeq < last;) {
        const within = AbortSignal.any([signal, AbortSignal.timeout(openWithin)]);
        const page = await call('GET', `/sessions/${encodeURIComponent(this.sessionId)}/events?after_seq=${this.lastSeq}&limit=${pageOf}`, undefined, within);
        if (page.events.length === 0) break;
        page.events.forEach((frame) => this.take(frame));
        last = page.last_seq;
      }
    } catch {
      // Nothing is lost: the connection goes on after the last event that was taken.
    }
    if (!signal.aborted) this.connect();
  }

  stop() {
    this.stopped = true;
    this.reading?.abort();
    removeEventListener('online', this.wake);
    removeEventListener('pageshow', this.wake);
    document.removeEventListener('visibilitychange', this.seen);
    this.leave();
    this.onConnection('', false);
  }

  // Connects now, whatever was planned.
  connect() {
    this.leave();
    this.refusal = undefined;
    this.onConnection(this.losses ? 'connecting again' : 'connecting', false);
    const socket = new WebSocket(this.address());
    this.socket = socket;
    this.deadline = setTimeout(() => this.lost(socket), openWithin);
    socket.onopen = () => this.opened(socket);
    socket.onmessage = ({ data }) => this.heard(JSON.parse(data));
    socket.onclose = ({ code, reason }) => {
      if (finalCodes.includes(code)) this.refused(reason);
      else this.lost(socket);
    };
  }

  address() {
    const url = new URL('ws', document.baseURI);
    url.protocol = url.protocol.replace('http', 'ws');
    url.hash = '';
    url.searchParams.set('session_id', this.sessionId);
    url.searchParams.set('after_seq', this.lastSeq);
    // A page that comes late reads whole texts instead of every token.
    url.searchParams.set('merge', 'true');
    return url;
  }

  opened(socket) {
    this.expectNothing();
    this.openedAt = performance.now();
    this.pings = setInterval(() => this.ping(socket, pongWithin), pingEvery);
    this.onConnection('live', false);
  }

  heard(frame) {
    // Whatever comes shows that the connection lives; the answer to a ping is only the least of it.
    this.expectNothing();
    // Replies to this connection's own frames have no seq; an error among them says why a close comes.
    if (frame.event === 'error' && frame.seq === undefined) this.refusal = frame.data?.error;
    if (frame.data) this.take(frame);
  }

  take(frame) {
    if (frame.seq === undefined || frame.seq <= this.lastSeq || this.stopped) return;
    this.lastSeq = frame.seq;
    this.onFrame(frame);
  }

  ping(socket, within) {
    socket.send('{"cmd":"ping"}');
    this.expectNothing();
    this.deadline = setTimeout(() => this.lost(socket), within);
  }

  expectNothing() {
    clearTimeout(this.deadline);
    this.deadline = undefined;
  }

  // The page is back, or the network is: what slept may be dead without knowing it, and what waits need not wait any longer.
  prove() {
    if (this.socket?.readyState === WebSocket.OPEN) this.ping(this.socket, proofWithin);
    else if (this.retry !== undefined) this.connect();
  }

  // A dead connection may take minutes to close, so nobody waits for its close event.
  lost(socket) {
    if (socket !== this.socket) return;
    if (performance.now() - this.openedAt >= goodAfter) this.losses = 0;
    this.leave();
    const delay = Math.min(longestDelay, firstDelay * 2 ** this.losses) * (0.5 + Math.random() / 2);
    this.losses += 1;
    this.retry = setTimeout(() => this.connect(), delay);
    this.onConnection('connection lost, trying again', true);
  }

  refused(reason) {
    this.leave();
    this.onConnection(`closed: ${this.refusal ?? (reason || 'the gateway ended the connection')}`, true);
  }

  // Lets go of the socket and of every timer; nothing that still comes from the socket is heard.
  leave() {
    this.expectNothing();
    clearInterval(this.pings);
    clearTimeout(this.retry);
    this.retry = undefined;
    this.openedAt = undefined;
    const { socket } = this;
    if (!socket) return;
    this.socket = undefined;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  }
}
