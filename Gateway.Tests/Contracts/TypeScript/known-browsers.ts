// What the browsers of the replaced system are compiled against, in this project's own words, and held against contracts.ts in both
// directions. KnownBrowsersTests compiles it beside contracts.ts; it is never run.
import type { CommandData, EventData, EventFrame, GatewayCommand, GatewayEvent } from './contracts';

/** The events that those browsers know. */
type WSEventType =
  | 'error'
  | 'execution:completed'
  | 'execution:paused'
  | 'node:parallel_start'
  | 'node_state_change'
  | 'token_stream'
  | 'token_usage';

/** A frame that they read. */
interface WSMessage<T = unknown> {
  event: WSEventType;
  node_id?: string;
  timestamp?: string;
  data: T;
}

/** The commands that they send, beside `ping`. */
type WSCommandType = 'pause_session' | 'resume_session' | 'start_session' | 'user_input';

/** A frame that they send. */
interface WSCommand<T = unknown> {
  cmd: WSCommandType;
  data?: T;
}

type Holds<T extends true> = T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

// The names are the same, not some of them.
export type EventNames = Holds<Same<WSEventType, keyof EventData>>;
export type CommandNames = Holds<Same<WSCommandType, Extract<keyof CommandData, WSCommandType>>>;
export type PingIsKnown = Holds<Same<'ping', Extract<keyof CommandData, 'ping'>>>;

// From the gateway to them: what it sends, they can read; what they send, it takes.
export const read = (event: GatewayEvent): WSMessage<GatewayEvent['data']> => event;
export const readError = (data: EventData['error']): { error: string } => data;
type Sent<C extends WSCommandType> = C extends unknown ? WSCommand<CommandData[C]> & { cmd: C } : never;
export const take = (command: Sent<WSCommandType>): GatewayCommand => command;

// And back: of a frame that both know, each member that they read is one that the gateway sends, of the same name and type.
type Shared<E extends keyof EventData> = E extends unknown ? Pick<EventFrame<E>, keyof WSMessage> : never;
type Read<E extends keyof EventData> = E extends unknown ? WSMessage<EventData[E]> & { event: E; timestamp: string } : never;
export const send = (message: Read<WSEventType>): Shared<keyof EventData> => message;
type Taken = Extract<GatewayCommand, { cmd: WSCommandType }>;
export const sent = (command: Taken): WSCommand<CommandData[WSCommandType]> => command;
export const kept = (command: Sent<WSCommandType>): Pick<Taken, keyof WSCommand> => command;
