// Reads AsyncAPI documents with the official parser: node check.mjs path... Tells what is in each, or what is wrong with it and fails.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Parser } from '@asyncapi/parser';

const errorsAndWarnings = 1;
const parser = new Parser();
for (const path of process.argv.slice(2)) {
  const { document, diagnostics } = await parser.parse(readFileSync(path, 'utf8'));
  const mistakes = diagnostics.filter(diagnostic => diagnostic.severity <= errorsAndWarnings);
  for (const { code, message, path: place } of mistakes) console.error(`${basename(path)}: ${place.join('.')}: ${message} (${code})`);
  if (mistakes.length > 0 || !document) {
    process.exitCode = 1;
    continue;
  }

  console.log(JSON.stringify({
    version: document.version(),
    channels: document.channels().all().map(channel => channel.address()),
    operations: document.operations().all().map(operation => operation.id()),
    messages: document.components().messages().all().map(message => message.name()),
  }));
}
