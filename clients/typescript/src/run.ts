import { nothing, sum, sumOfSession } from './amount.js';
import { type Clock, elapsed, start, stop, stopped } from './clock.js';
import type { GatewayEvent, NodeSnapshot, NodeStateChange, NodeStatus, PauseReason, Prompt, SessionSnapshot, SessionStatus, Totals } from './contracts.js';

/** Where one node of a workflow stands. */
export interface NodeRun {
  readonly id: string;
  readonly status: NodeStatus;

  /** Which try this is, from 1. */
  readonly attempt: number;

  /** Which round of a loop this is, from 1. */
  readonly iteration: number;

  /** Of a node that stands for an item of a map: which item, from 0. */
  readonly item?: number;

  /** What it asks, while it waits for a user. */
  readonly prompt?: Prompt;

  /** Why it failed. */
  readonly error?: string;

  /** What its model calls consumed. */
  readonly usage: Totals;
  readonly clock: Clock;
}

/** A session as those see it who steer it: what runs, what waits, how long and at what cost. */
export interface WorkflowRun {
  /** The last event that is in; 0 before the first. */
  readonly lastSeq: number;
  readonly status: SessionStatus;

  /** Why it stands still, when it does. */
  readonly pauseReason?: PauseReason;

  /** The nodes heard of, in the order in which they were. */
  readonly nodes: readonly NodeRun[];

  /** The ids of the nodes at work or waiting for a user, in the order in which they began. */
  readonly activeNodes: readonly string[];

  /** The ids of the nodes that wait for a user, the longest-waiting first. */
  readonly openPrompts: readonly string[];

  /** What the session itself asks, while it stands still for the answer: whether a budget is raised. */
  readonly prompt?: Prompt;

  /** The last warning that a budget is nearly used up; after a snapshot, only one that came later. */
  readonly warning?: string;
  readonly totals: Totals;

  /** The text that reached the end, once it did. */
  readonly output?: string;

  /** The last error of the session, and its stable code. */
  readonly error?: string;
  readonly errorCode?: string;
  readonly clock: Clock;
}

export const emptyRun: WorkflowRun = { lastSeq: 0, status: 'running', nodes: [], activeNodes: [], openPrompts: [], totals: nothing, clock: stopped };

export const isOver = (run: WorkflowRun): boolean => run.status === 'completed' || run.status === 'failed' || run.status === 'cancelled';

/** How long the session, or a node, has been at work without pauses, in milliseconds. After a snapshot, only from there on. */
export const workedFor = (what: WorkflowRun | NodeRun, now: Date): number => elapsed(what.clock, now);

/** Applies the next event. One that is in already, or that this version does not know, changes nothing that is shown. */
export const applyToRun = (run: WorkflowRun, event: GatewayEvent): WorkflowRun => {
  if (event.seq <= run.lastSeq) return run;
  const time = event.timestamp;
  const next: WorkflowRun = { ...run, lastSeq: event.seq, ...(run.lastSeq === 0 ? { clock: start(run.clock, time) } : {}) };
  switch (event.event) {
    case 'node_state_change':
      return change(next, event.data, time);
    case 'token_usage':
      return withNode({ ...next, totals: sumOfSession(next.totals, event.data) }, event.data.node_id, node => ({ ...node, usage: sum(node.usage, event.data) }));
    case 'execution:paused':
      return stopAll({ ...next, status: 'paused', pauseReason: event.data.reason, ...(event.data.prompt === undefined ? {} : { prompt: event.data.prompt }) }, time);
    case 'error': {
      const { error, code, node_id } = event.data;
      if (code === 'budget_warning') return { ...next, warning: error };
      const failed = { ...next, error, errorCode: code };
      return node_id === undefined ? failed : withNode(failed, node_id, node => ({ ...node, error }));
    }
    case 'execution:completed': {
      const { pauseReason: _, output: __, prompt: ___, ...rest } = next;
      const { status, output, totals } = event.data;
      return stopAll({ ...rest, status, totals, ...(output === undefined ? {} : { output }) }, time);
    }
    default:
      return next;
  }
};

