package dev.neurontp.rpc;

import static java.util.Objects.requireNonNull;

/** What a leader may ask of a worker. The tag of each is its {@link #op()}; the set grows, it never changes (O9). */
public sealed interface WorkerRequest
        permits WorkerRequest.Ping,
                WorkerRequest.Init,
                WorkerRequest.NcclSanityCheck,
                WorkerRequest.XNcclCheck,
                WorkerRequest.XDevice,
                XCollective,
                WorkerRequest.Shutdown {
    /** The value of the {@code op} field, as it stands on the wire. */
    String op();

    /** All ops, for the reply to one that is not among them. A constant, so that it costs a worker's start nothing. */
    String OPS = Ping.OP + ", " + Init.OP + ", " + NcclSanityCheck.OP + ", " + XNcclCheck.OP + ", " + XDevice.OP + ", "
            + XCollective.OP + " and " + Shutdown.OP;

    /** Are you there, and who are you? */
    record Ping() implements WorkerRequest {
        public static final String OP = "ping";

        @Override
        public String op() {
            return OP;
        }
    }

    /**
     * Join the group that {@code commId} names.
     *
     * @param commId any well-formed string, the empty one too: the codec checks its type only, the communicator checks
     *     that it is 256 hex digits (S1, S5)
     */
    record Init(String commId) implements WorkerRequest {
        public static final String OP = "init";
        public static final String COMM_ID = "comm_id";

        public Init {
            requireNonNull(commId, "commId is null");
            WireText.requireWellFormed("comm_id", commId);
        }

        @Override
        public String op() {
            return OP;
        }
    }

    /** All-reduce the number 1 over all ranks and say what came out. */
    record NcclSanityCheck() implements WorkerRequest {
        public static final String OP = "nccl_sanity_check";

        @Override
        public String op() {
            return OP;
        }
    }

    /**
     * An extension: all-reduce 1, the rank's number + 1 and the rank's own bit, so that a wrong sum names the rank. A worker
     * without it answers {@code bad_request} or {@code unknown_op} (O5).
     */
    record XNcclCheck() implements WorkerRequest {
        public static final String OP = "x_nccl_check";

        @Override
        public String op() {
            return OP;
        }
    }

    /**
     * An extension: say which host, device and libraries this rank uses, before or after init; joins nothing. A worker without
     * it answers {@code bad_request} or {@code unknown_op} (O5).
     */
    record XDevice() implements WorkerRequest {
        public static final String OP = "x_device";

        @Override
        public String op() {
            return OP;
        }
    }

    /** Say {@code bye} and exit with 0. */
    record Shutdown() implements WorkerRequest {
        public static final String OP = "shutdown";

        @Override
        public String op() {
            return OP;
        }
    }
}
