import type { AckFrame, CommandData, ErrorReply, GatewayFrame, ReplyData } from './contracts.js';
import { GatewayError } from './errors.js';
import { Signal, type Store } from './store.js';

/** How long to wait before a try, in milliseconds, counted from 1 after the loss of a connection; undefined: give up. */
export type ReconnectPolicy = (attempt: number) => number | undefined;

/** Five tries, after 3, 6, 9, 12 and 15 seconds; then the connection is closed with `Max reconnection attempts reached`. */
export const fiveAttempts: ReconnectPolicy = attempt => (attempt <= 5 ? attempt * 3000 : undefined);

/** At once, then twice as long each time up to half a minute, for ever. */
export const forever: ReconnectPolicy = attempt => (attempt === 1 ? 0 : Math.min(30_000, 1000 * 2 ** (attempt - 2)) * (0.5 + Math.random() / 2));

/** Where a connection stands. `closed` with an error is an end that only {@link Connection.open}, or the network coming back, undoes. */
export interface ConnectionStatus {
  readonly state: 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'closed';

  /** How many tries there have been since the connection was lost. */
  readonly attempt: number;
  readonly error?: GatewayError;
}

/** The parts of a page that tell when it wakes; a browser's `window` has them. */
export interface Wakeable {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
  readonly document?: { readonly hidden: boolean; addEventListener(type: string, listener: () => void): void; removeEventListener(type: string, listener: () => void): void };
  readonly navigator?: { readonly onLine?: boolean };
}

/** Settings of a connection; the defaults suit a browser. */
export interface ConnectionOptions {
  /** {@link fiveAttempts} by default. */
  readonly reconnect?: ReconnectPolicy;

  /** The constructor of WebSockets; that of the platform by default. */
  readonly WebSocket?: new (address: string) => WebSocket;

  /** What tells that a page slept or the network came back; the platform's global object by default. */
  readonly window?: Wakeable;

  /** How often the gateway is asked for a sign of life (30 s), and how long it may take to give one (15 s). */
  readonly heartbeatMs?: number;
  readonly answerMs?: number;
}

/** Who is told what arrives. */
export interface ConnectionListener {
  /** There is a new connection, on which nothing is subscribed yet. */
  onConnected(): void;
  onFrame(frame: GatewayFrame): void;

  /** There will be no more connection. */
  onClosed(error: GatewayError): void;
}

interface Pending {
  readonly text: string;
  readonly repeatable: boolean;
  sent: boolean;
  readonly resolve: (data: ReplyData) => void;
  readonly reject: (error: GatewayError) => void;
}

// What the gateway means by a close frame: do not come back as you are. Others come from proxies, which restart or tire of waiting.
const finalCodes = [1002, 1003, 1007, 1008, 1009];
const openWithin = 15_000;
// After the page slept or the network changed, an open connection has to prove itself sooner.
const proofWithin = 5000;
// A connection that lasted this long was a good one: the next loss is a first one again.
const goodAfter = 5000;

/** One WebSocket to a gateway, made again when it is lost. */
export class Connection implements Store<ConnectionStatus> {
  readonly #status = new Signal<ConnectionStatus>({ state: 'idle', attempt: 0 });
  readonly #pending = new Map<string, Pending>();
  readonly #address: URL;
  readonly #query: () => Record<string, string>;
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #window: Wakeable | undefined;
  #socket: WebSocket | undefined;
  #users = 0;
  #kept = false;
  #attempt = 0;
  #goodAt = Infinity;
  #lastId = 0;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #beats: ReturnType<typeof setInterval> | undefined;
  #listening = false;

  /** @param query What each new connection asks for in its address; by default nothing but what is subscribed to. */
  constructor(address: string | URL, listener: ConnectionListener, options: ConnectionOptions = {}, query: () => Record<string, string> = () => ({ live: 'false' })) {
    this.#address = socketAddress(address);
    this.#query = query;
    this.#listener = listener;
    this.#options = options;
    const here = globalThis as unknown as Wakeable;
    this.#window = options.window ?? (typeof here.addEventListener === 'function' ? here : undefined);
  }

