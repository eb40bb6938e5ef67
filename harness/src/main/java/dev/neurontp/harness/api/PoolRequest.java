package dev.neurontp.harness.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked for in a new pool: the body of {@code POST /pools}.
 *
 * @param name see {@code dev.neurontp.harness.pool.PoolNames}; empty for none
 * @param labels see {@code dev.neurontp.harness.pool.PoolNames}
 * @param worldSize ranks, rank 0 too; at least 1
 * @param devices one index per rank; empty for 0 to worldSize - 1
 * @param shareDevices whether its ranks may have a GPU of each other or of another pool; empty for no
 * @param restart {@code never} or {@code on-failure}; empty for never
 * @param communicator one of {@link dev.neurontp.worker.Communicators#names}; empty for the daemon's setting
 * @param command what the workers are started with; empty for the daemon's own neuron
 * @param launcher the name of one of the daemon's launchers, which starts the ranks on {@code hosts}; empty for this host
 * @param hosts each with its devices, such as {@code gpu-1:0-3}, in the order of the ranks
 * @param deadlines by name ({@code ready}, {@code ping}, {@code init}, {@code sanity}) a duration such as {@code 30s}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PoolRequest(
        Optional<String> name,
        Map<String, String> labels,
        int worldSize,
        Optional<List<Long>> devices,
        Optional<Boolean> shareDevices,
        Optional<String> restart,
        Optional<String> communicator,
        Optional<List<String>> command,
        Optional<String> launcher,
        Optional<List<String>> hosts,
        Map<String, String> deadlines) {
    public PoolRequest {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        deadlines = Map.copyOf(deadlines);
    }

    /** What is given, by the names in JSON: what a mapper makes of this, without one, which a short command takes longer for than for all else. */
    public Map<String, Object> given() {
        Map<String, Object> given = new LinkedHashMap<>();
        name.ifPresent(value -> given.put("name", value));
        if (!labels.isEmpty()) {
            given.put("labels", labels);
        }
        given.put("world_size", worldSize);
        devices.ifPresent(value -> given.put("devices", value));
        shareDevices.ifPresent(value -> given.put("share_devices", value));
        restart.ifPresent(value -> given.put("restart", value));
        communicator.ifPresent(value -> given.put("communicator", value));
        command.ifPresent(value -> given.put("command", value));
        launcher.ifPresent(value -> given.put("launcher", value));
        hosts.ifPresent(value -> given.put("hosts", value));
        if (!deadlines.isEmpty()) {
            given.put("deadlines", deadlines);
        }
        return given;
    }
}
