"""A Socket.IO client of another language: says what it was told, prints what it hears, one JSON value a line."""
import json
import sys
import threading

import socketio
from engineio.payload import Payload

Payload.max_decode_packets = 1000  # its own limit of 16 packets an answer is less than a burst has
url, transport = sys.argv[1], sys.argv[2]
transports = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": None}[transport]
heard = {}
arrived = threading.Condition()


def note(name, value):
    with arrived:
        heard.setdefault(name, []).append(value)
        arrived.notify_all()


def wait_for(name, count=1):
    with arrived:
        if not arrived.wait_for(lambda: len(heard.get(name, [])) >= count, timeout=10):
            raise SystemExit(f"no {name} came; heard {heard!r}")
        return heard[name]


def show(name, value):
    print(json.dumps([name, value], default=lambda some: {"bytes": list(some)}), flush=True)


client = socketio.Client(reconnection=False)
# It would handle each message on a thread of its own, and which of them comes first is chance. Here it is to show in what
# order they arrived.
trigger = client.eio._trigger_event
client.eio._trigger_event = lambda event, *args, run_async=False: trigger(event, *args, run_async=False)
client.on("auth", lambda value: note("auth", value))
client.on("auth", lambda value: note("custom", value), namespace="/custom")
client.on("message-back", lambda *values: note("back", values))
client.connect(url, auth={"token": "123"}, namespaces=["/", "/custom"], transports=transports, wait_timeout=10)
show("auth", wait_for("auth")[0])
show("custom", wait_for("custom")[0])
show("transport", client.transport())

client.emit("message", (1, "größe 😀", {"a": [True, None]}, bytes([0, 1, 255])))
show("back", wait_for("back")[0])
show("ack", client.call("message-with-ack", ("x", bytes([7])), timeout=10))
for number in range(100):
    client.emit("message", number)
show("order", [values[0] for values in wait_for("back", 101)[1:]] == list(range(100)))
client.sleep(1)  # three heartbeats
show("still there", client.call("message-with-ack", "y", timeout=10))
client.disconnect()
try:
    socketio.Client(reconnection=False).connect(url, namespaces=["/nowhere"], transports=transports)
except socketio.exceptions.ConnectionError:
    show("refused", True)
