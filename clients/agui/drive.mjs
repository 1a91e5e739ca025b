// Drives a gateway's door for AG-UI with the official client, unchanged, step by step; reads the steps as JSON from its standard
// input, and writes what the client knows after each. A test of the gateway compares.
import { AbstractAgent, HttpAgent } from '@ag-ui/client';
import { from } from 'rxjs';

console.warn = console.error = console.log = () => {};

// The client gives up what it reads when a connection breaks off, and does not wait for that.
process.on('unhandledRejection', () => {});

// Lets so many blocks through, and then breaks the connection off, as a proxy does that tires.
function cutAfter(blocks) {
  return async (url, init) => {
    const response = await fetch(url, init);
    let text = '';
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const body = new ReadableStream({
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        text += value;
        const parts = text.split('\n\n');
        if (parts.length <= blocks) return controller.enqueue(new TextEncoder().encode(value));
        const whole = parts.slice(0, blocks).join('\n\n') + '\n\n';
        controller.enqueue(new TextEncoder().encode(whole.slice(text.length - value.length)));
        await reader.cancel();
        controller.error(new Error('cut'));
      },
    });
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

class Recorded extends AbstractAgent {
  run() {
    return from(this.events);
  }
}

async function run(agent, parameters) {
  const seen = { events: [] };
  try {
    const { result } = await agent.runAgent(parameters, {
      onEvent: ({ event }) => void seen.events.push(event.type),
      onRunFinishedEvent: ({ outcome }) => void (seen.outcome = outcome),
      onRunErrorEvent: ({ event }) => void (seen.error = { message: event.message, code: event.code }),
    });
    seen.result = result;
  } catch (error) {
    seen.failed = String(error?.message ?? error);
    seen.status = error?.status;
    seen.problem = error?.payload;
  }
  return { ...seen, messages: agent.messages, state: agent.state, interrupts: agent.pendingInterrupts };
}

async function step(agent, step) {
  if (step.say) agent.addMessage({ id: `said-${agent.messages.length}`, role: 'user', content: step.say });
  if (step.events) {
    agent.events = step.events;
    const resume = agent.pendingInterrupts.map(({ id }) => ({ interruptId: id, status: 'cancelled' }));
    return run(agent, { runId: step.runId, ...(resume.length > 0 && { resume }) });
  }
  agent.fetch = step.cut ? cutAfter(step.cut) : (url, init) => fetch(url, init);
  if (step.url) agent.url = step.url;
  const resume = step.answer === undefined ? undefined : agent.pendingInterrupts.map((interrupt) => ({
    interruptId: interrupt.id,
    ...(step.answer === null ? { status: 'cancelled' } : { status: 'resolved', payload: step.answer }),
  }));
  return run(agent, { runId: step.runId, resume: step.resume ?? resume, forwardedProps: step.forwardedProps });
}

let input = '';
for await (const chunk of process.stdin) input += chunk;
const { url, threads } = JSON.parse(input);
const write = process.stdout.write.bind(process.stdout);
const results = await Promise.all(threads.map(async ({ threadId, steps }) => {
  const agent = steps[0]?.events ? new Recorded({ threadId }) : new HttpAgent({ url, threadId });
  const seen = [];
  for (const each of steps) seen.push(structuredClone(await step(agent, each)));
  return seen;
}));
write(JSON.stringify(results));
