// The peer of our Socket.IO rows: Node's server, one room of everybody, `broadcast` {payload, times} sends that many
// events to it, `message` is said back. Prints {"port":…,"pid":…}.
//
//   node socketio_server.mjs [ws|eiows]     the WebSocket engine; ws with bufferutil, deflate off
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const engine = process.argv[2] ?? 'ws';
if (engine === 'ws') await import('bufferutil'); // ws takes it when it is there: a run without it is no peer
const http = createServer();
const options = { perMessageDeflate: false, serveClient: false, httpCompression: false };
if (engine === 'eiows') options.wsEngine = (await import('eiows')).default.Server;
const io = new Server(http, options);

io.on('connection', (socket) => {
  socket.join('everybody');
  socket.on('message', (what) => socket.emit('message-back', what));
  socket.on('broadcast', ({ payload, times }, ack) => {
    for (let i = 0; i < times; ++i) io.to('everybody').emit('news', { payload, number: i });
    ack();
  });
});

http.listen(0, '127.0.0.1', 4096, () => console.log(JSON.stringify({ port: http.address().port, pid: process.pid })));
