// One closing line over both kinds of runners: node tools/count-tests.mjs ctest.xml vitest.json...
import { readFileSync } from 'node:fs';

const [ctestFile, ...vitestFiles] = process.argv.slice(2);
const suite = readFileSync(ctestFile, 'utf8').match(/<testsuite [^>]*>/)[0];
const attribute = (name) => Number(suite.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? 0);
const vitest = vitestFiles.map((file) => JSON.parse(readFileSync(file, 'utf8')));
const counted = (what) => vitest.reduce((sum, one) => sum + one[what], 0);

const failed = attribute('failures') + counted('numFailedTests');
const skipped = attribute('skipped') + attribute('disabled') + counted('numPendingTests');
const passed = attribute('tests') - attribute('failures') - attribute('skipped') - attribute('disabled') + counted('numPassedTests');
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
