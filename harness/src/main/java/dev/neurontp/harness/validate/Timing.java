package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XCollectiveResult;
import java.util.Optional;

/** Which of a rank's two clocks counts. */
final class Timing {
    static final double NANOS = 1e9;

    private Timing() {}

    /** The device's events where there are some, else from the call until the device was idle. */
    static Optional<XCollectiveResult.Times> of(XCollectiveResult result) {
        return result.device().or(result::wall).filter(times -> times.median() > 0);
    }
}
