package dev.neurontp.worker.comm.nccl;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.NativeLibraries;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** The way in. Outside of the worker module, use {@link dev.neurontp.worker.Communicators}. */
public final class NcclCollectives {
    private NcclCollectives() {}

    /**
     * A rank's seat; nothing is loaded before its init.
     *
     * @throws IllegalArgumentException when a NEURON_NCCL_ setting is wrong
     */
    public static Communicator open(RankIdentity identity, Map<String, String> environment) {
        return new NcclCommunicator(identity, NcclSettings.from(environment), libraries(environment));
    }

    /**
     * Has NCCL make a comm_id. A thread of NCCL's in this process is the meeting, until the process ends: NCCL has no
     * call that ends it sooner.
     *
     * @throws CommunicatorException when NCCL is not there or fails
     */
    public static Rendezvous serve(Map<String, String> environment) throws CommunicatorException {
        NcclSettings settings = NcclSettings.from(environment);
        Nccl nccl = OpenLibraries.openNccl(libraries(environment));
        String commId;
        RankThread thread = new RankThread("nccl-comm-id");
        try {
            commId = thread.run(nccl::newUniqueId, settings.collective()).toHex();
        } catch (NcclException e) {
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_INIT_FAILED,
                    "ncclGetUniqueId of " + nccl.label() + " does not return, not within "
                            + settings.collective().toMillis() / 1e3 + " s (" + NcclSettings.TIMEOUT + ")",
                    e);
        } finally {
            thread.end();
        }
        return new Rendezvous() {
            @Override
            public String commId() {
                return commId;
            }

            @Override
            public void close() {}
        };
    }

    /** As {@link dev.neurontp.worker.Communicators#endingBefore}. */
    public static Map<String, String> endingBefore(
            Duration init, Duration collective, Map<String, String> environment) {
        return NcclSettings.endingBefore(init, collective, environment);
    }

    /** Whether what this process has used so far was the stand-in for machines without a GPU. */
    public static boolean areSimulated() {
        return OpenLibraries.wereSimulated();
    }

    private static NativeLibraries libraries(Map<String, String> environment) {
        return new NativeLibraries(environment, Path.of("/"));
    }
}
