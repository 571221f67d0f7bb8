/* The machine's limit: only the system calls of a job, in bare epoll loops, nothing else.
 *
 *   floor telemetry   a connection says 'M' or 'D' and a two-byte number; each MESSAGE bytes from machine n are answered
 *                     by an ack to it and a message to every device n
 *   floor broadcast   a connection says 'D' (listens) or 'B'; each two-byte number k from a 'B' sends k messages to all 'D'
 *   floor socketio    MESSAGE bytes are answered with as many; those that begin with 'B' and a two-byte number k instead
 *                     with k messages to everybody
 *
 * Prints {"port":…,"pid":…} and serves until it is killed. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MESSAGE = 256, ACK = 96, LIVE = 384, MAX_FD = 65536, MAX_NUMBER = 65536 };

struct connection {
  char kind;
  uint16_t number;
  unsigned pending;
};

static struct connection connections[MAX_FD];
static int device_of[MAX_NUMBER];
static int listeners[MAX_FD];
static int listener_count;
static const char payload[LIVE];

static void say(int fd, size_t size) {
  /* A full socket buffer is waited for: the floor loses nothing either. */
  size_t sent = 0;
  while (sent < size) {
    ssize_t n = send(fd, payload + sent, size - sent, MSG_NOSIGNAL);
    if (n > 0) sent += (size_t)n;
    else if (n < 0 && errno != EAGAIN && errno != EINTR) return;
  }
}

static void greet(int fd, const char *bytes) {
  struct connection *c = &connections[fd];
  c->kind = bytes[0];
  memcpy(&c->number, bytes + 1, sizeof c->number);
  if (c->kind == 'D') {
    device_of[c->number] = fd;
    listeners[listener_count++] = fd;
  }
}

/* Forgotten by the last one taking its place. */
static int place_of[MAX_FD];

static void leave(int fd) {
  int last = listeners[--listener_count];
  listeners[place_of[fd]] = last;
  place_of[last] = place_of[fd];
  close(fd);
}

static void serve_socketio(int fd) {
  static char buffer[65536];
  struct connection *c = &connections[fd];
  ssize_t n = recv(fd, buffer, sizeof buffer, 0);
  if (n <= 0) {
    if (n == 0 || errno != EAGAIN) leave(fd);
    return;
  }
  for (c->pending += (unsigned)n; c->pending >= MESSAGE; c->pending -= MESSAGE) {
    if (buffer[0] != 'B') {
      say(fd, MESSAGE);
      continue;
    }
    uint16_t times;
    memcpy(&times, buffer + 1, sizeof times);
    while (times--)
      for (int i = 0; i < listener_count; ++i) say(listeners[i], MESSAGE);
  }
}

static void serve(int fd, int broadcast) {
  static char buffer[65536];
  struct connection *c = &connections[fd];
  ssize_t n = recv(fd, buffer, sizeof buffer, 0);
  if (n <= 0) {
    if (n == 0 || errno != EAGAIN) close(fd);
    return;
  }
  size_t at = 0;
  if (!c->kind) {
    greet(fd, buffer);
    at = 3;
  }
  if (broadcast && c->kind == 'B') {
    for (; at + 2 <= (size_t)n; at += 2) {
      uint16_t times;
      memcpy(&times, buffer + at, sizeof times);
      while (times--)
        for (int i = 0; i < listener_count; ++i) say(listeners[i], MESSAGE);
      say(fd, 1);
    }
    return;
  }
  if (c->kind != 'M') return;
  for (c->pending += (unsigned)((size_t)n - at); c->pending >= MESSAGE; c->pending -= MESSAGE) {
    say(fd, ACK);
    if (device_of[c->number]) say(device_of[c->number], LIVE);
  }
}

int main(int argc, char **argv) {
  const int broadcast = argc > 1 && strcmp(argv[1], "broadcast") == 0;
  const int socketio = argc > 1 && strcmp(argv[1], "socketio") == 0;
  struct rlimit files = {MAX_FD, MAX_FD};
  setrlimit(RLIMIT_NOFILE, &files);

  int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(door, (struct sockaddr *)&address, size) || listen(door, 4096) ||
      getsockname(door, (struct sockaddr *)&address, &size)) {
    perror("floor");
    return 1;
  }
  printf("{\"port\":%d,\"pid\":%d}\n", ntohs(address.sin_port), getpid());
  fflush(stdout);

  int epoll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = door};
  epoll_ctl(epoll, EPOLL_CTL_ADD, door, &event);
  for (;;) {
    struct epoll_event ready[256];
    int count = epoll_wait(epoll, ready, 256, -1);
    for (int i = 0; i < count; ++i) {
      if (ready[i].data.fd != door) {
        if (socketio) serve_socketio(ready[i].data.fd);
        else serve(ready[i].data.fd, broadcast);
        continue;
      }
      int fd;
      while ((fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections[fd] = (struct connection){0};
        if (socketio) {
          place_of[fd] = listener_count;
          listeners[listener_count++] = fd;
        }
        event.data.fd = fd;
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
      }
    }
  }
}
