"""A worker that shares no code with ours: written from docs/wire-contract.md and docs/loopback.md alone.

    python3 other-worker.py --worker --rank R --tp-size N --cuda-device D

It is no rank 0. Its replies have another field order, blanks, escapes and a field that nobody knows.
"""
import json
import socket
import struct
import sys


def option(name):
    return int(sys.argv[sys.argv.index(name) + 1])


RANK, WORLD, DEVICE = option("--rank"), option("--tp-size"), option("--cuda-device")


class Failed(Exception):
    pass


def exactly(stream, count):
    data = stream.read(count)
    if len(data) != count:
        raise Failed("the other end has gone")
    return data


def message(stream):
    kind, length = struct.unpack(">cH", exactly(stream, 3))
    payload = exactly(stream, length)
    if kind in (b"F", b"R"):
        raise Failed(payload.decode())
    return kind, payload


def send(stream, kind, payload=b""):
    stream.write(struct.pack(">cH", kind, len(payload)) + payload)
    stream.flush()


def handshake(address, port, magic, nonce):
    stream = socket.create_connection((address, port)).makefile("rwb")
    stream.write(magic + struct.pack(">B3x32sIIH2x", 1, nonce, RANK, WORLD, 0))
    stream.flush()
    return stream


def join(comm_id):
    data = bytes.fromhex(comm_id)
    family = socket.AF_INET if data[9] == 4 else socket.AF_INET6
    address = socket.inet_ntop(family, data[12:12 + data[9]])
    port, = struct.unpack(">H", data[10:12])
    nonce = data[28:60]
    rendezvous = handshake(address, port, b"NTPM", nonce)
    kind, payload = message(rendezvous)
    while kind != b"W":
        kind, payload = message(rendezvous)
    hub_port, = struct.unpack(">H", payload[:2])
    family = socket.AF_INET if len(payload) == 6 else socket.AF_INET6
    hub = handshake(socket.inet_ntop(family, payload[2:]), hub_port, b"NTPH", nonce)
    message(hub)  # Go
    send(rendezvous, b"L")
    return hub


def reply(**fields):
    text = json.dumps(dict(reversed(fields.items()), later=[{"op": "bye"}, None]), indent=None)
    sys.stdout.write(" " + text.replace('"op": "p', '"op": "\\u0070') + " \n")
    sys.stdout.flush()


def main():
    hub, sequence = None, 0
    for line in sys.stdin:
        request = json.loads(line)
        op = request["op"]
        try:
            if op == "ping":
                reply(op="pong", rank=RANK, world_size=WORLD, cuda_device=DEVICE)
            elif op == "init":
                hub = join(request["comm_id"])
                reply(op="init_ok")
            elif op == "nccl_sanity_check":
                send(hub, b"A", struct.pack(">II", sequence, 1))
                kind, payload = message(hub)
                sequence += 1
                reply(op="nccl_sanity_result", observed_sum=struct.unpack(">II", payload)[1])
            elif op == "shutdown":
                reply(op="bye")
                return
            else:
                reply(op="error", kind="unknown_op", message="no " + op)
        except Failed as e:
            reply(op="error", kind="nccl_init_failed", message=str(e))


main()
