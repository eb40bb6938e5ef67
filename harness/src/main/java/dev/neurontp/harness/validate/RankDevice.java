package dev.neurontp.harness.validate;

import dev.neurontp.harness.pool.Operation;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XDeviceInfo;
import java.util.Optional;

/**
 * A rank and what it runs on.
 *
 * @param device the index that it was started with
 * @param info empty where the rank did not say
 * @param problem why it did not; empty where it did
 */
public record RankDevice(int rank, long pid, long device, Optional<XDeviceInfo> info, String problem) {
    static final String NO_EXTENSION = "this worker has no x_device, so nothing is known of its GPUs before it joins";

    /** From what it answered to {@code x_device}. */
    static RankDevice of(int rank, long pid, long device, WorkerResponse reply) {
        String problem = "";
        if (reply instanceof WorkerResponse.Error error) {
            problem = Operation.isUnknown(error)
                    ? NO_EXTENSION
                    : ForeignText.of(error.kind() + ": " + error.message(), ForeignText.MESSAGE);
        }
        return new RankDevice(
                rank, pid, device, reply instanceof XDeviceInfo info ? Optional.of(info) : Optional.empty(), problem);
    }

    /** Such as {@code rank 3 (h100-17, GPU 3, GPU-91ab…, 0000:5d:00.0)}. */
    public String words() {
        StringBuilder words = new StringBuilder("rank " + rank + " (");
        info.ifPresentOrElse(
                found -> {
                    words.append(ForeignText.of(found.host(), ForeignText.NAME))
                            .append(", GPU ")
                            .append(device);
                    append(words, found.deviceUuid());
                    append(words, found.pciBusId());
                },
                () -> words.append("device ").append(device).append(", pid ").append(pid));
        return words.append(')').toString();
    }

    private static void append(StringBuilder words, String text) {
        if (!text.isEmpty()) {
            words.append(", ").append(ForeignText.of(text, ForeignText.NAME));
        }
    }

    /** The host's name; empty where the rank does not say. */
    public String host() {
        return info.map(XDeviceInfo::host).orElse("");
    }

    /** Such as {@code 0000:1b:00.0}; empty without a GPU. */
    public String pciBusId() {
        return info.map(XDeviceInfo::pciBusId).orElse("");
    }

    /** Such as {@code GPU-1f2e...}; empty without a GPU. */
    public String deviceUuid() {
        return info.map(XDeviceInfo::deviceUuid).orElse("");
    }

    /** Such as {@code NVIDIA H100 80GB HBM3}; empty without a GPU. */
    public String deviceName() {
        return info.map(XDeviceInfo::deviceName).orElse("");
    }
}
