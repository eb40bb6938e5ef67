package dev.neurontp.conformance.process;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The environment variable that tells the processes of one worker from all others. Children inherit it, those too that left
 * the session of the worker, so that what a worker leaves behind is found. Any thread.
 *
 * @param value differs for each worker of each run
 */
record WorkerMark(String value) {

    /** The name of the variable. */
    static final String NAME = "NEURONTP_CONFORMANCE_WORKER";

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final String OF_THIS_PROCESS = ProcessHandle.current().pid() + "-" + random() + "-";

    static WorkerMark next() {
        return new WorkerMark(OF_THIS_PROCESS + COUNT.incrementAndGet());
    }

    /** What the setting of every worker that this process starts begins with. */
    static String prefix() {
        return NAME + "=" + OF_THIS_PROCESS;
    }

    /** As it stands in an environment. */
    String setting() {
        return NAME + "=" + value;
    }

    private static String random() {
        byte[] bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
