package dev.neurontp.worker.comm.nccl;

import dev.neurontp.rpc.WireText;
import dev.neurontp.worker.collective.Layout;
import java.util.Locale;
import java.util.Map;

/** Whether kernels on the device fill and check the buffers of {@code x_collective}, instead of copies to the host. */
enum DeviceCheck {
    /** Where a buffer is large. */
    AUTO,
    NEVER,
    ALWAYS;

    static final String VARIABLE = "NEURON_NCCL_DEVICE_CHECK";
    /** Below it a copy to the host takes no time that anybody notices. */
    static final long LARGE_BYTES = 32L << 20;

    /**
     * The setting; auto where it is absent or empty.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    static DeviceCheck from(Map<String, String> environment) {
        String text = environment.getOrDefault(VARIABLE, "");
        return switch (text) {
            case "", "auto" -> AUTO;
            case "never" -> NEVER;
            case "always" -> ALWAYS;
            default ->
                throw new IllegalArgumentException(
                        VARIABLE + " is '" + WireText.quotable(text) + "': it must be auto, never or always");
        };
    }

    boolean isFor(Layout layout) {
        return switch (this) {
            case NEVER -> false;
            case ALWAYS -> true;
            case AUTO ->
                Math.max(layout.sendCount(), layout.received())
                                * layout.request().type().bytes()
                        >= LARGE_BYTES;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
