#!/usr/bin/env python3
"""A careful worker in plain Python, of stage 7a-i. It keeps every rule."""
import json
import re
import signal
import sys

U32 = 4294967295
OPTIONS = {"--rank": 0, "--tp-size": 1, "--cuda-device": 0}


def refuse(why):
    print("worker: " + why, file=sys.stderr)
    sys.exit(2)


def arguments(argv):
    values = dict(OPTIONS)
    seen = set()
    it = iter(argv)
    for word in it:
        if word in ("--help", "--version"):
            print("worker 1.0: --worker --rank R --tp-size N --cuda-device D")
            sys.exit(0)
        if word == "--worker":
            continue
        name, equals, value = word.partition("=")
        if name not in values:
            refuse("unknown option " + word)
        if not equals:
            value = next(it, None)
            if value is None:
                refuse(name + " wants a value")
        if not re.fullmatch("[0-9]{1,10}", value) or int(value) > U32:
            refuse(name + " wants a number from 0 to 4294967295, not " + value)
        if name in seen:
            refuse(name + " is given twice")
        seen.add(name)
        values[name] = int(value)
    return values


class Bad(Exception):
    pass


class Members(list):
    pass


def constant(word):
    raise Bad("not JSON: " + word)


def check(value):
    """Half a character anywhere is refused."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, str):
            try:
                one.encode("utf-8")
            except UnicodeEncodeError:
                raise Bad("half a character")
        elif isinstance(one, Members):
            for name, inner in one:
                todo.append(name)
                todo.append(inner)
        elif isinstance(one, list):
            todo.extend(one)


def request(line):
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise Bad("not UTF-8")
    try:
        value = json.loads(text, object_pairs_hook=Members, parse_constant=constant, parse_int=float)
    except RecursionError:
        raise Bad("nested too deep")
    except ValueError as e:
        raise Bad(str(e))
    if not isinstance(value, Members):
        raise Bad("not an object")
    check(value)
    return value


def only(members, name):
    values = [value for n, value in members if n == name]
    if len(values) != 1:
        raise Bad("the field %s is given %d times" % (name, len(values)))
    if not isinstance(values[0], str):
        raise Bad("the field %s is no string" % name)
    return values[0]


def serve(me):
    out = sys.stdout.buffer

    def reply(**fields):
        out.write(json.dumps(fields, separators=(",", ":")).encode() + b"\n")
        out.flush()

    def error(kind, message):
        reply(op="error", kind=kind, message=message[:200])

    for line in sys.stdin.buffer:
        if not line.strip(b" \t\r\n"):
            continue
        try:
            members = request(line.strip(b" \t\r\n"))
            op = only(members, "op")
            if op == "init":
                only(members, "comm_id")
        except Bad as e:
            error("bad_request", str(e) or "bad")
            continue
        if op == "ping":
            reply(op="pong", rank=me["--rank"], world_size=me["--tp-size"], cuda_device=me["--cuda-device"])
        elif op in ("init", "nccl_sanity_check"):
            error("not_implemented_7a_i", op + " is not implemented in this stage")
        elif op == "shutdown":
            reply(op="bye")
            return
        else:
            error("unknown_op", "no op " + op)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    serve(arguments(sys.argv[1:]))
