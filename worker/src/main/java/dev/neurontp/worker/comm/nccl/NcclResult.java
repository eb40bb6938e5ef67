package dev.neurontp.worker.comm.nccl;

/** What NCCL's functions return. */
enum NcclResult {
    SUCCESS("ncclSuccess"),
    UNHANDLED_CUDA_ERROR("ncclUnhandledCudaError"),
    SYSTEM_ERROR("ncclSystemError"),
    INTERNAL_ERROR("ncclInternalError"),
    INVALID_ARGUMENT("ncclInvalidArgument"),
    INVALID_USAGE("ncclInvalidUsage"),
    REMOTE_ERROR("ncclRemoteError"),
    IN_PROGRESS("ncclInProgress");

    private final String label;

    NcclResult(String label) {
        this.label = label;
    }

    /** NCCL's name for the number, or the number itself where a newer NCCL has added one. */
    static String label(int code) {
        return code >= 0 && code < values().length ? values()[code].label : "ncclResult " + code;
    }

    boolean is(int code) {
        return code == ordinal();
    }
}
