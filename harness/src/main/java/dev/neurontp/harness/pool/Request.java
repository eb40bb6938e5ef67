package dev.neurontp.harness.pool;

import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WorkerRequest;
import java.util.Arrays;

/** A request, and the line that carries it: encoded once and shared, so it must not be changed. */
final class Request {
    private final WorkerRequest message;
    private final byte[] line;

    Request(WorkerRequest message) {
        byte[] frame = WireCodec.encode(message);
        this.message = message;
        this.line = Arrays.copyOf(frame, frame.length + 1);
        this.line[frame.length] = '\n';
    }

    WorkerRequest message() {
        return message;
    }

    byte[] line() {
        return line;
    }
}
