// clang-tidy over every source file of the project, two kinds of work saved: files run in parallel, and a file that was
// clean is looked at again only when it, or a header of ours that it includes, has changed.
//   node tools/tidy.mjs [FILE...]      no file: all of them
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('..', import.meta.url));
const build = join(top, 'build/release');
const clean = join(top, 'build/tidy');

/** Which of our files each source file includes, as the compiler told ninja. */
function includes() {
  const known = new Map();
  const listed = execFileSync('ninja', ['-C', build, '-t', 'deps'], { encoding: 'utf8', maxBuffer: 1 << 30 });
  for (const object of listed.split('\n\n')) {
    const ours = object.split('\n').slice(1).map((line) => relative(top, resolve(build, line.trim()))).filter((path) => /^(backend|simulators)\//.test(path));
    if (ours.length > 0) known.set(ours.find((path) => path.endsWith('.cpp')), ours);
  }
  return known;
}

const contents = new Map();
function hashOf(files) {
  const hash = createHash('sha256').update(readFileSync(join(top, '.clang-tidy')));
  for (const file of [...files].sort()) {
    if (!contents.has(file)) contents.set(file, existsSync(join(top, file)) ? readFileSync(join(top, file)) : '');
    hash.update(file).update(contents.get(file));
  }
  return hash.digest('hex');
}

function tidy(file) {
  return new Promise((resolve) => {
    const child = spawn('clang-tidy-19', ['--quiet', '-p', build, join(top, file)], { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ code, output }));
  });
}

const known = includes();
const wanted = process.argv.slice(2).map((path) => relative(top, join(process.cwd(), path)));
const sources = [...known.keys()].filter((file) => file && !/\/fuzz\/|boost\.cpp$|\/tests\//.test(file) && (wanted.length === 0 || wanted.includes(file)));
const stampOf = (file) => join(clean, `${file}.clean`);
const waiting = sources.filter((file) => !(existsSync(stampOf(file)) && readFileSync(stampOf(file), 'utf8') === hashOf(known.get(file))));
console.log(`clang-tidy: ${waiting.length} of ${sources.length} files to look at`);

let failures = 0;
let done = 0;
async function worker() {
  for (let file = waiting.shift(); file; file = waiting.shift()) {
    const { code, output } = await tidy(file);
    done += 1;
    if (done % 25 === 0) console.log(`clang-tidy: ${done} looked at`);
    if (code !== 0) {
      failures += 1;
      console.log(output || `${file}: clang-tidy ended with ${code}`);
      continue;
    }
    mkdirSync(dirname(stampOf(file)), { recursive: true });
    writeFileSync(stampOf(file), hashOf(known.get(file)));
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, worker));
if (failures > 0) console.log(`clang-tidy: objections in ${failures} files`);
process.exit(failures > 0 ? 1 : 0);
