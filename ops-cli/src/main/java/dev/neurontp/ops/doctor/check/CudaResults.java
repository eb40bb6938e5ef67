package dev.neurontp.ops.doctor.check;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the CUDA driver's start returned. */
final class CudaResults {
    static final int NOT_INITIALIZED = 3;
    static final int NO_DEVICE = 100;
    static final int SYSTEM_NOT_READY = 802;

    /** Results that a row of their own explains: no device, no fabric, two versions, a compatibility library. */
    static final Set<Integer> OWN_ROWS = Set.of(NO_DEVICE, SYSTEM_NOT_READY, 803, 804);

    private static final Pattern CU_INIT = Pattern.compile("cuInit failed: \\S* ?\\((\\d{1,4})\\)");

    private CudaResults() {}

    /** The result of cuInit; 0 where it worked or was not called. */
    static int cuInit(Evidence evidence) {
        Matcher found = CU_INIT.matcher(evidence.cuda().problem().orElse(""));
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }
}
