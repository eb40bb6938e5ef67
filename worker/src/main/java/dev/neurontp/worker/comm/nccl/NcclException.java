package dev.neurontp.worker.comm.nccl;

/** NCCL, the CUDA driver or a wait for them failed. The message says which call and what it said. */
class NcclException extends Exception {
    private static final long serialVersionUID = 1;

    NcclException(String message) {
        super(message);
    }

    /** A wait for the other ranks that timed out. */
    static final class OutOfTime extends NcclException {
        private static final long serialVersionUID = 1;

        OutOfTime(String message) {
            super(message);
        }
    }

    /** A wait that the leader had ended. */
    static final class Aborted extends NcclException {
        private static final long serialVersionUID = 1;

        Aborted(String message) {
            super(message);
        }
    }

    /** This library or device cannot do what is asked, and nothing is broken. */
    static final class Unsupported extends NcclException {
        private static final long serialVersionUID = 1;

        Unsupported(String message) {
            super(message);
        }
    }
}
