package dev.neurontp.harness.pool;

import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XDeviceInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds ranks that were given one GPU, by the boot of their host and the GPU's UUID. NCCL refuses such a group in words that
 * differ by version, in 2.30 on one rank only while the others wait.
 */
public final class SharedGpu {
    /** Set to 1 it lets ranks share a GPU; so does NCCL's own variable for it. */
    public static final String SHARED = "NEURON_TP_SHARED_GPU";

    private static final String NCCL_SHARED = "NCCL_MULTI_RANK_GPU_ENABLE";
    /** Before NCCL 2.30 ranks with different ones are on different hosts for it, and may share. */
    private static final String NCCL_HOST = "NCCL_HOSTID";

    private SharedGpu() {}

    /** Whether the environment of the ranks asks for ranks that share a GPU. */
    public static boolean isAskedFor(Map<String, String> environment) {
        return "1".equals(environment.get(SHARED))
                || "1".equals(environment.get(NCCL_SHARED))
                || environment.containsKey(NCCL_HOST);
    }

    /** The ranks whose GPU a lower rank has, each with the reason. */
    static SortedMap<Integer, String> find(int worldSize, SortedMap<Integer, WorkerResponse> replies) {
        Map<String, Integer> owners = new HashMap<>();
        SortedMap<Integer, String> wrong = new TreeMap<>();
        replies.forEach((rank, reply) -> {
            if (reply instanceof XDeviceInfo info && !info.deviceUuid().isEmpty()) {
                Integer owner = owners.putIfAbsent(info.bootId() + " " + info.deviceUuid(), rank);
                if (owner != null) {
                    wrong.put(
                            rank,
                            "it has the GPU of rank " + owner + ": " + info.deviceUuid() + " (" + info.pciBusId()
                                    + ") of host " + info.host()
                                    + ". Give each rank a GPU of its own by the list of devices or"
                                    + " CUDA_VISIBLE_DEVICES; " + SHARED + "=1 lets ranks share one");
                }
            }
        });
        return wrong;
    }
}
