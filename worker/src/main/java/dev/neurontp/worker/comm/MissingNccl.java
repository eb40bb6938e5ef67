package dev.neurontp.worker.comm;

import dev.neurontp.rpc.ErrorKind;

/** Stands in on a host that cannot do NCCL, and says why it cannot (S2). */
final class MissingNccl implements Communicator {
    private final NativeLibraries libraries;

    MissingNccl(NativeLibraries libraries) {
        this.libraries = libraries;
    }

    @Override
    public void init(String commId) throws CommunicatorException {
        throw reason();
    }

    @Override
    public long allReduceSum(long value) throws CommunicatorException {
        throw reason();
    }

    @Override
    public void abort() {}

    @Override
    public void close() {}

    /** Looks anew each time: what an operator reads is how it is now. */
    CommunicatorException reason() {
        return new CommunicatorException(
                ErrorKind.CUDA_FEATURE_NOT_ENABLED,
                "this build has no NCCL support yet; on this host: " + libraries.describe("libnccl.so.2") + "; "
                        + libraries.describe("libcuda.so.1")
                        + ". Without GPUs, --communicator loopback joins ranks over TCP");
    }
}
