import type { Connection } from './connection.js';
import type { CommandData, ExecutionCompleted, ForkEdits, GatewayEvent, ReplyData, SessionSnapshot } from './contracts.js';
import { GatewayError, passes } from './errors.js';
import { applyToMessages, emptyMessages, messagesOf, type SessionMessages } from './messages.js';
import { applyToRun, emptyRun, isOver, runOf, type WorkflowRun } from './run.js';
import { Signal, type Store } from './store.js';

/** What is known of a session: both stores, and why no more will come if that is so. */
export interface SessionView {
  readonly messages: SessionMessages;
  readonly run: WorkflowRun;
  readonly error?: GatewayError;
}

/** How a session is watched. */
export interface SessionOptions {
  /** Begin with the folded state instead of the first event. */
  readonly snapshot?: boolean;
}

/** To which prompt words are an answer, and what is chosen; without the name of a prompt to the one that waits longest, if any. */
export interface InputOptions {
  readonly promptId?: string;
  readonly nodeId?: string;

  /** Said to the whole session, whatever prompt is open. */
  readonly remark?: boolean;

  /** The id of the prompt's action that is chosen; without words and data it needs none where the action does not. */
  readonly action?: string;

  /** The answer as JSON, which fits the prompt's schema. */
  readonly data?: unknown;
}

/** From where on a fork goes on differently, and what is different. */
export interface ForkOptions {
  /** The last event that both sessions share; the last before the end, where there is none. */
  readonly afterSeq?: number;

  /** What the agents work on from here, a text or an object; else the same. */
  readonly input?: unknown;

  /** What is different in the workflow from here on. */
  readonly edits?: ForkEdits;
}

type Begin = <C extends 'fork_session' | 'retry_session'>(cmd: C, data: CommandData[C]) => Promise<Session>;

const gapTries = 5;

/**
 * One session: its state, its events, and what steers it. It is watched as long as somebody subscribes, over lost connections, and each
 * event comes once and in order. Commands answer with the seq at which they took effect: when `run.lastSeq` has reached it, the view has
 * seen its own command.
 */
export class Session implements Store<SessionView> {
  readonly #view = new Signal<SessionView>({ messages: emptyMessages, run: emptyRun });
  readonly #eventListeners = new Set<(event: GatewayEvent) => void>();
  readonly #connection: Connection;
  readonly #options: SessionOptions;
  readonly #begin: Begin;
  #users = 0;
  #release: (() => void) | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #refusals = 0;
  #awaitsSnapshot = false;
  #resyncing = false;
  #gaps = 0;
  #seen = 0;

  constructor(
    readonly id: string,
    connection: Connection,
    options: SessionOptions = {},
    begin: Begin = () => Promise.reject(new GatewayError('connection_closed', 'A session that has no client cannot be forked.')),
  ) {
    this.#connection = connection;
    this.#options = options;
    this.#begin = begin;
  }

  readonly getSnapshot = this.#view.getSnapshot;

  /** Is told of each change of the view; watches the session until all that have subscribed have left. */
  readonly subscribe = (listener: () => void): (() => void) => this.#watch(this.#view.subscribe(listener));

  /** Gets each event once and in order, from the one after those that are in the view; watches the session meanwhile. */
  onEvent(listener: (event: GatewayEvent) => void): () => void {
    const told = (event: GatewayEvent): void => listener(event);
    this.#eventListeners.add(told);
    return this.#watch(() => this.#eventListeners.delete(told));
  }

