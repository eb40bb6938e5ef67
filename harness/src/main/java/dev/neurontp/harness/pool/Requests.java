package dev.neurontp.harness.pool;

import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WorkerRequest;
import java.util.Arrays;

/** The lines that a leader writes. */
final class Requests {
    private static final byte[] PING = line(new WorkerRequest.Ping());
    private static final byte[] SANITY = line(new WorkerRequest.NcclSanityCheck());
    private static final byte[] CHECK = line(new WorkerRequest.XNcclCheck());
    private static final byte[] SHUTDOWN = line(new WorkerRequest.Shutdown());

    private Requests() {}

    /** Encoded once and shared: only to be written. */
    static byte[] ping() {
        return PING;
    }

    static byte[] sanity() {
        return SANITY;
    }

    static byte[] check() {
        return CHECK;
    }

    static byte[] shutdown() {
        return SHUTDOWN;
    }

    static byte[] init(String commId) {
        return line(new WorkerRequest.Init(commId));
    }

    private static byte[] line(WorkerRequest request) {
        byte[] frame = WireCodec.encode(request);
        byte[] line = Arrays.copyOf(frame, frame.length + 1);
        line[frame.length] = '\n';
        return line;
    }
}
