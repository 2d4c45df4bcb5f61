"""A command around a server on a pipe that harms what the server says: python3 pipe.py PORT COMMAND…

Asks the dossier on that port of loopback what to do, one order a line, as often as it changes:

pass, freeze (keeps what is said for later), swallow (drops answers), delay MS, trickle BYTES_PER_SECOND,
garbage (a line that is no message before each), huge BYTES (one line without an end, once),
duplicate (each answer twice), wrong (an answer to nobody before each), reorder (answers in a new order).

Tells the dossier "injected" for every message or line that was made up, dropped, or that left out of
order, "hanging" for every call that the server will not answer, and "obeyed" when another order holds.
"""
import json
import os
import queue
import random
import socket
import subprocess
import sys
import threading
import time

control = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
orders = control.makefile("r")
server = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
changed = threading.Condition()
order = orders.readline().split()
held = []
late = queue.Queue()
random.seed(7)


def end():
    server.kill()
    os._exit(0)


def obey():
    global order
    for line in orders:
        with changed:
            order = line.split()
            changed.notify_all()
        control.sendall(b"obeyed\n")
        if order[0] == "huge":
            say_huge(int(order[1]))
    end()


def take():
    for line in sys.stdin.buffer:
        server.stdin.write(line)
        server.stdin.flush()
        if b'"hang"' in line:
            control.sendall(b"hanging\n")
    server.stdin.close()


def write(data):
    view = memoryview(data)
    while view:
        view = view[os.write(1, view):]


def injected():
    control.sendall(b"injected\n")


def say_huge(size):
    with changed:
        chunk = b'{"jsonrpc":"2.0","id":1,"result":{"text":"' + b"x" * 65536
        while size > 0:
            write(chunk[:size])
            size -= len(chunk)
            chunk = b"x" * 65536
        write(b"\n")
    injected()


def is_answer(line):
    return b'"id"' in line and b'"method"' not in line


def made_up(line):
    message = json.loads(line)
    message["id"] = 1_000_000_000 + random.randrange(1_000_000)
    return json.dumps(message).encode() + b"\n"


def say(line):
    what = order[0]
    if what == "delay":
        return late.put((time.monotonic() + int(order[1]) / 1000, line))
    if what == "trickle":
        for at in range(0, len(line), 16):
            write(line[at:at + 16])
            time.sleep(16 / int(order[1]))
        return
    if what == "garbage":
        write(b"npm WARN old {\n")
        injected()
    if is_answer(line):
        if what == "swallow":
            return injected()
        if what == "wrong":
            write(made_up(line))
            injected()
        if what == "duplicate":
            write(line)
            injected()
        if what == "reorder":
            return held.append(line)
    write(line)


def say_late():
    while True:
        due, line = late.get()
        time.sleep(max(0, due - time.monotonic()))
        with changed:
            write(line)


def shuffle():
    while True:
        time.sleep(0.03)
        with changed:
            lines, held[:] = held[:], []
            mixed = random.sample(lines, len(lines))
            for before, after in zip(lines, mixed):
                write(after)
                if before is not after:
                    injected()


for work in (obey, take, say_late, shuffle):
    threading.Thread(target=work, daemon=True).start()
for said in server.stdout:
    with changed:
        while order[0] == "freeze":
            changed.wait()
        say(said)
os._exit(server.wait() & 0x7F)
