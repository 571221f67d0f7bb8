// Fails on an include against the arrow: knowledge points one way.
// lib knows nothing of src; within src each folder may include only those named here.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const backend = fileURLToPath(new URL('../backend', import.meta.url));

const mayInclude = {
  utilities: [],
  models: ['utilities'],
  repositories: ['models', 'utilities'],
  integrations: ['models', 'utilities'],
  services: ['repositories', 'integrations', 'models', 'utilities'],
  events: ['services', 'repositories', 'models', 'utilities'],
  jobs: ['services', 'repositories', 'models', 'utilities'],
  middleware: ['services', 'repositories', 'models', 'utilities'],
  routes: ['middleware', 'services', 'models', 'utilities'],
  realtime: ['services', 'models', 'utilities'],
  app: ['routes', 'realtime', 'middleware', 'events', 'jobs', 'services', 'repositories', 'integrations', 'models', 'utilities'],
};
const libMayInclude = {
  runtime: [],
  schema: ['runtime'],
  figure: ['schema'],
  telemetry: ['runtime'],
  resilience: ['runtime', 'telemetry'],
  coordination: ['runtime', 'resilience'],
  http: ['runtime', 'schema', 'telemetry'],
  http_client: ['runtime'],
  store: ['runtime', 'schema'],
  objects: ['runtime', 'resilience', 'http_client'],
  pictures: ['runtime'],
  socketio: ['runtime'],
  socketio_http: ['runtime', 'http', 'socketio'],
  socketio_redis: ['coordination', 'socketio'],
};
// No public header of a library (those directly in its folder) shows these.
const hidden = /#include <(boost\/beast|boost\/redis|curl\/|sqlite3\.h|mongoc|bson|openssl\/|prometheus\/|vips\/|pugixml|spdlog\/)/;

function* sources(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* sources(path);
    else if (/\.(cpp|hpp)$/.test(name)) yield path;
  }
}

const problems = [];
const report = (file, line, what) => problems.push(`${relative(backend, file)}:${line + 1}: ${what}`);

for (const [root, allowed] of [['src', mayInclude], ['lib', libMayInclude]]) {
  for (const file of sources(join(backend, root))) {
    const [, folder, ...rest] = relative(backend, file).split(sep);
    if (rest.length === 0) continue; // main.cpp
    if (!(folder in allowed)) {
      report(file, 0, `folder ${root}/${folder} is not in tools/check-layering.mjs`);
      continue;
    }
    const isTest = rest.includes('tests') || rest.includes('fuzz') || rest.includes('examples');
    readFileSync(file, 'utf8').split('\n').forEach((line, number) => {
      if (root === 'lib' && file.endsWith('.hpp') && rest.length === 1 && hidden.test(line)) {
        report(file, number, `a public header of lib/${folder} shows ${line.trim()}`);
      }
      const included = line.match(/^#include "([a-z_]+)\//)?.[1];
      if (!included || included === folder) return;
      const known = root === 'src' ? included in mayInclude || included in libMayInclude : included in libMayInclude || included in mayInclude;
      if (!known) return;
      const permitted = root === 'src' ? included in libMayInclude || allowed[folder].includes(included) : allowed[folder].includes(included);
      if (!permitted && !isTest) report(file, number, `${root}/${folder} may not include ${included}/`);
    });
  }
}

if (problems.length) {
  console.error(problems.join('\n'));
  console.error(`\n${problems.length} include(s) against the layers; see ARCHITECTURE.md.`);
  process.exit(1);
}
console.log('Layers: every include follows the arrow.');
