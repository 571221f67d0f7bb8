// Fails on what GCC 12 (Debian 12) compiles wrongly in coroutines: of a conditional among the arguments of a call that
// is awaited it copies the result octet by octet, so a short string points into a frame that is gone; and what
// `throw co_await` throws is destroyed twice. Both are well-formed C++; a name for the value is the way around.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const files = execFileSync('git', ['ls-files', '*.cpp', '*.hpp'], { encoding: 'utf8' }).trim().split('\n');
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
for (const file of files) {
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
