package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.comm.SecondaryFailure;

/** What NCCL's functions return. */
enum NcclResult {
    SUCCESS(0, "ncclSuccess"),
    UNHANDLED_CUDA_ERROR(1, "ncclUnhandledCudaError"),
    SYSTEM_ERROR(2, "ncclSystemError"),
    INTERNAL_ERROR(3, "ncclInternalError"),
    INVALID_ARGUMENT(4, "ncclInvalidArgument"),
    INVALID_USAGE(5, "ncclInvalidUsage"),
    REMOTE_ERROR(6, SecondaryFailure.LINK_LOST),
    IN_PROGRESS(7, "ncclInProgress");

    private final int code;
    private final String label;

    NcclResult(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /** NCCL's name for the number, or the number itself where a newer NCCL has added one. */
    static String label(int code) {
        for (NcclResult result : values()) {
            if (result.is(code)) {
                return result.label;
            }
        }
        return "ncclResult " + code;
    }

    boolean is(int other) {
        return code == other;
    }
}
