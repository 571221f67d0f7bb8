// One closing line over both runners: node tools/count-tests.mjs ctest.xml vitest.json
import { readFileSync } from 'node:fs';

const [ctestFile, vitestFile] = process.argv.slice(2);
const suite = readFileSync(ctestFile, 'utf8').match(/<testsuite [^>]*>/)[0];
const attribute = (name) => Number(suite.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? 0);
const vitest = JSON.parse(readFileSync(vitestFile, 'utf8'));

const failed = attribute('failures') + vitest.numFailedTests;
const skipped = attribute('skipped') + attribute('disabled') + vitest.numPendingTests;
const passed = attribute('tests') - attribute('failures') - attribute('skipped') - attribute('disabled') + vitest.numPassedTests;
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