  readonly subscribe = this.#status.subscribe;
  readonly getSnapshot = this.#status.getSnapshot;

  /**
   * Connects if nobody has yet, and stays so until all who asked have let go. Whoever lets go and asks again at once, as React does in
   * strict mode, keeps the connection that there is.
   */
  retain(): () => void {
    this.#users++;
    this.#begin();
    let holds = true;
    return () => {
      if (!holds) return;
      holds = false;
      this.#users--;
      setTimeout(() => {
        if (this.#users === 0 && !this.#kept) this.#stop('idle');
      }, 0);
    };
  }

  /** Connects, and stays so until {@link close}, whether anything is watched or not. */
  open(): void {
    this.#kept = true;
    this.#begin();
  }

  #begin(): void {
    const { state } = this.getSnapshot();
    if (state !== 'idle' && state !== 'closed') return;
    this.#attempt = 0;
    this.#listen(true);
    this.#connect();
  }

  /** Closes for good; {@link open} connects again. */
  close(): void {
    this.#kept = false;
    this.#stop('closed');
  }

  /** Sends a command and waits for its answer, and first for a connection. */
  send<C extends keyof CommandData>(cmd: C, data?: CommandData[C], repeatable = false): Promise<ReplyData> {
    const { state, error } = this.getSnapshot();
    if (state === 'closed') return Promise.reject(error ?? new GatewayError('connection_closed', 'The connection was closed.'));
    const release = this.retain();
    return new Promise<ReplyData>((resolve, reject) => {
      const id = `${++this.#lastId}`;
      const pending = { text: JSON.stringify({ cmd, id, data }), repeatable, sent: false, resolve, reject };
      this.#pending.set(id, pending);
      this.#flush(pending);
    }).finally(release);
  }

