// The peer of our broadcasts: Node's Socket.IO, one room of everybody, one event each time a client asks for it.
//
//   node broadcast_server.mjs               prints {"port":…,"pid":…}
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });

io.on('connection', (socket) => {
  socket.join('everybody');
  socket.on('broadcast', ({ payload, times }, ack) => {
    for (let i = 0; i < times; ++i) io.to('everybody').emit('news', { payload, number: i });
    ack();
  });
});

http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: http.address().port, pid: process.pid })));
