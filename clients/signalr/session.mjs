// A session on the hub, with the official client of SignalR: every event once and in order, over lost connections too.
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const methods = ['TokenStream', 'NodeStateChange', 'ParallelStart', 'TokenUsage', 'ExecutionPaused', 'ExecutionCompleted', 'Error'];

/** One connection after another to the hub, and one session on it. */
export class HubSession {
  #settings;
  #onEvent;
  #connection;
  #last = 0;
  #asking = false;
  #isMissing = false;
  #beats;
  #start;
  #connecting;
  #closed = deferred();
  #isClosed = false;
  #ready = deferred();
  #over = deferred();

  /**
   * @param settings `address` of the hub, session `id`, and if need be `protocol`, `transport`, `retryMs`, `heartbeatMs`, `answerMs`.
   * @param onEvent Gets each event once and in order.
   */
  constructor(settings, onEvent) {
    this.#settings = { transport: HttpTransportType.WebSockets, retryMs: 1000, heartbeatMs: 30_000, answerMs: 15_000, ...settings };
    this.#onEvent = onEvent;
  }

  /** Starts the session, or finds it started, and follows it; the promise is that of its end. Then comes {@link close}. */
  run(start) {
    this.#start = start;
    this.#connecting = this.#connect();
    return this.#over.promise;
  }

  /** Lets go of the connection. */
  async close() {
    this.#isClosed = true;
    this.#abandon();
    this.#closed.done();
    await this.#connecting;
  }

  /** Calls a method of the hub once there is a connection. The error of a call whose connection was lost has `isLost`. */
  async call(method, ...args) {
    const { connection, closed } = await this.#ready.promise;

    // A dead connection may never tell those who wait for an answer on it.
    const lost = closed.promise.then(() => Promise.reject(new Error('The connection was lost.')));
    try {
      return await Promise.race([connection.invoke(method, ...args), lost]);
    } catch (error) {
      throw Object.assign(error, { isLost: !/HubException: /.test(error.message) });
    }
  }

  // SignalR's automatic reconnect covers neither the first connect nor a half-open connection: one loop with a new connection for each try covers all.
  async #connect() {
    while (!this.#isClosed) {
      const { address, protocol, transport, retryMs } = this.#settings;
      const builder = new HubConnectionBuilder().withUrl(address, { transport }).configureLogging(LogLevel.None);
      if (protocol !== undefined) builder.withHubProtocol(protocol);
      const connection = builder.build();
      const closed = (this.#closed = deferred());
      connection.onclose(() => closed.done());
      for (const method of methods) connection.on(method, frame => this.#heard(connection, frame));
      this.#connection = connection;
      this.#asking = false;

      // Whatever fails or ends is tried again on the next connection, from the same event on.
      await Promise.race([this.#use(connection, closed).catch(() => {}), closed.promise]);
      clearInterval(this.#beats);
      this.#abandon();
      if (this.#ready.isDone) this.#ready = deferred();
      if (!this.#isClosed) await new Promise(resolve => setTimeout(resolve, retryMs));
    }
  }

  async #use(connection, closed) {
    const { id, heartbeatMs, answerMs } = this.#settings;
    const limit = setTimeout(() => closed.done(), answerMs);
    await connection.start().finally(() => clearTimeout(limit));
    if (connection !== this.#connection) return;

    // From now on, not only once there is an answer: this connection may go silent before it.
    this.#beats = setInterval(() => this.#beat(connection, closed), heartbeatMs);
    if (this.#start !== undefined) await connection.invoke('StartSession', { ...this.#start, session_id: id });
    this.#start = undefined;
    await this.#subscribe(connection);
    if (connection !== this.#connection) return;
    this.#ready.done({ connection, closed });
    await closed.promise;
  }

  #subscribe(connection) {
    return connection.invoke('Subscribe', this.#settings.id, this.#last);
  }

  #heard(connection, frame) {
    if (connection !== this.#connection || !Number.isInteger(frame?.seq) || frame.data?.session_id !== this.#settings.id) return;
    if (frame.seq === 0) this.#over.fail(new Error(`${frame.data.code}: ${frame.data.error}`));
    if (frame.seq <= this.#last) return;
    if ((frame.merged_from ?? frame.seq) !== this.#last + 1) {
      this.#mend(connection);
      return;
    }

    this.#last = frame.seq;
    this.#isMissing = false;
    this.#onEvent(frame);
    if (frame.event === 'execution:completed') this.#over.done();
  }

  // Something is missing: the gateway is asked to go on after the last event that came in order. What is under way meanwhile is passed
  // over. It may be that what was asked for has a gap, too, and that nothing comes after it: so what is missing at the answer is asked for again.
  async #mend(connection) {
    this.#isMissing = true;
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.#isMissing && connection === this.#connection) {
        this.#isMissing = false;
        await this.#subscribe(connection);
      }
    } catch {
      // The next connection asks.
    } finally {
      if (connection === this.#connection) this.#asking = false;
    }
  }

  // A connection that is half open looks well until it is asked for something.
  async #beat(connection, closed) {
    let timer;
    const silence = new Promise(resolve => {
      timer = setTimeout(resolve, this.#settings.answerMs, 'silence');
    });
    const answer = await Promise.race([connection.invoke('Ping').catch(() => 'lost'), silence]);
    clearTimeout(timer);
    if (answer === 'silence') closed.done();
  }

  // Nobody waits for the end of a connection that may be dead.
  #abandon() {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.stop().catch(() => {});
  }
}

function deferred() {
  const self = { isDone: false };
  self.promise = new Promise((resolve, reject) => {
    self.done = value => {
      self.isDone = true;
      resolve(value);
    };
    self.fail = error => {
      self.isDone = true;
      reject(error);
    };
  });
  return self;
}
