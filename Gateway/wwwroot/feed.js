// One session's events over /ws, in order and each once, across lost connections.
const maxAttempts = 5;
const stepMilliseconds = 3000;
const pingMilliseconds = 30000;

export class Feed {
  constructor(sessionId, onFrame, onConnection) {
    this.sessionId = sessionId;
    this.onFrame = onFrame;
    this.onConnection = onConnection;
    this.lastSeq = 0;
    this.attempts = 0;
    this.stopped = false;
  }

  start() {
    const url = new URL('ws', document.baseURI);
    url.protocol = url.protocol.replace('http', 'ws');
    url.hash = '';
    url.searchParams.set('session_id', this.sessionId);
    url.searchParams.set('after_seq', this.lastSeq);
    const socket = new WebSocket(url);
    const ping = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN) socket.send('{"cmd":"ping"}');
    }, pingMilliseconds);
    this.socket = socket;
    socket.onopen = () => this.onConnection('live');
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      // Replies to this connection's own frames have no seq.
      if (!frame.data || frame.seq === undefined || frame.seq <= this.lastSeq || this.stopped) return;
      this.lastSeq = frame.seq;
      this.attempts = 0;
      this.onFrame(frame);
    };
    socket.onclose = ({ wasClean, reason }) => {
      clearInterval(ping);
      if (!this.stopped) this.closed(wasClean, reason);
    };
  }

  // A closing handshake means: do not come back as you are. Only a lost connection is taken up again.
  closed(wasClean, reason) {
    if (wasClean || this.attempts >= maxAttempts) {
      this.onConnection(reason ? `closed: ${reason}` : 'disconnected; reload the page to go on');
      return;
    }
    this.attempts += 1;
    this.onConnection(`connection lost, trying again (${this.attempts} of ${maxAttempts})`);
    this.timer = setTimeout(() => this.start(), stepMilliseconds * this.attempts);
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.socket?.close(1000);
    this.onConnection('');
  }
}
