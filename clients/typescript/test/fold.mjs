// Folds logs: each line of the input is a log, {events, snapshot?, now?}, and each line of the output what both stores make of it.
import { text } from 'node:stream/consumers';
import { applyToMessages, applyToRun, emptyMessages, emptyRun, messagesOf, runOf } from '../dist/index.js';
import { canonical } from './canonical.mjs';

for (const line of (await text(process.stdin)).split('\n')) {
  if (line === '') continue;
  const { events, snapshot, now } = JSON.parse(line);
  let messages = snapshot === undefined ? emptyMessages : messagesOf(snapshot);
  let run = snapshot === undefined ? emptyRun : runOf(snapshot, new Date(now));
  for (const event of events) {
    messages = applyToMessages(messages, event);
    run = applyToRun(run, event);

    // An event that is in already changes nothing at all.
    if (applyToMessages(messages, event) !== messages || applyToRun(run, event) !== run) throw new Error(`Event ${event.seq} is applied twice.`);
  }

  const { speakers: _, asked: __, ...shown } = messages;
  process.stdout.write(`${canonical({ messages: shown, run })}\n`);
}
