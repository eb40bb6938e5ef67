package dev.neurontp.worker;

import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.ProcessTitle;
import java.util.Map;

/** What ps, top and nvidia-smi show of a rank. */
final class RankTitle {
    /** By which the leader tells the id of the pool, for the title alone. */
    private static final String POOL_VARIABLE = "NEURON_TP_POOL";

    private static final int LONGEST_POOL = 64;

    private RankTitle() {}

    static void show(RankIdentity identity, Map<String, String> environment) {
        String rank = "rank " + identity.rank();
        String place = rank + "/" + identity.worldSize();
        ProcessTitle.show(
                "neuron: " + place + pool(environment.getOrDefault(POOL_VARIABLE, "")) + " device "
                        + identity.cudaDevice(),
                "neuron " + place,
                "neuron " + rank,
                "neuron rank");
    }

    /** What cannot be an id is not shown: it stands in other people's terminals. */
    private static String pool(String id) {
        return !id.isEmpty() && id.length() <= LONGEST_POOL && isPlain(id) ? " pool " + id : "";
    }

    /** By a loop: a stream of characters would be loaded at each start of a pool's worker for this alone. */
    private static boolean isPlain(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (!isPlain(id.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char character) {
        boolean letter = character >= 'a' && character <= 'z';
        boolean digit = character >= '0' && character <= '9';
        return letter || digit || character == '-';
    }
}
