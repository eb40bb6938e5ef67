#!/usr/bin/env python3
"""A worker as one writes it in half an hour, with what Python has. Its faults are the point: see NaturalWorkersTest."""
import argparse, json, sys
p = argparse.ArgumentParser()
p.add_argument("--worker", action="store_true")
p.add_argument("--rank", type=int, default=0)
p.add_argument("--tp-size", type=int, default=1)
p.add_argument("--cuda-device", type=int, default=0)
a = p.parse_args()
sys.stdin.reconfigure(errors="replace")


def out(o):
    print(json.dumps(o), flush=True)


for line in sys.stdin:
    line = line.strip()
    if not line:
        continue
    try:
        req = json.loads(line)
    except ValueError as e:
        out({"op": "error", "kind": "bad_request", "message": str(e)})
        continue
    op = req.get("op")
    if op == "ping":
        out({"op": "pong", "rank": a.rank, "world_size": a.tp_size, "cuda_device": a.cuda_device})
    elif op == "shutdown":
        out({"op": "bye"})
        break
    elif op in ("init", "nccl_sanity_check"):
        out({"op": "error", "kind": "not_implemented_7a_i", "message": op + " is not implemented"})
    else:
        out({"op": "error", "kind": "bad_request", "message": "unknown op %r" % op})