  #flush(pending: Pending): void {
    if (this.getSnapshot().state !== 'connected') return;
    pending.sent = true;
    this.#socket?.send(pending.text);
  }

  #connect(): void {
    this.#leave();
    this.#tell(this.#attempt === 0 ? 'connecting' : 'reconnecting');
    const url = new URL(this.#address);
    for (const [name, value] of Object.entries(this.#query())) url.searchParams.set(name, value);
    const socket = new (this.#options.WebSocket ?? WebSocket)(url.href);
    this.#socket = socket;
    this.#deadline = setTimeout(() => this.#lost(), openWithin);
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#heard(data);
    socket.onclose = ({ code, reason }) => {
      if (finalCodes.includes(code)) this.#end(new GatewayError('connection_refused', `The gateway closed the connection (${code}${reason ? `: ${reason}` : ''}).`));
      else this.#lost();
    };
  }

  #opened(): void {
    this.#expectNothing();
    this.#goodAt = Date.now() + goodAfter;
    this.#beats = setInterval(() => this.#ask(this.#options.answerMs ?? 15_000), this.#options.heartbeatMs ?? 30_000);
    this.#tell('connected');
    this.#listener.onConnected();
    for (const pending of this.#pending.values()) if (!pending.sent || pending.repeatable) this.#flush(pending);
  }

  #heard(text: unknown): void {
    // Whatever comes shows that the connection lives; the answer to a ping is only the least of it.
    this.#expectNothing();
    let frame: GatewayFrame;
    try {
      frame = JSON.parse(String(text));
    } catch {
      // Whoever misses an event because of this asks for it again.
      return;
    }

    // JSON that is no object is as good as none.
    if (typeof frame !== 'object' || frame === null) return;
    const { id } = frame as AckFrame;
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (id === undefined || pending === undefined) {
      this.#listener.onFrame(frame);
      return;
    }

    this.#pending.delete(id);
    const { data } = frame as AckFrame | ErrorReply;
    if (frame.event === 'error') pending.reject(new GatewayError(data.code ?? 'internal_error', data.error ?? 'The gateway refused without a reason.'));
    else pending.resolve(data);
  }

  #ask(within: number): void {
    const socket = this.#socket;
    if (socket === undefined || this.#deadline !== undefined) return;
    socket.send('{"cmd":"ping"}');
    this.#deadline = setTimeout(() => this.#lost(), within);
  }

  #expectNothing(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  // The page is back, or the network is: what slept may be dead without knowing it, and what waits need not wait any longer.
  readonly #wake = (): void => {
    const { state, error } = this.getSnapshot();
    if (this.#users === 0 && !this.#kept) return;
    if (state === 'connected') {
      this.#expectNothing();
      this.#ask(proofWithin);
    } else if (this.#retry !== undefined || state === 'reconnecting' && this.#socket === undefined || error?.code === 'connection_failed') {
      this.#attempt = 0;
      this.#connect();
    }
  };

  readonly #seen = (): void => {
    if (!this.#window?.document?.hidden) this.#wake();
  };

  // A dead connection may take minutes to close, so nobody waits for its close event.
  #lost(): void {
    if (Date.now() >= this.#goodAt) this.#attempt = 0;
    this.#leave();
    for (const [id, pending] of this.#pending) {
      if (!pending.sent || pending.repeatable) continue;
      this.#pending.delete(id);
      pending.reject(new GatewayError('connection_lost', 'The connection was lost before the gateway answered; whether the command was carried out is not known.'));
    }

    this.#attempt++;
    const delay = (this.#options.reconnect ?? fiveAttempts)(this.#attempt);
    if (delay === undefined) {
      this.#end(new GatewayError('connection_failed', 'Max reconnection attempts reached'));
      return;
    }

    this.#tell('reconnecting');
    // Without a network no try can succeed; the page is told when it is back.
    if (this.#window?.navigator?.onLine !== false) this.#retry = setTimeout(() => this.#connect(), delay);
    else this.#attempt--;
  }

  #end(error: GatewayError): void {
    this.#leave();
    this.#fail(error);
    this.#tell('closed', error);
    this.#listener.onClosed(error);
    // The network coming back is a reason to try again; the gateway's own word is not.
    if (error.code !== 'connection_failed') this.#listen(false);
  }

  #stop(state: 'idle' | 'closed'): void {
    this.#listen(false);
    this.#leave();
    const error = new GatewayError('connection_closed', 'The connection was closed.');
    this.#fail(error);
    this.#tell(state);
    if (state === 'closed') this.#listener.onClosed(error);
  }

  #fail(error: GatewayError): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
  }

  // Lets go of the socket and of every timer; nothing that still comes from the socket is heard.
  #leave(): void {
    this.#expectNothing();
    clearInterval(this.#beats);
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#goodAt = Infinity;
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    // One that is still connecting reports an error when it is closed, and somebody must hear it.
    socket.onerror = () => {};
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  }

  #listen(on: boolean): void {
    if (on === this.#listening) return;
    this.#listening = on;
    const how = on ? 'addEventListener' : 'removeEventListener';
    this.#window?.[how]('online', this.#wake);
    this.#window?.[how]('pageshow', this.#wake);
    this.#window?.document?.[how]('visibilitychange', this.#seen);
  }

  #tell(state: ConnectionStatus['state'], error?: GatewayError): void {
    this.#status.set({ state, attempt: this.#attempt, ...(error === undefined ? {} : { error }) });
  }
}

/** @internal The address of the WebSocket, by that of the gateway, or by its own. */
export const socketAddress = (address: string | URL): URL => {
  const url = new URL(address, (globalThis as { document?: { baseURI: string } }).document?.baseURI);
  url.protocol = url.protocol.replace('http', 'ws');
  if (!url.pathname.endsWith('/ws')) url.pathname = url.pathname.replace(/\/?$/, '/ws');
  url.hash = '';
  return url;
};