  /** The session's end. */
  completion(): Promise<ExecutionCompleted> {
    return this.#until(() => {
      const { status, output, totals } = this.getSnapshot().run;
      return isOver(this.getSnapshot().run) ? { session_id: this.id, status, totals, ...(output === undefined ? {} : { output }) } : undefined;
    });
  }

  /** Waits until the view includes an event, such as that of one's own command. */
  async reached(seq: number): Promise<void> {
    await this.#until(() => (this.getSnapshot().run.lastSeq >= seq || isOver(this.getSnapshot().run) ? true : undefined));
  }

  pause(): Promise<number> {
    return seqOf(this.#connection.send('pause_session', { session_id: this.id }));
  }

  resume(): Promise<number> {
    return seqOf(this.#connection.send('resume_session', { session_id: this.id }));
  }

  cancel(): Promise<number> {
    return seqOf(this.#connection.send('cancel_session', { session_id: this.id }, true));
  }

  input(content: string, { promptId, nodeId, remark, action, data }: InputOptions = {}): Promise<number> {
    return seqOf(
      this.#connection.send('user_input', {
        session_id: this.id,
        content,
        ...(promptId === undefined ? {} : { prompt_id: promptId }),
        ...(nodeId === undefined ? {} : { node_id: nodeId }),
        ...(remark === undefined ? {} : { remark }),
        ...(action === undefined ? {} : { action }),
        ...(data === undefined ? {} : { data }),
      }),
    );
  }

  /** Starts a session that shares this one's history up to an event, and goes on differently; this one stays as it is. */
  fork({ afterSeq, input, edits }: ForkOptions = {}): Promise<Session> {
    return this.#begin('fork_session', {
      source_session_id: this.id,
      ...(afterSeq === undefined ? {} : { after_seq: afterSeq }),
      ...(input === undefined ? {} : { input }),
      ...(edits === undefined ? {} : { edits }),
    });
  }

  /** Tries this session, which has failed, again in a new one that shares its history up to the failure. */
  retry(): Promise<Session> {
    return this.#begin('retry_session', { source_session_id: this.id });
  }

  /** @internal There is a new connection. */
  onConnected(): void {
    this.#seen = 0;
    if (this.#release === undefined) return;
    this.#clear();
    this.#place();
  }

  /** @internal There will be no more connection. */
  onClosed(error: GatewayError): void {
    if (this.#release === undefined) return;
    // When the network comes back after all, the connection does, and the session goes on.
    if (error.code === 'connection_failed') this.#view.set({ ...this.getSnapshot(), error });
    else this.#fail(error);
  }

  /** @internal The folded state that a subscription begins with. */
  onSnapshot(snapshot: SessionSnapshot): void {
    if (!this.#awaitsSnapshot) return;
    this.#awaitsSnapshot = false;
    this.#view.set({ messages: messagesOf(snapshot), run: runOf(snapshot, new Date()) });
    if (isOver(this.getSnapshot().run)) this.#leave();
  }

  /** @internal An event of this session has arrived. */
  onFrame(event: GatewayEvent): void {
    const before = this.#seen;
    this.#seen = event.seq;
    if (this.#release === undefined || this.#awaitsSnapshot) return;
    const { messages, run } = this.getSnapshot();
    const first = event.merged_from ?? event.seq;

    // What was sent from an earlier position still arrives; where the seqs fall, what was asked for begins.
    if (event.seq <= before || first <= run.lastSeq + 1) this.#resyncing = false;
    if (event.seq <= run.lastSeq) return;
    if (first !== run.lastSeq + 1) {
      if (!this.#resyncing) this.#resync();
      return;
    }

    this.#gaps = 0;
    this.#view.set({ messages: applyToMessages(messages, event), run: applyToRun(run, event) });
    for (const listener of [...this.#eventListeners]) listener(event);
    if (event.event === 'execution:completed') this.#leave();
  }

  /** @internal The subscription cannot go on. */
  onRefused(code: string, message: string): void {
    if (this.#release !== undefined) this.#fail(new GatewayError(code, message));
  }

  #watch(end: () => void): () => void {
    this.#users++;
    if (this.#release === undefined && !isOver(this.getSnapshot().run)) this.#enter();
    let holds = true;
    return () => {
      end();
      if (!holds) return;
      holds = false;
      this.#users--;

      // Whoever comes back at once, as React does in strict mode, finds everything as it was.
      setTimeout(() => {
        if (this.#users > 0 || this.#release === undefined) return;
        if (this.#connection.getSnapshot().state === 'connected') this.#connection.send('unsubscribe', { session_id: this.id }).catch(() => {});
        this.#leave();
      }, 0);
    };
  }

  #enter(): void {
    this.#clear();
    this.#refusals = this.#gaps = 0;
    this.#release = this.#connection.retain();
    if (this.#connection.getSnapshot().state === 'connected') this.#place();
  }

  #clear(): void {
    const { messages, run, error } = this.getSnapshot();
    if (error !== undefined) this.#view.set({ messages, run });
  }

  #leave(): void {
    clearTimeout(this.#retry);
    this.#release?.();
    this.#release = undefined;
    this.#awaitsSnapshot = false;
  }

  #place(): void {
    clearTimeout(this.#retry);
    const after = this.getSnapshot().run.lastSeq;
    this.#resyncing = this.#seen > after;
    this.#awaitsSnapshot = after === 0 && this.#options.snapshot === true;
    this.#connection.send('subscribe', { session_id: this.id, ...(this.#awaitsSnapshot ? { snapshot: true } : { after_seq: after }) }).then(
      () => {
        this.#refusals = 0;
      },
      (error: GatewayError) => {
        // A lost connection is answered by the next one.
        if (this.#release === undefined || error.code === 'connection_lost' || error.code === 'connection_closed') return;
        if (!passes(error.code)) this.#fail(error);
        else this.#retry = setTimeout(() => this.#place(), Math.min(30_000, 500 * 2 ** this.#refusals++) * (0.5 + Math.random() / 2));
      },
    );
  }

  #resync(): void {
    if (++this.#gaps > gapTries) {
      this.#fail(new GatewayError('events_missing', `Event ${this.getSnapshot().run.lastSeq + 1} of session '${this.id}' does not arrive.`));
      return;
    }

    this.#place();
  }

  #fail(error: GatewayError): void {
    this.#leave();
    this.#view.set({ ...this.getSnapshot(), error });
  }

  #until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      let end: (() => void) | undefined;
      const check = (): void => {
        const found = look();
        const { error } = this.getSnapshot();
        if (found === undefined && error === undefined) return;
        end?.();
        if (found === undefined) reject(error);
        else resolve(found);
      };
      end = this.subscribe(check);
      check();
    });
  }
}

const seqOf = async (answer: Promise<ReplyData>): Promise<number> => (await answer).seq ?? 0;