/** The run as a snapshot tells it; go on with the event after its seq. What runs is timed from `now` on. */
export const runOf = (snapshot: SessionSnapshot, now: Date): WorkflowRun => {
  // As events write it.
  const time = now.toISOString().replace('Z', '0000Z');
  const running = snapshot.status === 'running';
  let run = emptyRun;
  for (const [id, told] of Object.entries(snapshot.nodes)) run = restore(run, id, told, running ? time : undefined);
  return {
    lastSeq: snapshot.last_seq,
    status: snapshot.status,
    ...(snapshot.pause_reason === undefined ? {} : { pauseReason: snapshot.pause_reason }),
    nodes: run.nodes,
    activeNodes: run.activeNodes,
    openPrompts: run.openPrompts,
    ...(snapshot.prompt === undefined ? {} : { prompt: snapshot.prompt }),
    totals: snapshot.totals,
    ...(snapshot.output === undefined ? {} : { output: snapshot.output }),
    ...(snapshot.error === undefined ? {} : { error: snapshot.error }),
    ...(snapshot.error_code === undefined ? {} : { errorCode: snapshot.error_code }),
    clock: running ? start(stopped, time) : stopped,
  };
};

const change = (run: WorkflowRun, data: NodeStateChange, time: string): WorkflowRun => {
  const [iteration, attempt] = [data.iteration ?? 1, data.attempt ?? 1];
  const entered = enter(run, data.node_id, data.status, data.prompt, node => {
    const known = data.item === undefined ? node : { ...node, item: data.item };
    if (iteration < node.iteration || (iteration === node.iteration && attempt <= node.attempt)) return known;
    const { error: _, ...rest } = known;
    return { ...rest, iteration, attempt };
  });
  if (data.status !== 'running') return withNode(entered, data.node_id, node => ({ ...node, clock: stop(node.clock, time) }));

  // A node that runs tells that the session does, and with it all that ran before a pause.
  const { pauseReason: _, prompt: __, ...rest } = entered;
  return {
    ...rest,
    status: 'running',
    clock: start(rest.clock, time),
    nodes: rest.nodes.map(node => (node.status === 'running' && rest.activeNodes.includes(node.id) ? { ...node, clock: start(node.clock, time) } : node)),
  };
};

const restore = (run: WorkflowRun, id: string, told: NodeSnapshot, since: string | undefined): WorkflowRun =>
  enter(run, id, told.status, told.prompt, node => ({
    ...node,
    iteration: told.iteration ?? 1,
    attempt: told.attempt ?? 1,
    ...(told.item === undefined ? {} : { item: told.item }),
    ...(told.error === undefined ? {} : { error: told.error }),
    clock: told.status === 'running' && since !== undefined ? start(node.clock, since) : node.clock,
  }));

const enter = (run: WorkflowRun, id: string, status: NodeStatus, prompt: Prompt | undefined, also: (node: NodeRun) => NodeRun): WorkflowRun => {
  const next = withNode(run, id, node => {
    const { prompt: _, ...rest } = also(node);
    return { ...rest, status, ...(status === 'suspended' && prompt !== undefined ? { prompt } : {}) };
  });
  return {
    ...next,
    activeNodes: keep(next.activeNodes, id, status === 'running' || status === 'suspended'),
    openPrompts: keep(next.openPrompts, id, status === 'suspended'),
  };
};

const stopAll = (run: WorkflowRun, time: string): WorkflowRun => ({
  ...run,
  clock: stop(run.clock, time),
  nodes: run.nodes.map(node => (run.activeNodes.includes(node.id) ? { ...node, clock: stop(node.clock, time) } : node)),
});

const withNode = (run: WorkflowRun, id: string, change: (node: NodeRun) => NodeRun): WorkflowRun => {
  const at = run.nodes.findIndex(node => node.id === id);
  const before: NodeRun = run.nodes[at] ?? { id, status: 'pending', attempt: 1, iteration: 1, usage: nothing, clock: stopped };
  const nodes = [...run.nodes];
  nodes[at < 0 ? nodes.length : at] = change(before);
  return { ...run, nodes };
};

const keep = (list: readonly string[], id: string, belongs: boolean): readonly string[] => {
  if (list.includes(id) === belongs) return list;
  return belongs ? [...list, id] : list.filter(other => other !== id);
};
