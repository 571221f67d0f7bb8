// Fails on what GCC 12 (Debian 12) compiles wrongly in coroutines: of a conditional among the arguments of a call that
// is awaited it copies the result octet by octet, so a short string points into a frame that is gone; and what
// `throw co_await` throws is destroyed twice. Both are well-formed C++; a name for the value is the way around.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* sources(path);
    else if (/\.(cpp|hpp)$/.test(entry.name)) yield path;
  }
}

const blanked = (text) => text.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'|\/\/[^\n]*/g, (found) => ' '.repeat(found.length));

/** What is awaited: from `co_await` to the end of its expression. */
function awaited(text, from) {
  let depth = 0;
  for (let at = from; at < text.length; ++at) {
    if ('([{'.includes(text[at])) ++depth;
    if (')]}'.includes(text[at]) && --depth < 0) return text.slice(from, at);
    if (text[at] === ';' && depth === 0) return text.slice(from, at);
  }
  return text.slice(from);
}

const problems = [];
for (const file of ['backend', 'simulators', 'bench'].flatMap((folder) => [...sources(folder)])) {
  const text = blanked(readFileSync(file, 'utf8'));
  for (const { index } of text.matchAll(/\bco_await\b/g)) {
    const line = text.slice(0, index).split('\n').length;
    if (awaited(text, index).includes('?')) problems.push(`${file}:${line}: a conditional in what is awaited: name its value first`);
    if (/\bthrow\s+$/.test(text.slice(0, index))) problems.push(`${file}:${line}: throw co_await: name the exception first`);
  }
}
for (const one of problems) console.error(one);
if (problems.length > 0) process.exit(1);
console.log('Coroutines: no conditional in what is awaited, no throw co_await.');
