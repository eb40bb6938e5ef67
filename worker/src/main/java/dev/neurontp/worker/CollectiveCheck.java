package dev.neurontp.worker;

import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import java.util.Locale;

/** The all-reduces behind {@code x_nccl_check}: any number of ranks, with sums of 32 bits alone. */
final class CollectiveCheck {
    private static final int BITS = Integer.SIZE;

    private CollectiveCheck() {}

    /**
     * Takes part in all of them; every rank of the group must.
     *
     * @throws CommunicatorException as {@link Communicator#allReduceSum} does
     */
    static WorkerResponse.XNcclCheckResult run(Communicator communicator, RankIdentity identity)
            throws CommunicatorException {
        long ones = communicator.allReduceSum(1);
        long ranks = communicator.allReduceSum(identity.rank() + 1);
        StringBuilder bits = new StringBuilder();
        for (long first = 0; first < identity.worldSize(); first += BITS) {
            long place = identity.rank() - first;
            long own = place >= 0 && place < BITS ? 1L << place : 0;
            bits.insert(0, String.format(Locale.ROOT, "%08x", communicator.allReduceSum(own)));
        }
        return new WorkerResponse.XNcclCheckResult(ones, ranks, bits.toString());
    }
}
